import {
  type UseQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { call, newKey } from './client';
import type { Problem } from './problem';
import type { ActionName, Input, Item, Output } from './types';

// keyOf is where the answer of an action is kept. Everything of an instance
// starts with its name, so that a write can mark all of it stale.
export function keyOf(name: ActionName, instance: string | null, input?: unknown) {
  return [instance ?? '*', name, input ?? {}] as const;
}

type ReadOptions<T> = Pick<UseQueryOptions<T, Problem>, 'enabled' | 'refetchInterval' | 'staleTime' | 'placeholderData' | 'gcTime'>;

// useRead asks an action that changes nothing, and keeps its answer.
export function useRead<N extends ActionName>(name: N, instance: string | null, input: Input<N>, options: ReadOptions<Output<N>> = {}) {
  return useQuery<Output<N>, Problem>({
    queryKey: keyOf(name, instance, input),
    queryFn: ({ signal }) => call(name, instance, input, { signal }),
    ...options,
  });
}

interface Page {
  items: unknown[];
  next?: string;
}

// useList asks a list action page by page: `items` are those that came so far.
export function useList<N extends ActionName>(name: N, instance: string | null, input: Input<N>, options: { enabled?: boolean; refetchInterval?: number } = {}) {
  const query = useInfiniteQuery({
    queryKey: keyOf(name, instance, input),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const from = pageParam === '' ? {} : { cursor: pageParam };
      return call(name, instance, { ...(input as object), ...from } as Input<N>, { signal });
    },
    getNextPageParam: (last) => (last as Page).next || undefined,
    placeholderData: keepPreviousData,
    ...options,
  });
  const pages = query.data?.pages;
  const items = useMemo(() => (pages ?? []).flatMap((p) => (p as Page).items) as Item<N>[], [pages]);
  return { ...query, error: query.error as Problem | null, items, first: pages?.[0] };
}

// useWrite invokes an action that changes something, each time under a key of
// its own, and marks the instance's answers stale afterwards.
export function useWrite<N extends ActionName>(name: N, instance: string | null) {
  const queries = useQueryClient();
  return useMutation<Output<N>, Problem, Input<N>>({
    mutationFn: (input) => call(name, instance, input, { idempotencyKey: newKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: instance === null ? [] : [instance] }),
  });
}
