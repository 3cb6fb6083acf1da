import type { Tone } from '../../app/theme';
import type { Item } from '../../api/types';

export type Link = Item<'links.list'>;

// tabs are the states of the address's ?state=.
export const tabs = ['pending', 'accepted', 'rejected', 'attention', 'all'] as const;
export type TabName = (typeof tabs)[number];

export const tabTitles: Record<TabName, string> = { pending: 'Pending', accepted: 'Accepted', rejected: 'Rejected', attention: 'Attention', all: 'All' };

const bands: Record<string, { words: string; tone: Tone }> = {
  exact: { words: 'Exact', tone: 'good' },
  strong: { words: 'Strong', tone: 'good' },
  likely: { words: 'Likely', tone: 'warn' },
  weak: { words: 'Weak', tone: 'quiet' },
};

// bandOf says how sure a suggestion is.
export function bandOf(link: Pick<Link, 'band' | 'customer' | 'score'>): { words: string; tone: Tone } {
  if (!link.customer) return { words: 'None', tone: 'quiet' };
  return bands[link.band ?? ''] ?? { words: link.score >= 1 ? 'Chosen' : 'None', tone: link.score >= 1 ? 'info' : 'quiet' };
}

export const stateTones: Record<Link['state'], Tone> = { pending: 'info', accepted: 'good', rejected: 'quiet' };
export const stateWords: Record<Link['state'], string> = { pending: 'Pending', accepted: 'Accepted', rejected: 'Rejected' };

// mainReason is the weightiest reasons in one line.
export function mainReason(link: Pick<Link, 'reasons'>): string {
  return [...link.reasons]
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, 2)
    .map((r) => r.text)
    .join('; ');
}

// decidable tells whether a link can be accepted as it is.
export const decidable = (l: Link) => l.customer !== null && l.state !== 'accepted';
