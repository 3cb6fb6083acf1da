import type { Item } from '../../api/types';
import type { Tone } from '../../app/theme';

export type Asset = Item<'assets.list'>;

export const assetStates: Record<Asset['state'], { words: string; tone: Tone }> = {
  linked: { words: 'In step', tone: 'good' },
  held: { words: 'Held', tone: 'warn' },
  'only-in-revio': { words: 'Only in Rev.io', tone: 'quiet' },
  waiting: { words: 'Waits', tone: 'info' },
};

export const sideWords = { left: 'IT Glue', right: 'Rev.io' } as const;

// addressOf is the page of an asset; ids are those of its side.
export function addressOf(instance: string, a: Pick<Asset, 'id' | 'side'>): string {
  return `/instances/${encodeURIComponent(instance)}/assets/${encodeURIComponent(a.id)}${a.side === 'right' ? '?side=right' : ''}`;
}
