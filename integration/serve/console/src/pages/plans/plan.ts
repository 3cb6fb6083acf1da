import type { Output } from '../../api/types';
import { initialCap } from '../../ui/words';

export type Plan = Output<'plan.show'>;
type Link = Plan['links'][number];
type Op = Link['plan']['ops'][number];

// What a write does. A record is never deleted.
export type Action = 'create' | 'update' | 'clear' | 'details';

export const actions: Record<Action, string> = {
  create: 'Make',
  update: 'Change',
  clear: 'Empty',
  details: 'Change details',
};

export type Side = 'left' | 'right';
export const sides: Record<Side, string> = { left: 'IT Glue', right: 'Rev.io' };

export interface Field {
  name: string;
  old: string;
  new: string;
  why: string;
}

export interface Change {
  id: string;
  action: Action;
  side: Side;
  name: string;
  record: string;
  kind: string;
  fields: Field[];
}

export interface Group {
  organization: string;
  organizationId: string;
  customer: string;
  fingerprint: string;
  guard: string[];
  changes: Change[];
  held: { name: string; text: string }[];
  conflicts: number;
}

const fieldTitles: Record<string, string> = { name: 'Name', serialNumber: 'Serial Number', operatingSystem: 'Operating System', ipAddress: 'IP Address', installDate: 'Install Date' };

// fieldTitle gives a field's name to people: "quickNotes" is "Quick notes".
export function fieldTitle(name: string): string {
  return fieldTitles[name] ?? initialCap(name.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`));
}

function actionOf(op: Op, details: boolean): Action {
  if (op.record === '') return 'create';
  if (details) return 'details';
  return Object.values(op.set).every((v) => v === '') ? 'clear' : 'update';
}

function changeOf(op: Op, details: boolean): Change {
  const fields = Object.entries(op.set).map(([name, value]) => ({ name, old: op.was?.[name] ?? '', new: value, why: op.why?.[name] ?? '' }));
  return {
    id: op.id,
    action: actionOf(op, details),
    side: op.side === 'left' ? 'left' : 'right',
    name: op.name,
    record: op.record,
    kind: op.kind,
    fields: fields.sort((a, b) => fieldTitle(a.name).localeCompare(fieldTitle(b.name))),
  };
}

// groupsOf gives what a plan holds by customer: those that write or are stopped
// first, then those that only hold something.
export function groupsOf(plan: Pick<Plan, 'links'>): Group[] {
  return plan.links
    .map((l) => ({
      organization: l.organization.name,
      organizationId: l.organization.id,
      customer: l.customer.name,
      fingerprint: l.fingerprint,
      guard: l.plan.guard ?? [],
      changes: [...l.details.map((o) => changeOf(o, true)), ...l.plan.ops.map((o) => changeOf(o, false))],
      held: l.plan.held.map((h) => ({ name: h.name, text: h.text })),
      conflicts: l.plan.conflicts.length,
    }))
    .filter((g) => g.changes.length + g.guard.length + g.held.length + g.conflicts > 0)
    .sort((a, b) => b.guard.length - a.guard.length || Number(b.changes.length > 0) - Number(a.changes.length > 0) || a.organization.localeCompare(b.organization));
}

export interface Counted {
  action: Action;
  side: Side;
  count: number;
}

// countedOf counts the writes of a plan by what they do and where.
export function countedOf(groups: readonly Group[]): Counted[] {
  const counts = new Map<string, Counted>();
  for (const c of groups.flatMap((g) => g.changes)) {
    const key = `${c.action} ${c.side}`;
    const known = counts.get(key) ?? { action: c.action, side: c.side, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  const order = Object.keys(actions);
  return [...counts.values()].sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action) || a.side.localeCompare(b.side));
}

export interface Filter {
  action?: string;
  side?: string;
  search?: string;
}

const holds = (text: string, part: string) => text.toLowerCase().includes(part);

// filtered narrows the groups to the writes that fit; without a filter, groups
// that only hold something stay.
export function filtered(groups: readonly Group[], { action = '', side = '', search = '' }: Filter): Group[] {
  const part = search.trim().toLowerCase();
  if (!action && !side && !part) return [...groups];
  return groups
    .map((g) => {
      const named = part !== '' && (holds(g.organization, part) || holds(g.customer, part));
      const fits = (c: Change) => (!action || c.action === action) && (!side || c.side === side) && (!part || named || holds(c.name, part) || c.fields.some((f) => holds(f.old, part) || holds(f.new, part)));
      return { ...g, changes: g.changes.filter(fits) };
    })
    .filter((g) => g.changes.length > 0);
}

export interface Part {
  text: string;
  changed: boolean;
}

// differing splits two values into what both begin and end with, and the words
// between that changed.
export function differing(old: string, now: string): { old: Part[]; new: Part[] } {
  const a = old.split(/(\s+)/);
  const b = now.split(/(\s+)/);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const parts = (words: string[]): Part[] =>
    [
      { text: words.slice(0, start).join(''), changed: false },
      { text: words.slice(start, words.length - end).join(''), changed: true },
      { text: words.slice(words.length - end).join(''), changed: false },
    ].filter((p) => p.text !== '');
  return { old: parts(a), new: parts(b) };
}
