import SyncRounded from '@mui/icons-material/SyncRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import { useId } from 'react';
import type { Run } from '../../api/run';
import { sentence } from '../../api/problem';
import { ProblemNotice } from '../../ui/ErrorState';
import { Notice } from '../../ui/tone';
import { type CustomerShown, type Synced, resultTone, resultWords } from './words';

export interface Syncing {
  busy: boolean;
  // The run, once it is known.
  run: Run | undefined;
  result: Synced | undefined;
  error: unknown;
  start: () => void;
}

interface Props {
  customer: Pick<CustomerShown, 'sync' | 'assets' | 'conflicts'>;
  // Why this person may not, beside why the customer's link does not let it.
  refused?: string;
  syncing: Syncing;
}

// SyncNow is the button that syncs one customer, with what came of it beside it.
// Where it may not be pressed, it says why.
export function SyncNow({ customer, refused, syncing: { busy, run, result, error, start } }: Props) {
  const id = useId();
  const why = refused ?? (customer.sync.enabled ? undefined : customer.sync.why);
  const waiting = { conflicts: customer.conflicts, held: customer.assets.held };
  const part = run && run.total > 0 ? Math.min(100, (run.done / run.total) * 100) : undefined;
  return (
    <Box component="section" aria-label="Sync" sx={{ mb: 3, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', p: { xs: 2, sm: 2.5 }, display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
        <Button variant="contained" color="primary" startIcon={<SyncRounded />} loading={busy} disabled={why !== undefined || !customer.sync.enabled} aria-describedby={id} onClick={start}>
          Sync
        </Button>
        <Box id={id} sx={{ flex: '1 1 240px', color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {why ?? (customer.sync.creates ? 'IT Glue has no organization for it: Sync makes one there, with its assets.' : 'Brings this customer in step now, instead of with the next cycle. It takes a few seconds.')}
        </Box>
      </Box>
      {busy && (
        <Box>
          <LinearProgress aria-label="How far the sync is" variant={part === undefined ? 'indeterminate' : 'determinate'} value={part ?? 0} />
          <Box sx={{ mt: 0.75, color: 'text.secondary', fontSize: '0.8125rem' }}>{run?.stage ? sentence(run.stage) : 'Begins…'}</Box>
        </Box>
      )}
      <Box role="status" sx={{ '&:empty': { display: 'none' } }}>
        {!busy && result && (
          <Notice tone={resultTone(result, waiting)} title={resultWords(result, waiting)}>
            {[...result.report.stopped, ...result.notMade, ...result.report.notes].map((words) => (
              <div key={words}>{sentence(words)}</div>
            ))}
          </Notice>
        )}
      </Box>
      {!busy && <ProblemNotice error={error} />}
    </Box>
  );
}
