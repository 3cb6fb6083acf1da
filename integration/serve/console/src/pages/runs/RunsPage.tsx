import CompareArrowsRounded from '@mui/icons-material/CompareArrowsRounded';
import HistoryRounded from '@mui/icons-material/HistoryRounded';
import RuleRounded from '@mui/icons-material/RuleRounded';
import SyncRounded from '@mui/icons-material/SyncRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Link from '@mui/material/Link';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link as RouteLink, useNavigate, useSearchParams } from 'react-router';
import { isStarted, start } from '../../api/client';
import { sentence } from '../../api/problem';
import { isOver } from '../../api/run';
import { useList } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { took } from '../../ui/words';
import { actorWords } from '../instance/Timeline';
import { Results } from './Results';
import { type RunRow, type RunState, causeWords, flowWords, flows, states } from './words';

// RunsPage lists what the runner did. Two runs can be compared.
export function RunsPage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') as RunState | null;
  const flow = params.get('flow') ?? '';
  const set = (name: string, value: string) =>
    setParams((p) => {
      if (value) p.set(name, value);
      else p.delete(name);
      return p;
    }, { replace: true });
  const filtered = Boolean(state || flow);
  const runs = useList('runs.list', instance, { limit: 50, ...(state && states[state] ? { state: [state] } : {}), ...(flow ? { flow: [flow] } : {}) }, { refetchInterval: 5_000 });
  const operates = useCan(instance, 'operate');
  const queries = useQueryClient();
  const { fail } = useToasts();
  const [starting, setStarting] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);

  const sync = async () => {
    setStarting(true);
    try {
      const answer = await start('sync.cycle', instance, {});
      await queries.invalidateQueries({ queryKey: [instance] });
      if (isStarted(answer)) void navigate(`${base}/runs/${encodeURIComponent(answer.run.id)}`);
    } catch (err) {
      fail(err);
    } finally {
      setStarting(false);
    }
  };
  const columns = useMemo<Column<RunRow>[]>(
    () => [
      {
        name: 'compare',
        title: 'To compare',
        quietTitle: true,
        width: 44,
        from: 'sm',
        cell: (r) => isOver(r.state) && (
          <Checkbox
            sx={{ p: 0.25 }}
            checked={chosen.includes(r.id)}
            onClick={(e) => e.stopPropagation()}
            onChange={() => setChosen((all) => (all.includes(r.id) ? all.filter((id) => id !== r.id) : [...all.slice(-1), r.id]))}
            slotProps={{ input: { 'aria-label': `Compare ${flowWords(r.flow)} of ${new Date(r.at).toLocaleTimeString('en')}` } }}
          />
        ),
      },
      {
        name: 'flow',
        title: 'Run',
        cell: (r) => (
          <>
            <Link component={RouteLink} to={`${base}/runs/${encodeURIComponent(r.id)}`} color="inherit" sx={{ fontWeight: 560 }} onClick={(e) => e.stopPropagation()}>
              {flowWords(r.flow)}
            </Link>
            <Box sx={{ color: 'text.secondary', fontSize: '0.78125rem' }}>
              {causeWords(r.cause)}
              {r.cause === 'manual' && `, ${actorWords(r.actor)}`}
            </Box>
            <Box sx={{ display: { md: 'none' }, fontSize: '0.78125rem' }}>
              <What run={r} />
            </Box>
          </>
        ),
      },
      { name: 'state', title: 'State', width: 130, cell: (r) => <Tag tone={states[r.state].tone}>{states[r.state].words}</Tag> },
      { name: 'result', title: 'What it did', from: 'md', width: '42%', cell: (r) => <What run={r} /> },
      { name: 'took', title: 'Took', from: 'sm', width: 90, align: 'right', cell: (r) => (r.seconds !== undefined ? took(r.seconds * 1000) : '') },
      { name: 'at', title: 'When', width: 130, align: 'right', cell: (r) => <When at={r.at} /> },
    ],
    [base, chosen],
  );
  // The earlier one is the first.
  const [b, a] = runs.items.filter((r) => chosen.includes(r.id));
  return (
    <Page
      title="Runs"
      lead="What the runner did, and what it came to."
      width="wide"
      actions={
        <>
          <Button component={RouteLink} to={`${base}/plans`} startIcon={<RuleRounded />}>
            Plans
          </Button>
          {operates && (
            <Button variant="contained" color="primary" startIcon={<SyncRounded />} loading={starting} onClick={() => void sync()}>
              Sync now
            </Button>
          )}
        </>
      }
    >
      <Panel>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', p: 1.25, borderBottom: '1px solid', borderColor: 'divider' }}>
          <TextField select value={flow} onChange={(e) => set('flow', e.target.value)} sx={{ width: 220 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'What ran' } } }}>
            <MenuItem value="">All runs</MenuItem>
            {Object.entries(flows).map(([k, words]) => (
              <MenuItem key={k} value={k}>
                {words}
              </MenuItem>
            ))}
          </TextField>
          <TextField select value={state ?? ''} onChange={(e) => set('state', e.target.value)} sx={{ width: 160 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'State' } } }}>
            <MenuItem value="">Any state</MenuItem>
            {(Object.keys(states) as RunState[]).map((s) => (
              <MenuItem key={s} value={s}>
                {states[s].words}
              </MenuItem>
            ))}
          </TextField>
          <Box sx={{ ml: { sm: 'auto' }, display: { xs: 'none', sm: 'flex' }, gap: 1, alignItems: 'center' }}>
            {chosen.length === 1 && <Box role="status" sx={{ color: 'text.secondary' }}>Choose another run to compare with.</Box>}
            <Button size="small" startIcon={<CompareArrowsRounded />} disabled={!a || !b} onClick={() => void navigate(`${base}/runs/compare?a=${encodeURIComponent(a!.id)}&b=${encodeURIComponent(b!.id)}`)}>
              Compare two
            </Button>
          </Box>
        </Box>
        <DataTable
          label="Runs"
          columns={columns}
          rows={runs.items}
          keyOf={(r) => r.id}
          loading={runs.isPending}
          error={runs.error}
          retry={() => void runs.refetch()}
          onOpen={(r) => void navigate(`${base}/runs/${encodeURIComponent(r.id)}`)}
          more={runs.hasNextPage ? { load: () => void runs.fetchNextPage(), loading: runs.isFetchingNextPage } : undefined}
          empty={
            filtered ? (
              <EmptyState title="No run fits the filter" action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>} />
            ) : (
              <EmptyState icon={<HistoryRounded />} title="Nothing has run yet" action={<Button component={RouteLink} to={base}>Go to the overview</Button>}>
                Organizations are matched once the setup is finished; from then on a cycle runs each hour.
              </EmptyState>
            )
          }
        />
      </Panel>
    </Page>
  );
}

// What a run does, did, or why it did not.
function What({ run: r }: { run: RunRow }) {
  if (r.error) return <Box sx={{ color: r.state === 'failed' ? 'tone.bad.words' : 'tone.warn.words', overflowWrap: 'anywhere' }}>{sentence(r.error)}</Box>;
  if (!isOver(r.state)) return <Box sx={{ color: 'text.secondary' }}>{r.stage}</Box>;
  return <Results result={r.result} />;
}
