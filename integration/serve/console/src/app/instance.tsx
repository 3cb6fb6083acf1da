import { Navigate, useParams } from 'react-router';
import { useRead } from '../api/query';
import { Loading } from '../ui/Loading';

const lastUsed = 'instance';

// remember keeps which instance was looked at last, so that /links leads there.
export function remember(name: string): void {
  try {
    localStorage.setItem(lastUsed, name);
  } catch {
    return; // a browser that keeps nothing: the first instance is used
  }
}

function last(): string {
  try {
    return localStorage.getItem(lastUsed) ?? '';
  } catch {
    return '';
  }
}

// useInstance is the instance that the address names; "" where it names none.
export function useInstance(): string {
  return useParams()['instance'] ?? '';
}

// useInstances lists those that this person may see.
export function useInstances() {
  return useRead('instance.list', null, {}, { staleTime: 30_000 });
}

// useCurrent is the instance of the address, else the last one used, else the
// first; "" when there is none.
export function useCurrent(): string {
  const named = useInstance();
  const all = useInstances().data?.items ?? [];
  if (named) return named;
  const known = last();
  return all.find((i) => i.name === known)?.name ?? all[0]?.name ?? '';
}

// ToCurrent leads a short address such as /links to that page of the current
// instance, and to the marketplace when there is no instance yet.
export function ToCurrent({ page }: { page: string }) {
  const all = useInstances();
  const current = useCurrent();
  if (all.isPending) return <Loading label="Looking for an instance" />;
  if (!current) return <Navigate to="/marketplace" replace />;
  return <Navigate to={`/instances/${encodeURIComponent(current)}${page ? '/' + page : ''}`} replace />;
}
