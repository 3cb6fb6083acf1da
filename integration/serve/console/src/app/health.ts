import { problemOf } from '../api/problem';
import type { Tone } from './theme';
import { useRead } from '../api/query';

export interface Health {
  known: boolean;
  tone: Tone;
  words: string;
  // What waits for a person, by the page where it waits.
  waiting: Partial<Record<string, number>>;
}

// useHealth says in words how an instance is, for the dot beside its name.
export function useHealth(instance: string): Health {
  const all = useRead('instance.list', null, {}, { enabled: instance !== '', staleTime: 30_000 });
  const one = all.data?.items.find((i) => i.name === instance || i.id === instance);
  if (all.error) return { known: false, tone: 'bad', words: problemOf(all.error).status === 0 ? 'The runner does not answer' : 'Its state is not known', waiting: {} };
  if (!one) return { known: false, tone: 'quiet', words: all.isPending ? 'Looking…' : 'Not found', waiting: {} };
  const states: Record<string, [Tone, string]> = {
    active: ['good', 'Syncing each hour'],
    draft: ['info', 'Setup not finished'],
    paused: ['warn', 'Paused'],
  };
  const [tone, words] = states[one.status] ?? ['quiet', one.status];
  return { known: true, tone, words, waiting: {} };
}
