import RuleRounded from '@mui/icons-material/RuleRounded';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import { Link as RouteLink, useNavigate } from 'react-router';
import { useRead } from '../../api/query';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel } from '../../ui/Page';
import { RunProgress } from '../../ui/RunProgress';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { moment } from '../../ui/words';
import { actorWords } from '../instance/Timeline';
import { usePlanning } from './usePlanning';

// PlansPage lists the plans: what a cycle would write, to look at before it does.
export function PlansPage() {
  const instance = useInstance();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const to = (id: string) => `${base}/plans/${encodeURIComponent(id)}`;
  const navigate = useNavigate();
  const plans = useRead('plan.list', instance, {});
  const operates = useCan(instance, 'operate');
  const planning = usePlanning(instance, (id) => void navigate(to(id)));
  return (
    <Page
      title="Plans"
      crumbs={[{ label: 'Runs', to: `${base}/runs` }]}
      lead="A plan says every write that a cycle would make now. Making one writes to neither side."
      actions={
        operates && (
          <Button variant="contained" color="primary" startIcon={<RuleRounded />} loading={planning.starting} disabled={planning.run !== undefined} onClick={planning.create}>
            Make a plan
          </Button>
        )
      }
    >
      {planning.run && <RunProgress instance={instance} id={planning.run} onEnd={planning.ended} />}
      <Panel>
        <DataTable
          label="Plans"
          rows={plans.data?.items ?? []}
          keyOf={(p) => p.id}
          loading={plans.isPending}
          error={plans.error}
          retry={() => void plans.refetch()}
          onOpen={(p) => void navigate(to(p.id))}
          columns={[
            {
              name: 'made',
              title: 'Made',
              cell: (p) => (
                <Link component={RouteLink} to={to(p.id)} color="inherit" sx={{ fontWeight: 560 }} onClick={(e) => e.stopPropagation()}>
                  {moment(p.created)}
                </Link>
              ),
            },
            { name: 'by', title: 'By', from: 'sm', cell: (p) => actorWords(p.by) },
            { name: 'state', title: 'State', cell: (p) => (p.applied ? <Tag tone="good">Carried out</Tag> : <Tag>Not carried out</Tag>) },
            { name: 'ago', title: 'How long ago', from: 'md', align: 'right', cell: (p) => <When at={p.created} /> },
          ]}
          empty={
            <EmptyState icon={<RuleRounded />} title="No plan was made yet" action={operates && <Button onClick={planning.create} loading={planning.starting}>Make a plan</Button>}>
              Cycles write by themselves. Make a plan to look at their writes first, or where the mass-change guard stopped an organization.
            </EmptyState>
          }
        />
      </Panel>
    </Page>
  );
}
