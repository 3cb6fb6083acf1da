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
  const now = useRef<unknown>(undefined);
  const loaded = step ? (query.data as PageForm | undefined) : undefined;

  useEffect(() => {
    now.current = loaded?.data;
    setData(loaded?.data);
  }, [loaded]);

  // set takes what the form gives back; it answers whether that is new.
  const set = useCallback((next: unknown): boolean => {
    if (JSON.stringify(next) === JSON.stringify(now.current)) return false;
    now.current = next;
    setData(next);
    return true;
  }, []);
  const replace = useCallback((next: unknown) => {
    now.current = next;
    setData(next);
  }, []);
  const change = useCallback((f: (data: unknown) => unknown) => replace(f(now.current)), [replace]);
  const { refetch } = query;
  const retry = useCallback(() => void refetch(), [refetch]);

  return useMemo(() => ({ form: loaded, data: data ?? loaded?.data, error: step ? query.error : null, set, replace, change, retry }), [loaded, data, step, query.error, set, replace, change, retry]);
}
