import SyncRounded from '@mui/icons-material/SyncRounded';
import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isStarted, start } from '../../api/client';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { RunProgress } from '../../ui/RunProgress';
import { useToasts } from '../../ui/Toasts';

const flow = 'sync.match-organizations';

// useActive finds the run that works now, or waits to.
function useActive(instance: string) {
  const runs = useRead('runs.list', instance, { limit: 1 }, { refetchInterval: 4000 });
  const last = runs.data?.items[0];
  return { active: last && ['waiting', 'queued', 'running'].includes(last.state) ? last : undefined, refetch: runs.refetch };
}

// useLast names the last run and where it stands; "" before that is known.
function useLast(instance: string): string {
  const runs = useRead('runs.list', instance, { limit: 1 }, { refetchInterval: 4000 });
  const run = runs.data?.items[0];
  return runs.data ? `${run?.id ?? 'none'} ${run?.state ?? ''}` : '';
}

function MatchButton({ instance }: { instance: string }) {
  const may = useCan(instance, 'operate');
  const { active, refetch } = useActive(instance);
  const [busy, setBusy] = useState(false);
  const { say, fail } = useToasts();
  if (!may) return null;
  const match = async () => {
    setBusy(true);
    try {
      const answer = await start(flow, instance, {});
      say(isStarted(answer) ? 'Organizations are being matched. You can leave this page.' : 'Organizations were matched.');
      await refetch();
    } catch (err) {
      fail(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button startIcon={<SyncRounded />} onClick={() => void match()} loading={busy} disabled={active !== undefined}>
      Match again
    </Button>
  );
}

function MatchProgress({ instance, onEnd }: { instance: string; onEnd: () => void }) {
  const { active } = useActive(instance);
  const queries = useQueryClient();
  const last = useLast(instance);
  const seen = useRef(last);
  const [followed, setFollowed] = useState<string>();
  // A short run is over before it is ever seen to work: what it did is shown all
  // the same.
  useEffect(() => {
    if (last === seen.current) return;
    const first = seen.current === '';
    seen.current = last;
    if (!first) onEnd();
  }, [last, onEnd]);
  const id = active?.id ?? followed;
  if (active && active.id !== followed) setFollowed(active.id);
  if (!id || !active) return null;
  return (
    <RunProgress
      key={id}
      instance={instance}
      id={id}
      onEnd={() => {
        void queries.invalidateQueries({ queryKey: [instance, 'runs.list'] });
        onEnd();
      }}
    />
  );
}

// Matching starts the match of organizations and follows it.
export const Matching = { Button: MatchButton, Progress: MatchProgress };
