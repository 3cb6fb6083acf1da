import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from './client';
import type { components } from './openapi';
import type { Problem } from './problem';

// Run is a run of a flow: how far it is, and what it came to.
export type Run = components['schemas']['Run'];

const going = ['waiting', 'queued', 'running'];

// isOver tells a run that has ended from one that goes on.
export const isOver = (state: string | undefined) => state !== undefined && !going.includes(state);

const pathOfRun = (instance: string, id: string) => `/v1/instances/${encodeURIComponent(instance)}/runs/${encodeURIComponent(id)}`;

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
