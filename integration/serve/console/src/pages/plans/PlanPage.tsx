import PlaylistAddCheckRounded from '@mui/icons-material/PlaylistAddCheckRounded';
import RefreshRounded from '@mui/icons-material/RefreshRounded';
import RuleRounded from '@mui/icons-material/RuleRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { sentence } from '../../api/problem';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { Copy } from '../../ui/Copy';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Loading } from '../../ui/Loading';
import { Page, Panel } from '../../ui/Page';
import { RunProgress } from '../../ui/RunProgress';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { count } from '../../ui/words';
import { actorWords } from '../instance/Timeline';
import { ApplyDialog, Applied } from './Apply';
import { CustomerChanges } from './Changes';
import { type Counted, actions, countedOf, filtered, groupsOf, sides } from './plan';
import { usePlanning } from './usePlanning';

const groupsAtFirst = 25;

// PlanPage shows every write of a plan before it is carried out.
export function PlanPage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const id = useParams()['plan'] ?? '';
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const plan = useRead('plan.show', instance, { id }, { staleTime: 600_000 });
  const list = useRead('plan.list', instance, {});
  const operates = useCan(instance, 'operate');
  const planning = usePlanning(instance, (made) => void navigate(`${base}/plans/${encodeURIComponent(made)}`));
  const [asking, setAsking] = useState(false);
  const [run, setRun] = useState<{ plan: string; id: string }>();
  const [many, setMany] = useState(groupsAtFirst);
  const action = params.get('action') ?? '';
  const side = params.get('side') ?? '';
  const search = params.get('q') ?? '';
  const asked = useDeferredValue(search);
  const groups = useMemo(() => (plan.data ? groupsOf(plan.data) : []), [plan.data]);
  const shown = useMemo(() => filtered(groups, { action, side, search: asked }), [groups, action, side, asked]);
  const set = (changes: Record<string, string>) =>
    setParams((p) => {
      for (const [k, v] of Object.entries(changes)) {
        if (v) p.set(k, v);
        else p.delete(k);
      }
      return p;
    }, { replace: true });
  const crumbs = [{ label: 'Runs', to: `${base}/runs` }, { label: 'Plans', to: `${base}/plans` }];
  if (plan.error && !plan.data) {
    return (
      <Page title="Plan" crumbs={crumbs}>
        <ErrorState error={plan.error} retry={() => void plan.refetch()} way={{ label: 'Go to the plans', to: `${base}/plans` }} />
      </Page>
    );
  }
  const p = plan.data;
  if (!p) return <Loading label="Loading the plan" />;
  const counted = countedOf(groups);
  const writes = counted.reduce((sum, c) => sum + c.count, 0);
  const guarded = groups.filter((g) => g.guard.length > 0);
  const held = groups.reduce((sum, g) => sum + g.held.length, 0);
  const conflicts = groups.reduce((sum, g) => sum + g.conflicts, 0);
  const applied = list.data?.items.find((i) => i.id === id)?.applied;
  const following = run?.plan === id ? run.id : undefined;
  return (
    <Page
      title="Plan"
      crumbs={crumbs}
      heading={
        <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          Plan: {writes === 0 ? 'nothing to write' : count(writes, 'write')}
          {applied && <Tag tone="good" sx={{ letterSpacing: 0 }}>Carried out</Tag>}
        </Box>
      }
      lead={
        <>
          Made <When at={p.created} /> by {actorWords(p.by)}. {applied ? <>Carried out <When at={applied} />.</> : 'Nothing was written yet.'}
        </>
      }
      actions={
        operates && (
          <>
            <Button startIcon={<RefreshRounded />} loading={planning.starting} disabled={planning.run !== undefined} onClick={planning.create}>
              Plan again
            </Button>
            {!applied && writes > 0 && (
              <Button variant="contained" color={guarded.length > 0 ? 'error' : 'primary'} startIcon={<PlaylistAddCheckRounded />} disabled={following !== undefined || planning.run !== undefined} onClick={() => setAsking(true)}>
                Apply {count(writes, 'write')}
              </Button>
            )}
          </>
        )
      }
    >
      {planning.run && <RunProgress instance={instance} id={planning.run} onEnd={planning.ended} />}
      {following && <Applied key={following} instance={instance} run={following} base={base} replan={planning.create} />}
      {guarded.length > 0 && !applied && (
        <Box sx={{ mb: 3 }}>
          <Notice tone="bad" title={`The mass-change guard stopped ${guarded.length === 1 ? guarded[0]!.organization : count(guarded.length, 'organization')}.`}>
            So much at once is often a mistake in a source, such as an emptied import. Look at these writes; if they are right, apply the plan all the same. Your decision is recorded in the audit log.
          </Notice>
        </Box>
      )}
      <Counts counted={counted} chosen={{ action, side }} onChoose={(c) => set(c && (c.action !== action || c.side !== side) ? { action: c.action, side: c.side } : { action: '', side: '' })} />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 2 }}>
        <TextField type="search" placeholder="Filter by customer, asset or value" value={search} onChange={(e) => set({ q: e.target.value })} sx={{ flex: '1 1 220px', maxWidth: 340 }} slotProps={{ htmlInput: { 'aria-label': 'Filter by customer, asset or value' } }} />
        <TextField select value={action} onChange={(e) => set({ action: e.target.value })} sx={{ width: 160 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'What is done' } } }}>
          <MenuItem value="">Any write</MenuItem>
          {Object.entries(actions).map(([k, words]) => (
            <MenuItem key={k} value={k}>
              {words}
            </MenuItem>
          ))}
        </TextField>
        <TextField select value={side} onChange={(e) => set({ side: e.target.value })} sx={{ width: 150 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'Where' } } }}>
          <MenuItem value="">On both sides</MenuItem>
          {Object.entries(sides).map(([k, words]) => (
            <MenuItem key={k} value={k}>
              {words}
            </MenuItem>
          ))}
        </TextField>
        <Box sx={{ ml: { md: 'auto' }, display: 'flex', flexWrap: 'wrap', columnGap: 2, color: 'text.secondary' }}>
          {conflicts > 0 && <Link to={`${base}/conflicts`}>{count(conflicts, 'conflict')}, not written</Link>}
          {held > 0 && <Link to={`${base}/assets?state=held`}>{held.toLocaleString('en')} held, not written</Link>}
        </Box>
      </Box>
      {shown.slice(0, many).map((g) => (
        <CustomerChanges key={g.organizationId} instance={instance} group={g} />
      ))}
      {shown.length > many && (
        <Box sx={{ textAlign: 'center' }}>
          <Button onClick={() => setMany(many + groupsAtFirst)}>Show more customers</Button>
        </Box>
      )}
      {shown.length === 0 && (
        <Panel>
          {groups.length === 0 ? (
            <EmptyState icon={<RuleRounded />} title="Both sides are in step">This plan writes nothing, and holds nothing back.</EmptyState>
          ) : (
            <EmptyState title="No write fits the filter" action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>} />
          )}
        </Panel>
      )}
      {p.report.notes.map((n) => (
        <Box key={n} sx={{ color: 'text.secondary', mt: 1 }}>
          {sentence(n)}
        </Box>
      ))}
      <Box component="details" sx={{ mt: 3, color: 'text.secondary', '& summary': { cursor: 'pointer', minHeight: 24 } }}>
        <summary>Fingerprints</summary>
        <Box sx={{ my: 1 }}>A fingerprint stands for every write of a customer. If anything moves until the plan is applied, it is another one, and nothing is written.</Box>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, overflowWrap: 'anywhere' }}>
          Plan <code>{p.id}</code> <Copy text={p.id} label="Copy the plan's id" />
        </Box>
        <Box component="ul" sx={{ m: 0, mt: 1, pl: 2.25, overflowWrap: 'anywhere' }}>
          {groups.filter((g) => g.changes.length > 0).map((g) => (
            <li key={g.organizationId}>
              {g.organization}: <code>{g.fingerprint.slice(0, 16)}</code>
            </li>
          ))}
        </Box>
      </Box>
      {asking && (
        <ApplyDialog
          instance={instance}
          id={id}
          writes={writes}
          customers={groups.filter((g) => g.changes.length > 0).length}
          counted={counted}
          guarded={guarded}
          onClose={() => setAsking(false)}
          onStarted={(started) => {
            setAsking(false);
            setRun({ plan: id, id: started });
          }}
        />
      )}
    </Page>
  );
}

// Counts is the writes by what they do and where; each narrows the list to its own.
function Counts({ counted, chosen, onChoose }: { counted: Counted[]; chosen: { action: string; side: string }; onChoose: (c: Counted | undefined) => void }) {
  if (counted.length === 0) return null;
  return (
    <Box role="group" aria-label="Writes by what they do" sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr 1fr', md: `repeat(${Math.max(4, counted.length)}, 1fr)` }, mb: 2 }}>
      {counted.map((c) => {
        const on = chosen.action === c.action && chosen.side === c.side;
        return (
          <Button key={c.action + c.side} aria-pressed={on} onClick={() => onChoose(c)} sx={{ display: 'block', textAlign: 'left', py: 1.25, whiteSpace: 'normal', ...(on ? { borderColor: 'primary.main', bgcolor: 'action.selected' } : {}) }}>
            <Box component="span" sx={{ display: 'block', fontSize: '1.375rem', fontWeight: 620, fontVariantNumeric: 'tabular-nums', lineHeight: 1.3 }}>
              {c.count.toLocaleString('en')}
            </Box>
            <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450 }}>
              {actions[c.action]} in {sides[c.side]}
            </Box>
          </Button>
        );
      })}
    </Box>
  );
}
