import type { Item, Output } from '../../api/types';
import type { Tone } from '../../app/theme';
import { count } from '../../ui/words';

export type Customer = Item<'customers.list'>;
export type CustomerShown = Output<'customers.show'>;
export type Synced = Output<'sync.customer'>;

export const linkStates: Record<Customer['link'], { words: string; tone: Tone }> = {
  accepted: { words: 'Linked', tone: 'good' },
  pending: { words: 'Waits for review', tone: 'info' },
  rejected: { words: 'Rejected', tone: 'quiet' },
  none: { words: 'Not linked', tone: 'quiet' },
};

// Waiting is what waits for a person in one customer; the run's report counts
// that of the whole instance.
export interface Waiting {
  conflicts: number;
  held: number;
}

// resultWords is what a sync of one customer came to, in one line.
export function resultWords(s: Synced, { conflicts, held }: Waiting): string {
  const r = s.report;
  const updated = r.toRevio + r.toITGlue;
  const parts = [
    s.made ? 'made the organization in IT Glue' : '',
    s.assetsMade > 0 ? `${count(s.assetsMade, 'asset')} made in IT Glue` : '',
    r.created > 0 ? `${count(r.created, 'asset')} made in Rev.io` : '',
    r.matched > 0 ? `${r.matched.toLocaleString('en')} matched by serial number` : '',
    updated > 0 ? `${updated.toLocaleString('en')} updated` : '',
    r.planned > 0 ? `${r.planned.toLocaleString('en')} planned, not written` : '',
    conflicts > 0 ? count(conflicts, 'conflict') : '',
    held > 0 ? `${held.toLocaleString('en')} held` : '',
  ].filter(Boolean);
  if (parts.length === 0) return 'Nothing to do: both sides hold the same.';
  const words = parts.join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1) + '.';
}

// resultTone is warn where something waits for a person.
export function resultTone(s: Synced, { conflicts, held }: Waiting): Tone {
  return s.report.stopped.length > 0 || s.notMade.length > 0 || conflicts + held > 0 ? 'warn' : 'good';
}
