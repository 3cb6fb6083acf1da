import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isStarted, start } from '../../api/client';
import { Problem } from '../../api/problem';
import { useRun } from '../../api/run';
import type { Syncing } from './SyncNow';
import type { Synced } from './words';

// useSync syncs one customer and follows the run to its end.
export function useSync(instance: string, customerId: string): Syncing {
  const [id, setId] = useState<string>();
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>();
  const { run, over, error: lost } = useRun(instance, id);
  const queries = useQueryClient();
  useEffect(() => {
    setId(undefined);
    setError(undefined);
  }, [instance, customerId]);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: [instance, 'customers.show'] });
  }, [over, instance, queries]);
  const begin = async () => {
    setStarting(true);
    setError(undefined);
    setId(undefined);
    try {
      const answer = await start('sync.customer', instance, { customerId });
      if (isStarted(answer)) setId(answer.run.id);
    } catch (err) {
      setError(err);
    } finally {
      setStarting(false);
    }
  };
  const failed = over && run?.problem ? problemOfRun(run.problem) : undefined;
  return {
    busy: starting || (id !== undefined && !over && !lost),
    run,
    result: over && run?.state === 'succeeded' ? (run.output as Synced) : undefined,
    error: error ?? failed ?? lost ?? undefined,
    start: () => void begin(),
  };
}

// problemOfRun gives the problem that a run ended with as one of an answer.
export function problemOfRun(p: { code: string; message: string; do?: string }): Problem {
  return new Problem(500, { code: p.code, detail: p.message, ...(p.do ? { do: p.do } : {}) });
}
