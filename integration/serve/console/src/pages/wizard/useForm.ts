import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../../api/query';
import type { Output } from '../../api/types';
import type { Step } from './steps';

export type PageForm = Output<'pages.connections'>;

const actions = { connections: 'pages.connections', assetTypes: 'pages.asset-types', fields: 'pages.fields', types: 'pages.types' } as const;

// useForm loads the form of a step and holds its answers while it is open.
export function useForm(instance: string, step: Step | undefined) {
  const query = useRead(actions[step?.page ?? 'connections'], instance, { answers: {} }, { enabled: step !== undefined, staleTime: Infinity, gcTime: 0 });
  const [data, setData] = useState<unknown>();
  const [start, setStart] = useState<{ of: PageForm | undefined; data: unknown; generation: number }>({ of: undefined, data: undefined, generation: 0 });
  const now = useRef<unknown>(undefined);
  const loaded = step ? (query.data as PageForm | undefined) : undefined;

  // replace begins the form anew with other answers.
  const begin = useCallback((of: PageForm | undefined, next: unknown) => {
    now.current = next;
    setData(next);
    setStart((s) => ({ of: of ?? s.of, data: next, generation: s.generation + 1 }));
  }, []);
  const replace = useCallback((next: unknown) => begin(undefined, next), [begin]);
  useEffect(() => {
    if (loaded) begin(loaded, loaded.data);
  }, [loaded, begin]);

  // set takes what the form gives back; it answers whether that is new.
  const set = useCallback((next: unknown): boolean => {
    if (JSON.stringify(next) === JSON.stringify(now.current)) return false;
    now.current = next;
    setData(next);
    return true;
  }, []);
  const latest = useCallback(() => now.current, []);
  const { refetch } = query;
  const retry = useCallback(() => void refetch(), [refetch]);
  // Until the answers are those of this page, nothing is shown: a page must not
  // take another's answers for its own.
  const ready = start.of === loaded ? loaded : undefined;

  return useMemo(
    () => ({ form: ready, data: ready && data, latest, initial: start.data, generation: start.generation, error: step ? query.error : null, set, replace, retry }),
    [ready, data, latest, start, step, query.error, set, replace, retry],
  );
}
