import { matchPath, useLocation } from 'react-router';
import { useInstances } from './instance';

// useAddressed is the instance that the address names, seen from outside the
// routes; on pages of the host, the one used last or the first.
export function useAddressed(): string {
  const { pathname } = useLocation();
  const named = matchPath('/instances/:instance/*', pathname)?.params.instance;
  const all = useInstances().data?.items ?? [];
  if (named) return named;
  let last = '';
  try {
    last = localStorage.getItem('instance') ?? '';
  } catch {
    last = '';
  }
  return all.find((i) => i.name === last)?.name ?? all[0]?.name ?? '';
}
