import type { Item } from '../../api/types';

export type Entry = Item<'audit.list'>;
export type Access = Item<'passwords.accesses'>;

export const tabs = ['all', 'passwords', 'risk'] as const;
export type TabName = (typeof tabs)[number];

export const tabTitles: Record<TabName, string> = { all: 'Everything', passwords: 'Who saw which password', risk: 'Passwords at risk' };

// What the timeline has no words for.
export const done: Record<string, string> = {
  'passwords.reveal.asked': 'Asked for a password',
  'passwords.reveal.shown': 'Was shown a password',
  'passwords.reveal.refused': 'Was refused a password',
  'conflicts.set-rule': 'Made a rule for conflicts',
  'embed.create-token': 'Let a customer be shown in another site',
};

// groups are what the actions of the log are about, by how their names begin.
export const groups: Record<string, string> = {
  links: 'Links',
  assets: 'Assets',
  conflicts: 'Conflicts',
  passwords: 'Passwords',
  instance: 'Configuration',
  plan: 'Plans',
  alerts: 'Alerts',
  users: 'Users',
  tokens: 'API tokens',
  sessions: 'Sessions',
};

// startOf is the beginning of a day that a date field names, in the reader's
// zone; days later by so many.
export function startOf(date: string, later = 0): string | undefined {
  const [, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  if (!y) return undefined;
  const at = new Date(Number(y), Number(m) - 1, Number(d) + later);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

// detailOf is an entry's details in one line.
export function detailOf(detail: Record<string, string> | undefined): string {
  return Object.entries(detail ?? {})
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ');
}
