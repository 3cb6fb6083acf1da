import StopRounded from '@mui/icons-material/StopRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useEffect, useRef, useState } from 'react';
import { sentence } from '../api/problem';
import { useWrite } from '../api/query';
import { isOver, useRun } from '../api/run';
import { useCan } from '../api/session';
import { useToasts } from './Toasts';
import { useNow } from './When';
import { Tag } from './tone';
import { clock, count, initialCap } from './words';

interface Props {
  instance: string;
  id: string;
  onEnd?: () => void;
}

// counterWords are the counters that are shown while a run works.
const counterWords: Record<string, string> = { created: 'created', updated: 'updated', same: 'the same', conflicts: 'in conflict', held: 'held', linked: 'linked', suggested: 'suggested', parked: 'parked' };

// RunProgress follows a run that works. A person may leave the page: it goes on.
export function RunProgress({ instance, id, onEnd }: Props) {
  const { run, over } = useRun(instance, id);
  const stop = useWrite('runs.stop', instance);
  const may = useCan(instance, 'operate');
  const now = useNow(1000);
  const { fail } = useToasts();
  const told = useRef(false);
  useEffect(() => {
    if (over && !told.current) {
      told.current = true;
      onEnd?.();
    }
  }, [over, onEnd]);
  if (!run) return null;
  const total = run.total;
  const part = total > 0 ? Math.min(100, (run.done / total) * 100) : undefined;
  const since = run.started ? now - Date.parse(run.started) : 0;
  const rest = part && part > 4 && since > 3000 ? (since / part) * (100 - part) : undefined;
  const counters = Object.entries(run.counters).filter(([k, v]) => v > 0 && counterWords[k]);
  return (
    <Box component="section" aria-label="The run" sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', p: { xs: 2, sm: 2.5 }, mb: 3 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 1.25 }}>
        <Typography variant="h3" component="h2">
          {initialCap(run.flow)}
        </Typography>
        {isOver(run.state) ? <Tag tone={run.state === 'succeeded' ? 'good' : run.state === 'failed' ? 'bad' : 'warn'}>{initialCap(run.state)}</Tag> : <Tag tone="info">{run.state === 'running' ? 'Working' : 'Waits its turn'}</Tag>}
        <Box sx={{ flex: 1 }} />
        {!over && may && (
          <Button size="small" startIcon={<StopRounded />} loading={stop.isPending} onClick={() => stop.mutate({ id }, { onError: fail })}>
            Stop before the next write
          </Button>
        )}
      </Box>
      <LinearProgress aria-label="How far the run is" variant={over || part !== undefined ? 'determinate' : 'indeterminate'} value={over ? 100 : (part ?? 0)} color={run.state === 'failed' ? 'error' : 'primary'} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2.5, rowGap: 0.25, mt: 1.25, color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
        <Box component="span" sx={{ color: 'text.primary', fontWeight: 540 }}>
          {run.problem ? sentence(run.problem.message) : run.stage || (over ? 'Done' : 'Begins…')}
        </Box>
        {total > 0 && !over && (
          <span>
            {run.done.toLocaleString('en')} of {total.toLocaleString('en')}
          </span>
        )}
        {counters.map(([k, v]) => (
          <span key={k}>
            {v.toLocaleString('en')} {counterWords[k]}
          </span>
        ))}
        <Box component="span" sx={{ ml: 'auto' }}>
          {over ? (run.ended && run.started ? `took ${clock(Date.parse(run.ended) - Date.parse(run.started))}` : '') : rest !== undefined ? `about ${clock(rest)} to go` : clock(since)}
        </Box>
      </Box>
      <Said stage={run.stage ?? ''} done={run.done} total={total} over={over} />
      {!over && (
        <Typography variant="body2" color="text.secondary" sx={{ mt: 0.75 }}>
          You can leave this page: it goes on without you.
        </Typography>
      )}
    </Box>
  );
}

// Said tells a screen reader how far it is, at most once in five seconds.
function Said({ stage, done, total, over }: { stage: string; done: number; total: number; over: boolean }) {
  const [words, setWords] = useState('');
  const last = useRef(0);
  useEffect(() => {
    if (!over && Date.now() - last.current < 5000) return;
    last.current = Date.now();
    setWords(over ? 'The run has ended.' : [stage, total > 0 ? `${count(done, 'record')} of ${total}` : ''].filter(Boolean).join(', '));
  }, [stage, done, total, over]);
  return (
    <span className="visually-hidden" role="status">
      {words}
    </span>
  );
}
