import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { isStarted, start } from '../../api/client';
import { sentence } from '../../api/problem';
import { useRun } from '../../api/run';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { RunProgress } from '../../ui/RunProgress';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';
import { type Counted, type Group, actions, sides } from './plan';

const typedAbove = 100;

interface Props {
  instance: string;
  id: string;
  writes: number;
  customers: number;
  counted: Counted[];
  guarded: Group[];
  onClose: () => void;
  onStarted: (run: string) => void;
}

// ApplyDialog asks before a plan is carried out. What the guard stopped is
// carried out only after a word was typed, and that is recorded.
export function ApplyDialog({ instance, id, writes, customers, counted, guarded, onClose, onStarted }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const forced = guarded.length > 0;
  const apply = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await start('plan.apply', instance, { id, ...(forced ? { force: true } : {}) });
      void queries.invalidateQueries({ queryKey: [instance] });
      if (isStarted(answer)) onStarted(answer.run.id);
      else onClose();
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      open
      title={forced ? 'Apply the plan against the guard?' : 'Apply the plan?'}
      confirm={forced ? `Apply ${count(writes, 'write')} all the same` : `Apply ${count(writes, 'write')}`}
      danger={forced}
      typed={forced ? 'apply all the same' : writes > typedAbove ? 'apply' : undefined}
      busy={busy}
      error={error}
      onConfirm={() => void apply()}
      onClose={onClose}
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <div>
          It writes to {count(customers, 'customer')}:
          <Box component="ul" sx={{ m: 0, pl: 2.25 }}>
            {counted.map((c) => (
              <li key={c.action + c.side}>
                {actions[c.action]} {count(c.count, 'record')} in {sides[c.side]}
              </li>
            ))}
          </Box>
        </div>
        {guarded.map((g) => (
          <Notice key={g.organizationId} tone="bad" title={`The guard stopped ${g.organization}`}>
            {g.guard.map((w) => (
              <div key={w}>{sentence(w)}</div>
            ))}
          </Notice>
        ))}
        <div>
          No record is deleted. If anything moved since the plan was made, nothing is written.
          {forced && ' That you applied it against the guard is recorded in the audit log.'}
        </div>
      </Box>
    </ConfirmDialog>
  );
}

// Applied follows the run that carries a plan out, and says how it ended: a plan
// that is stale is made again.
export function Applied({ instance, run, base, replan }: { instance: string; run: string; base: string; replan: () => void }) {
  const { run: r, over } = useRun(instance, run);
  const problem = over ? r?.problem : undefined;
  const stale = problem?.code === 'conflict';
  return (
    <>
      {!over && <RunProgress instance={instance} id={run} />}
      {r?.state === 'succeeded' && (
        <Box sx={{ mb: 3 }}>
          <Notice tone="good" role="status" title="The plan is carried out." action={<Button component={Link} to={`${base}/runs/${encodeURIComponent(run)}`}>See what was written</Button>} />
        </Box>
      )}
      {problem && (
        <Box sx={{ mb: 3 }}>
          <Notice
            tone={stale ? 'warn' : 'bad'}
            role="alert"
            title={sentence(problem.message)}
            action={stale ? <Button onClick={replan}>Plan again</Button> : <Button component={Link} to={`${base}/runs/${encodeURIComponent(run)}`}>Look at the run</Button>}
          >
            {stale ? 'Records moved since the plan was made. Look at a new one, and apply that.' : problem.do && sentence(problem.do)}
          </Notice>
        </Box>
      )}
    </>
  );
}
