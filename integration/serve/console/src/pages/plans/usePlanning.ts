import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, isStarted, start } from '../../api/client';
import { useToasts } from '../../ui/Toasts';

// usePlanning makes a plan and follows its run; made is told the plan's id.
export function usePlanning(instance: string, made: (id: string) => void) {
  const [starting, setStarting] = useState(false);
  const [run, setRun] = useState<string>();
  const queries = useQueryClient();
  const { fail } = useToasts();
  const create = async () => {
    setStarting(true);
    try {
      const answer = await start('plan.create', instance, {});
      if (isStarted(answer)) setRun(answer.run.id);
      else made(answer.id);
    } catch (err) {
      fail(err);
    } finally {
      setStarting(false);
    }
  };
  const ended = async () => {
    if (!run) return;
    try {
      const shown = await call('runs.show', instance, { id: run });
      await queries.invalidateQueries({ queryKey: [instance] });
      const id = (shown.output as { id?: string } | null | undefined)?.id;
      if (shown.state !== 'succeeded' || !id) return;
      setRun(undefined);
      made(id);
    } catch (err) {
      fail(err);
    }
  };
  return { create: () => void create(), starting, run, ended: () => void ended() };
}
