import type { Item, Output } from '../../api/types';
import type { Tone } from '../../app/theme';
import { initialCap } from '../../ui/words';

export type RunRow = Item<'runs.list'>;
export type RunState = RunRow['state'];
export type Report = Output<'sync.cycle'>;

export const states: Record<RunState, { words: string; tone: Tone }> = {
  running: { words: 'Working', tone: 'info' },
  queued: { words: 'Waits its turn', tone: 'info' },
  waiting: { words: 'Waits', tone: 'info' },
  succeeded: { words: 'Succeeded', tone: 'good' },
  failed: { words: 'Failed', tone: 'bad' },
  stopped: { words: 'Stopped', tone: 'warn' },
};

// What the flows are called, in the order of the filter.
export const flows: Record<string, string> = {
  'sync.cycle': 'Sync cycle',
  'sync.discover-assets': 'Asset discovery',
  'sync.match-organizations': 'Organization matching',
  'sync.customer': 'Sync of one customer',
  'plan.create': 'Plan',
  'plan.apply': 'Applied plan',
  'assets.restore': 'Restored value',
};

export const flowWords = (flow: string) => flows[flow] ?? initialCap(flow);

const causes: Record<string, string> = { schedule: 'By schedule', manual: 'By hand', decision: 'After a decision' };
export const causeWords = (cause: string) => causes[cause] ?? initialCap(cause);

type Result = NonNullable<RunRow['result']>;

const signs: [keyof Result, string, string, Tone][] = [
  ['created', '+', 'created', 'good'],
  ['updated', '~', 'updated', 'info'],
  ['same', '=', 'the same', 'quiet'],
  ['conflicts', '!', 'in conflict', 'warn'],
  ['held', '!', 'held', 'warn'],
];

// resultParts are the counts of a run that are not zero, with their signs.
export function resultParts(result: Result | undefined) {
  return signs.filter(([name]) => (result?.[name] ?? 0) > 0).map(([name, sign, words, tone]) => ({ name, sign, words, tone, count: result![name] }));
}

// isReport tells the outcome of a cycle from that of other flows.
export function isReport(output: unknown): output is Report {
  return typeof output === 'object' && output !== null && 'toRevio' in output && 'stopped' in output;
}

// reportOf finds the counts of a cycle in what a flow answered.
export function reportOf(output: unknown): Report | undefined {
  if (isReport(output)) return output;
  const inner = (output as { report?: unknown } | null | undefined)?.report;
  return isReport(inner) ? inner : undefined;
}

// planOf is the id of the plan that a flow made.
export function planOf(flow: string, output: unknown): string | undefined {
  const id = (output as { id?: unknown } | null | undefined)?.id;
  return flow === 'plan.create' && typeof id === 'string' ? id : undefined;
}

// What the counts are called, in the order they are shown; what is not here is
// shown by its own name.
const countNames: Record<string, string> = {
  organizations: 'Active organizations in IT Glue',
  customers: 'Open customers in Rev.io',
  newLinks: 'Organizations seen for the first time',
  suggested: 'Pending links with a suggestion',
  accepted: 'Accepted links gone through',
  discovered: 'Links matched for the first time',
  assets: 'IT Glue assets looked at',
  matched: 'Assets matched by serial number',
  created: 'Assets made in Rev.io',
  adopted: 'Creates of an earlier run found carried out',
  toRevio: 'Records updated in Rev.io',
  toITGlue: 'Records updated in IT Glue',
  steady: 'Linked assets with nothing to do',
  planned: 'Writes planned, not carried out',
  conflicts: 'Open conflicts',
  held: 'Held records',
  attention: 'Conflicts and held records together',
  onlyInRevio: 'Assets only in Rev.io',
  'passwords.attached': 'Passwords listed',
  'passwords.mentioned': 'Passwords tagged on an asset',
  'passwords.standalone': 'Passwords in the vault only, not listed',
  'passwords.dropped': 'Passwords of what is not selected',
  'passwords.added': 'Passwords new in the list',
  'passwords.removed': 'Passwords gone from the list',
  assetsMade: 'Assets made in IT Glue',
  seconds: 'Seconds',
};

const order = Object.keys(countNames);

// inOrder puts counts into the order in which they are shown.
export function inOrder<T extends { name: string }>(counts: readonly T[]): T[] {
  const place = (n: string) => (order.includes(n) ? order.indexOf(n) : order.length);
  return [...counts].sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name));
}

export const countWords = (name: string) => countNames[name] ?? initialCap(name);

// countsOf flattens the numbers of a report: passwords.added stands for the
// member of a member.
export function countsOf(report: object, before = ''): { name: string; count: number }[] {
  return inOrder(
    Object.entries(report).flatMap(([k, v]: [string, unknown]) => {
      if (typeof v === 'number') return [{ name: before + k, count: v }];
      if (typeof v === 'object' && v !== null && !Array.isArray(v)) return countsOf(v, `${before}${k}.`);
      return [];
    }),
  );
}

// The stages of a cycle, in their order, each with how its words begin.
const stageNames: [string, RegExp][] = [
  ['Organizations and customers', /organization|customer/i],
  ['Assets of IT Glue', /from IT Glue/i],
  ['Assets of Rev.io', /from Rev\.io/i],
  ['Decide and write', /writ|plan|decid|carry/i],
  ['Password list', /password/i],
];

export interface Stage {
  name: string;
  state: 'done' | 'now' | 'ahead';
}

// stagesOf places a run's stage among those of a cycle; none when the flow has
// other stages.
export function stagesOf(flow: string, stage: string | undefined, over: boolean): Stage[] {
  const walks = ['sync.cycle', 'sync.discover-assets', 'plan.create', 'plan.apply'].includes(flow);
  if (!walks) return [];
  const at = stage ? stageNames.findIndex(([, words]) => words.test(stage)) : -1;
  if (stage && at < 0) return [];
  return stageNames.map(([name], i) => ({ name, state: over || i < at ? 'done' : i === at ? 'now' : 'ahead' }));
}
