import CallSplitRounded from '@mui/icons-material/CallSplitRounded';
import SyncRounded from '@mui/icons-material/SyncRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { isStarted, start } from '../../api/client';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Page, Panel } from '../../ui/Page';
import { RunProgress } from '../../ui/RunProgress';
import { useToasts } from '../../ui/Toasts';
import { FieldConflicts } from './FieldConflicts';

// ConflictsPage settles fields that both sides changed: one by one, all of a
// field, or by a rule from now on.
export function ConflictsPage() {
  const instance = useInstance();
  const fields = useRead('conflicts.fields', instance, {});
  const operates = useCan(instance, 'operate');
  const [params, setParams] = useSearchParams();
  const [run, setRun] = useState<string>();
  const [starting, setStarting] = useState(false);
  const { fail } = useToasts();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const open = (fields.data?.items ?? []).filter((f) => f.open > 0);
  const asked = params.get('field');
  const field = open.find((f) => f.field === asked) ?? open[0];
  const choose = (name: string) => setParams({ field: name }, { replace: true });
  const sync = async () => {
    setStarting(true);
    try {
      const answer = await start('sync.cycle', instance, {});
      if (isStarted(answer)) setRun(answer.run.id);
    } catch (err) {
      fail(err);
    } finally {
      setStarting(false);
    }
  };
  return (
    <Page
      title="Conflicts"
      lead="Both sides hold something else here, and neither may simply win. Nothing is written before somebody, or a rule, says whose value counts."
      actions={
        operates &&
        open.length > 0 && (
          <Button startIcon={<SyncRounded />} loading={starting} onClick={() => void sync()}>
            Sync now
          </Button>
        )
      }
    >
      {run && <RunProgress key={run} instance={instance} id={run} onEnd={() => void fields.refetch()} />}
      <Panel>
        {fields.error && !fields.data ? (
          <ErrorState error={fields.error} retry={() => void fields.refetch()} way={{ label: 'Go to the overview', to: base }} />
        ) : !fields.data ? (
          <Skeleton height={320} sx={{ mx: 2 }} />
        ) : !field ? (
          <EmptyState icon={<CallSplitRounded />} title="No conflict is open" action={<Button component={Link} to={`${base}/assets`}>Look at the assets</Button>}>
            One appears here when the same field is changed on both sides between two cycles. Rules for it are in step 4 of the setup.
          </EmptyState>
        ) : (
          <>
            <Tabs value={field.field} onChange={(_, v: string) => choose(v)} variant="scrollable" scrollButtons={false} aria-label="Fields" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
              {open.map((f) => (
                <Tab
                  key={f.field}
                  value={f.field}
                  id={`tab-${f.field}`}
                  aria-controls="conflicts-panel"
                  label={
                    <span>
                      {f.title}{' '}
                      <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450, fontVariantNumeric: 'tabular-nums' }}>
                        {f.open.toLocaleString('en')}
                      </Box>
                    </span>
                  }
                />
              ))}
            </Tabs>
            <Box id="conflicts-panel" role="tabpanel" aria-labelledby={`tab-${field.field}`}>
              <FieldConflicts
                key={field.field}
                instance={instance}
                field={field}
                onNextField={() => {
                  const next = open[(open.indexOf(field) + 1) % open.length];
                  if (next) choose(next.field);
                }}
              />
            </Box>
          </>
        )}
      </Panel>
    </Page>
  );
}
