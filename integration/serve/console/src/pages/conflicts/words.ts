import type { Item } from '../../api/types';

export type Conflict = Item<'conflicts.list'>;
export type Field = Item<'conflicts.fields'>;
export type Rule = Field['rule'];
export type Take = 'itglue' | 'revio';

export const sides: Record<Take, string> = { itglue: 'IT Glue', revio: 'Rev.io' };

export const rules: Record<Rule, { title: string; words: string }> = {
  ask: { title: 'Ask a person', words: 'Each conflict waits here, and neither side is written.' },
  itglue: { title: 'IT Glue wins', words: "IT Glue's value is written to Rev.io." },
  revio: { title: 'Rev.io wins', words: "Rev.io's value is written to IT Glue." },
  newest: { title: 'The newest wins', words: 'The value of the record that changed last is written to the other side.' },
};

// takenBy says whose value a person took, if they did.
export function takenBy(c: Pick<Conflict, 'take'>): Take | undefined {
  return c.take === 'itglue' || c.take === 'revio' ? c.take : undefined;
}

// differing splits a value at what differs from another one: what both begin
// with, what is its own, what both end with. Characters stay whole.
export function differing(value: string, other: string): [same: string, own: string, same: string] {
  const a = Array.from(value);
  const b = Array.from(other);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(0, start).join(''), a.slice(start, a.length - end).join(''), a.slice(a.length - end).join('')];
}

// nextOpen is where to go after a row: the next one that nobody decided, from
// the start again at the end; -1 when none is left.
export function nextOpen(items: readonly Pick<Conflict, 'take'>[], from: number): number {
  for (let i = 1; i <= items.length; i++) {
    const at = (from + i) % items.length;
    if (!takenBy(items[at]!)) return at;
  }
  return -1;
}
