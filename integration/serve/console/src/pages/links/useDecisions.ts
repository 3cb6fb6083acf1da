import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { call, newKey } from '../../api/client';
import { keyOf } from '../../api/query';
import { useToasts } from '../../ui/Toasts';
import { count } from '../../ui/words';
import type { Link } from './words';

// useDecisions carries out decisions and remembers them, so that the last one
// can be taken back. A row that was decided stays where it is until the list is
// loaded again: nothing jumps away under the reader.
export function useDecisions(instance: string) {
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const [decided, setDecided] = useState<ReadonlyMap<string, Link>>(new Map());
  const [busy, setBusy] = useState(0);
  const done = useRef<string[][]>([]);

  const take = useCallback((links: readonly Link[]) => {
    setDecided((all) => {
      const next = new Map(all);
      links.forEach((l) => next.set(l.id, l));
      return next;
    });
  }, []);
  const refresh = useCallback(() => {
    void queries.invalidateQueries({ queryKey: keyOf('links.counts', instance, {}) });
    void queries.invalidateQueries({ queryKey: [instance, 'links.show'] });
    void queries.invalidateQueries({ queryKey: keyOf('instance.overview', instance, {}) });
    void queries.invalidateQueries({ queryKey: keyOf('instance.list', null, {}) });
  }, [instance, queries]);

  const run = useCallback(
    async (work: () => Promise<readonly Link[]>): Promise<readonly Link[]> => {
      setBusy((n) => n + 1);
      try {
        const links = await work();
        take(links);
        refresh();
        return links;
      } catch (err) {
        fail(err);
        return [];
      } finally {
        setBusy((n) => n - 1);
      }
    },
    [fail, refresh, take],
  );

  const undo = useCallback(
    async (ids?: string[]) => {
      const last = ids ?? done.current.at(-1);
      if (!last) return say('There is nothing to undo.', undefined, 'decision');
      done.current = done.current.filter((d) => d !== last);
      const links = await run(() => call('links.undo', instance, { id: last }, { idempotencyKey: newKey() }).then((r) => r.items));
      if (links.length > 0) say(links.length === 1 ? `Took back the decision of ${links[0]!.organization.name}.` : `Took back ${count(links.length, 'decision')}.`, undefined, 'decision');
    },
    [instance, run, say],
  );

  const note = useCallback(
    (verb: string, links: readonly Link[]) => {
      if (links.length === 0) return;
      const ids = links.map((l) => l.id);
      done.current.push(ids);
      say(links.length === 1 ? `${verb} ${links[0]!.organization.name}.` : `${verb} ${count(links.length, 'link')}.`, () => void undo(ids), 'decision');
    },
    [say, undo],
  );

  const accept = useCallback(
    async (input: { id?: string[]; minScore?: number; withParents?: boolean; version?: number }) => {
      const links = await run(() => call('links.accept', instance, input, { idempotencyKey: newKey() }).then((r) => r.items));
      note('Accepted', links);
      return links;
    },
    [instance, note, run],
  );
  const reject = useCallback(
    async (id: string[]) => {
      const links = await run(() => call('links.reject', instance, { id }, { idempotencyKey: newKey() }).then((r) => r.items));
      note('Rejected', links);
      return links;
    },
    [instance, note, run],
  );
  const forget = useCallback(() => setDecided(new Map()), []);

  const does = useMemo(() => ({ accept, reject, undo, take, note, refresh, forget }), [accept, reject, undo, take, note, refresh, forget]);
  return { decided, busy: busy > 0, ...does };
}
