import AddRounded from '@mui/icons-material/AddRounded';
import DnsRounded from '@mui/icons-material/DnsRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { Link } from 'react-router';
import type { Item } from '../../api/types';
import { useInstances } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { Page, Panel } from '../../ui/Page';
import { Tag } from '../../ui/tone';
import { stateOf } from './state';

// InstancesPage lists the instances, each with how it is.
export function InstancesPage() {
  const all = useInstances();
  const add = (
    <Button component={Link} to="/marketplace" variant="contained" color="primary" startIcon={<AddRounded />}>
      New instance
    </Button>
  );
  const items = all.data?.items ?? [];
  return (
    <Page title="Instances" lead="Each connects one IT Glue account with one Rev.io tenant. They never see each other." actions={items.length > 0 && add}>
      {all.error ? (
        <Panel>
          <ErrorState error={all.error} retry={() => void all.refetch()} way={{ label: 'Go to the marketplace', to: '/marketplace' }} />
        </Panel>
      ) : all.data && items.length === 0 ? (
        <Panel>
          <EmptyState icon={<DnsRounded />} title="No instance yet" action={add}>
            An instance is made by a wizard of four pages. It takes about five minutes, and nothing is written before you accept links.
          </EmptyState>
        </Panel>
      ) : (
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 320px), 1fr))' }}>
          {all.isPending
            ? [0, 1, 2].map((i) => (
                <li key={i}>
                  <Skeleton variant="rounded" height={120} />
                </li>
              ))
            : items.map((i) => <InstanceCard key={i.id} instance={i} />)}
        </Box>
      )}
    </Page>
  );
}

function InstanceCard({ instance: i }: { instance: Item<'instance.list'> }) {
  const state = stateOf(i.status);
  const to = `/instances/${encodeURIComponent(i.name)}${i.status === 'draft' ? '/setup' : ''}`;
  return (
    <li>
      <Card sx={{ p: 2.5, height: '100%', position: 'relative', '&:hover': { borderColor: 'text.disabled' }, '&:focus-within': { borderColor: 'primary.main' } }}>
        <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1, mb: 1 }}>
          <Typography variant="h2" sx={{ overflowWrap: 'anywhere' }}>
            <Box component={Link} to={to} sx={{ color: 'inherit', textDecoration: 'none', '&::after': { content: '""', position: 'absolute', inset: 0 } }}>
              {i.name}
            </Box>
          </Typography>
          <Tag tone={state.tone}>{state.words}</Tag>
        </Box>
        <Typography color="text.secondary">{i.status === 'draft' ? 'Go on with the setup where it was left.' : i.runAs ? `Unattended runs act as ${i.runAs}.` : 'No service account is named yet.'}</Typography>
      </Card>
    </li>
  );
}
