import PauseRounded from '@mui/icons-material/PauseRounded';
import PlayArrowRounded from '@mui/icons-material/PlayArrowRounded';
import SyncRounded from '@mui/icons-material/SyncRounded';
import TuneRounded from '@mui/icons-material/TuneRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { isStarted, start } from '../../api/client';
import { useRead, useWrite } from '../../api/query';
import { useCan } from '../../api/session';
import { healthTones } from '../../app/health';
import { plain } from '../../app/commands';
import { useInstance } from '../../app/instance';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Page, Section } from '../../ui/Page';
import { RunProgress } from '../../ui/RunProgress';
import { Said } from '../../ui/Said';
import { useToasts } from '../../ui/Toasts';
import { useNow } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { clock } from '../../ui/words';
import { Tiles } from './Tiles';
import { Timeline } from './Timeline';

// InstancePage shows how an instance is, what waits for a person, and what
// happened; from here it is synced now, or paused.
export function InstancePage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const overview = useRead('instance.overview', instance, {}, { refetchInterval: 5_000 });
  const operates = useCan(instance, 'operate');
  const configures = useCan(instance, 'configure');
  const pause = useWrite('instance.pause', instance);
  const resume = useWrite('instance.resume', instance);
  const queries = useQueryClient();
  const { say, fail } = useToasts();
  const [starting, setStarting] = useState(false);
  const [pausing, setPausing] = useState(false);
  const [followed, setFollowed] = useState<string>();
  const now = useNow(1000);
  const o = overview.data;
  const activeId = o?.active?.id;
  useEffect(() => {
    if (activeId) setFollowed(activeId);
  }, [activeId]);
  useEffect(() => setFollowed(undefined), [instance]);

  if (overview.error && !o) {
    return (
      <Page title={instance}>
        <ErrorState error={overview.error} retry={() => void overview.refetch()} />
      </Page>
    );
  }
  const sync = async () => {
    setStarting(true);
    try {
      const answer = await start('sync.cycle', instance, {});
      if (isStarted(answer)) setFollowed(answer.run.id);
      await queries.invalidateQueries({ queryKey: [instance] });
    } catch (err) {
      fail(err);
    } finally {
      setStarting(false);
    }
  };
  const draft = o?.status === 'draft';
  const paused = o?.status === 'paused';
  const next = o?.nextRun ? Date.parse(o.nextRun) - now : undefined;
  return (
    <Page
      title={instance}
      heading={
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          {instance}
          {o && <Tag tone={healthTones[o.health] ?? 'quiet'} sx={{ letterSpacing: 0 }}>{{ good: 'Healthy', attention: 'Needs attention', bad: 'Not working', draft: 'Setup not finished', paused: 'Paused' }[o.health]}</Tag>}
        </Box>
      }
      lead={
        o && (
          <>
            {plain(o.words)}{' '}
            {!draft && !paused && next !== undefined && (
              <Box component="span" sx={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
                {o.active ? 'A run is working.' : next > 0 ? `Next cycle in ${clock(next)}.` : 'The next cycle is due now.'}
              </Box>
            )}
          </>
        )
      }
      actions={
        o && (
          <>
            {configures && (
              <Button component={Link} to={`${base}/setup${draft ? '' : '/1'}`} startIcon={<TuneRounded />} {...(draft ? { variant: 'contained' as const, color: 'primary' as const } : {})}>
                {draft ? 'Go on with the setup' : 'Change the setup'}
              </Button>
            )}
            {configures && !draft && (paused ? (
              <Button startIcon={<PlayArrowRounded />} loading={resume.isPending} onClick={() => resume.mutate({}, { onError: fail, onSuccess: () => say(`${instance} goes on with the next cycle.`) })}>
                Go on
              </Button>
            ) : (
              <Button startIcon={<PauseRounded />} onClick={() => setPausing(true)}>
                Pause
              </Button>
            ))}
            {operates && !draft && (
              <Button variant="contained" color="primary" startIcon={<SyncRounded />} loading={starting} disabled={o.active !== undefined || paused} onClick={() => void sync()}>
                Sync now
              </Button>
            )}
          </>
        )
      }
    >
      {followed && <RunProgress key={followed} instance={instance} id={followed} onEnd={() => void queries.invalidateQueries({ queryKey: [instance] })} />}
      {o?.alerts && o.alerts.length > 0 && (
        <Box sx={{ display: 'grid', gap: 1, mb: 3 }}>
          {o.alerts.map((a) => (
            <Notice key={a.kind + a.title} tone={a.kind.includes('credential') || a.kind === 'failed' ? 'bad' : 'warn'} title={a.title} action={<Remedy kind={a.kind} base={base} />}>
              <Said>{a.text}</Said> {a.do && <Said>{a.do}</Said>}
            </Notice>
          ))}
        </Box>
      )}
      {o ? <Tiles tiles={o.tiles} base={base} /> : <Skeleton variant="rounded" height={120} sx={{ mb: 3 }} />}
      {o && o.findings.length > 0 && (
        <Section title="What the last cycle found of the mapping" aside={configures && <Button size="small" component={Link} to={`${base}/setup/3`}>Look at the mapping</Button>}>
          <Box component="ul" sx={{ m: 0, pl: 2.25, display: 'grid', gap: 0.5 }}>
            {o.findings.map((f) => (
              <li key={f}><Said>{f}</Said></li>
            ))}
          </Box>
        </Section>
      )}
      <Section title="What happened" aside={<Button size="small" component={Link} to={`${base}/runs`}>All runs</Button>} flush>
        <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
          {!o ? <Skeleton height={160} sx={{ mx: 2 }} /> : o.timeline.length === 0 ? (
            <EmptyState title="Nothing has happened yet">{draft ? 'Finish the setup: organizations are matched then, and the links wait for you.' : 'The first cycle starts by itself within the hour, or with “Sync now”.'}</EmptyState>
          ) : (
            <Timeline events={o.timeline} base={base} />
          )}
        </Box>
      </Section>
      {o?.runAs && <Typography variant="body2" color="text.secondary">Unattended runs act as {o.runAs}.</Typography>}
      <ConfirmDialog open={pausing} title={`Pause ${instance}?`} confirm="Pause" busy={pause.isPending} error={pause.error} onClose={() => setPausing(false)} onConfirm={() => pause.mutate({}, { onSuccess: () => {
        setPausing(false);
        say(`${instance} is paused.`, () => resume.mutate({}));
      } })}>
        A run that works stops before its next write. Nothing is deleted, links stay as they are, and passwords can still be revealed. It goes on where it was when you let it.
      </ConfirmDialog>
    </Page>
  );
}

// Remedy leads to where an alert is settled.
function Remedy({ kind, base }: { kind: string; base: string }) {
  const ways: [RegExp, string, string][] = [
    [/credential/, 'Check the connections', '/setup/1'],
    [/mapping/, 'Repair the mapping', '/setup/3'],
    [/guard/, 'Review the plan', '/runs'],
    [/fail|overdue/, 'Look at the runs', '/runs'],
  ];
  const way = ways.find(([k]) => k.test(kind));
  if (!way) return null;
  return (
    <Button component={Link} to={base + way[2]}>
      {way[1]}
    </Button>
  );
}
