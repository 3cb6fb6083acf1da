import { problemOf } from '../api/problem';
import { useRead } from '../api/query';
import type { Tone } from './theme';

export interface Health {
  known: boolean;
  tone: Tone;
  words: string;
  // What waits for a person, by the page where it waits.
  waiting: Partial<Record<string, number>>;
}

export const healthTones: Record<string, Tone> = { good: 'good', attention: 'warn', bad: 'bad', draft: 'info', paused: 'warn' };

// useHealth says in words how an instance is, for the dot beside its name, and
// what waits in it.
export function useHealth(instance: string): Health {
  const one = useRead('instance.overview', instance, {}, { enabled: instance !== '', refetchInterval: 30_000 });
  if (one.error && problemOf(one.error).status === 0) return { known: false, tone: 'bad', words: 'The runner does not answer', waiting: {} };
  if (one.error) return { known: false, tone: 'quiet', words: 'Not found', waiting: {} };
  if (!one.data) return { known: false, tone: 'quiet', words: 'Looking…', waiting: {} };
  const { health, words, links, conflicts, held } = one.data;
  return { known: true, tone: healthTones[health] ?? 'quiet', words, waiting: { links: links.pending, conflicts, assets: held } };
}
