import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, newKey } from '../../api/client';
import { type Problem, problemOf } from '../../api/problem';
import { keyOf } from '../../api/query';
import type { Setup } from './steps';

const quiet = 1200; // milliseconds after the last change until it is saved

interface Draft {
  saving: boolean;
  savedAt: number | undefined;
  problem: Problem | undefined;
  // change notes new answers of a page; they are saved soon.
  change: (page: string, data: unknown) => void;
  // flush saves what is not saved yet, and answers the setup as it is then.
  flush: () => Promise<Setup | undefined>;
  // put saves something else of the instance: who it acts as.
  put: (input: { runAs?: string }) => Promise<Setup>;
}

// useDraft keeps the wizard's answers as they are typed: what is entered is
// stored after a moment, on leaving a field, and on leaving the page.
export function useDraft(instance: string, version: number, onSaved: (page: string, sent: unknown, setup: Setup) => void): Draft {
  const queries = useQueryClient();
  const waiting = useRef<{ page: string; data: unknown } | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const line = useRef<Promise<Setup | undefined>>(Promise.resolve(undefined));
  const at = useRef(version);
  const saved = useRef(onSaved);
  const [saving, setSaving] = useState(false);
  const [savedAt, setSavedAt] = useState<number>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    at.current = Math.max(at.current, version);
    saved.current = onSaved;
  });

  const save = useCallback(
    async (input: { answers: Record<string, unknown>; runAs?: string }): Promise<Setup> => {
      setSaving(true);
      try {
        const setup = await call('instance.save', instance, { ...input, version: at.current }, { idempotencyKey: newKey() });
        at.current = setup.instance.version;
        queries.setQueryData(keyOf('instance.show', instance, {}), setup);
        setSavedAt(Date.now());
        setProblem(undefined);
        return setup;
      } catch (err) {
        setProblem(problemOf(err));
        throw err;
      } finally {
        setSaving(false);
      }
    },
    [instance, queries],
  );

  const flush = useCallback((): Promise<Setup | undefined> => {
    clearTimeout(timer.current);
    line.current = line.current
      .catch(() => undefined)
      .then(async (before) => {
        const next = waiting.current;
        if (!next) return before;
        waiting.current = undefined;
        try {
          const setup = await save({ answers: { [next.page]: next.data } });
          saved.current(next.page, next.data, setup);
          return setup;
        } catch (err) {
          waiting.current ??= next;
          throw err;
        }
      });
    return line.current;
  }, [save]);

  const change = useCallback(
    (page: string, data: unknown) => {
      waiting.current = { page, data };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush().catch(() => undefined), quiet);
    },
    [flush],
  );

  useEffect(() => {
    const leaving = (e: BeforeUnloadEvent) => {
      if (waiting.current) e.preventDefault();
    };
    window.addEventListener('beforeunload', leaving);
    return () => {
      window.removeEventListener('beforeunload', leaving);
      if (waiting.current) void flush().catch(() => undefined);
    };
  }, [flush]);

  const put = useCallback(async (input: { runAs?: string }) => {
    await flush();
    return save({ answers: {}, ...input });
  }, [flush, save]);

  return { saving, savedAt, problem, change, flush, put };
}
