import CompareArrowsRounded from '@mui/icons-material/CompareArrowsRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Link, useNavigate, useParams } from 'react-router';
import { useRead } from '../../api/query';
import { isOver, useRun } from '../../api/run';
import { useInstance } from '../../app/instance';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { Page } from '../../ui/Page';
import { RunProgress } from '../../ui/RunProgress';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { took } from '../../ui/words';
import { actorWords } from '../instance/Timeline';
import { Ended, Outcome } from './Outcome';
import { Results } from './Results';
import { Stages } from './Stages';
import { causeWords, flowWords, stagesOf, states } from './words';

// RunPage follows a run while it works, and then shows what it came to.
export function RunPage() {
  const instance = useInstance();
  const id = useParams()['run'] ?? '';
  const base = `/instances/${encodeURIComponent(instance)}`;
  const crumbs = [{ label: 'Runs', to: `${base}/runs` }];
  const navigate = useNavigate();
  const shown = useRead('runs.show', instance, { id });
  const going = shown.data !== undefined && !isOver(shown.data.state);
  const live = useRun(instance, going ? id : undefined);
  // The one before of the same flow, to compare with.
  const flow = shown.data?.flow;
  const others = useRead('runs.list', instance, { limit: 50, flow: flow ? [flow] : [], state: ['succeeded', 'failed', 'stopped'] }, { enabled: flow !== undefined && !going });
  if (shown.error && !shown.data) {
    return (
      <Page title="Run" crumbs={crumbs}>
        <ErrorState error={shown.error} retry={() => void shown.refetch()} way={{ label: 'Go to the runs', to: `${base}/runs` }} />
      </Page>
    );
  }
  const r = shown.data;
  if (!r) return <Loading label="Loading the run" />;
  const at = others.data?.items.findIndex((o) => o.id === id) ?? -1;
  const before = at >= 0 ? others.data?.items[at + 1] : undefined;
  const stages = stagesOf(r.flow, live.run?.stage || r.stage, !going && r.state === 'succeeded');
  return (
    <Page
      title={flowWords(r.flow)}
      crumbs={crumbs}
      heading={
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          {flowWords(r.flow)}
          <Tag tone={states[live.run?.state ?? r.state].tone} sx={{ letterSpacing: 0 }}>{states[live.run?.state ?? r.state].words}</Tag>
        </Box>
      }
      lead={
        <>
          {causeWords(r.cause)}, as {actorWords(r.actor)}, <When at={r.started ?? r.created} />
          {r.seconds !== undefined && !going && `, took ${took(r.seconds * 1000)}`}.
        </>
      }
      actions={
        before && (
          <Button startIcon={<CompareArrowsRounded />} onClick={() => void navigate(`${base}/runs/compare?a=${encodeURIComponent(before.id)}&b=${encodeURIComponent(id)}`)}>
            Compare with the one before
          </Button>
        )
      }
    >
      {going && <RunProgress instance={instance} id={id} onEnd={() => void shown.refetch()} />}
      {stages.length > 0 && <Stages stages={stages} />}
      {!going && (
        <>
          <Ended run={r} base={base} />
          {r.result && r.state === 'succeeded' && (
            <Box sx={{ mb: 3, fontSize: '1rem' }}>
              <Results result={r.result} />
            </Box>
          )}
          <Outcome run={r} base={base} />
          {r.flow === 'sync.match-organizations' && (
            <Button component={Link} to={`${base}/links`}>
              Review the links
            </Button>
          )}
        </>
      )}
    </Page>
  );
}
