import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isStarted, send, start } from './client';
import type { components } from './openapi';
import { Problem } from './problem';
import type { ActionName, Input, Output } from './types';

// Run is a run of a flow: how far it is, and what it came to.
export type Run = components['schemas']['Run'];

const going = ['waiting', 'queued', 'running'];

// isOver tells a run that has ended from one that goes on.
export const isOver = (state: string | undefined) => state !== undefined && !going.includes(state);

const pathOfRun = (instance: string, id: string) => `/v1/instances/${encodeURIComponent(instance)}/runs/${encodeURIComponent(id)}`;

// outcomeOf invokes a flow that is soon over and waits for its end, for a dialog
// that stays open meanwhile. It throws the problem that the run ended with.
export async function outcomeOf<N extends ActionName>(name: N, instance: string, input: Input<N>): Promise<Output<N>> {
  const answer = await start(name, instance, input, { wait: 10 });
  if (!isStarted(answer)) return answer as Output<N>;
  for (;;) {
    const run = await send<Run>({ method: 'GET', path: pathOfRun(instance, answer.run.id) });
    if (run.problem) throw new Problem(500, { code: run.problem.code, detail: run.problem.message, ...(run.problem.do ? { do: run.problem.do } : {}) });
    if (isOver(run.state)) return run.output as Output<N>;
    await new Promise((r) => setTimeout(r, 500));
  }
}

// useRun follows one run as it works. Each event holds the whole run, so that
// nothing is lost to who missed one. When events do not get through, it asks
// every two seconds.
export function useRun(instance: string, id: string | undefined) {
  const queries = useQueryClient();
  const [live, setLive] = useState(false);
  const key = [instance, 'run', id ?? ''];
  const run = useQuery<Run, Problem>({
    queryKey: key,
    queryFn: ({ signal }) => send<Run>({ method: 'GET', path: pathOfRun(instance, id ?? ''), options: { signal } }),
    enabled: id !== undefined,
    refetchInterval: (q) => (live || isOver(q.state.data?.state) ? false : 2000),
  });
  const over = isOver(run.data?.state);

  useEffect(() => {
    if (id === undefined || over) return;
    const source = new EventSource(pathOfRun(instance, id) + '/events');
    const take = (e: Event) => queries.setQueryData([instance, 'run', id], JSON.parse((e as MessageEvent<string>).data) as Run);
    source.addEventListener('open', () => setLive(true));
    source.addEventListener('error', () => setLive(false));
    source.addEventListener('progress', take);
    source.addEventListener('ended', (e) => {
      source.close();
      take(e);
      void queries.invalidateQueries({ queryKey: [instance] });
    });
    return () => {
      source.close();
      setLive(false);
    };
  }, [instance, id, over, queries]);

  return { run: run.data, error: run.error, over };
}
