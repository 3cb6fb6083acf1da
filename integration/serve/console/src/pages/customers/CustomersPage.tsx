import GroupsRounded from '@mui/icons-material/GroupsRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import TextField from '@mui/material/TextField';
import { useDeferredValue, useMemo } from 'react';
import { Link as RouteLink, useNavigate, useSearchParams } from 'react-router';
import { useList } from '../../api/query';
import { useInstance } from '../../app/instance';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel } from '../../ui/Page';
import { Tag } from '../../ui/tone';
import { type Customer, linkStates } from './words';

const tabs = ['all', 'accepted', 'pending', 'rejected', 'none'] as const;
type TabName = (typeof tabs)[number];

// CustomersPage lists the Rev.io customers, each with how it is linked.
export function CustomersPage() {
  const instance = useInstance();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const named = params.get('link') as TabName | null;
  const tab: TabName = named && tabs.includes(named) ? named : 'all';
  const search = params.get('q') ?? '';
  const asked = useDeferredValue(search.trim());
  const set = (name: string, value: string) =>
    setParams(
      (p) => {
        if (value) p.set(name, value);
        else p.delete(name);
        return p;
      },
      { replace: true },
    );
  const base = `/instances/${encodeURIComponent(instance)}`;
  const customers = useList('customers.list', instance, { limit: 50, ...(tab === 'all' ? {} : { link: tab }), ...(asked ? { search: asked } : {}) });
  const columns = useMemo<Column<Customer>[]>(
    () => [
      {
        name: 'name',
        title: 'Customer',
        cell: (c) => (
          <Link component={RouteLink} to={`${base}/customers/${encodeURIComponent(c.id)}`} color="inherit" sx={{ fontWeight: 560, overflowWrap: 'anywhere' }} onClick={(e) => e.stopPropagation()}>
            {c.name || c.id}
          </Link>
        ),
      },
      { name: 'link', title: 'Link', width: 150, cell: (c) => <Tag tone={linkStates[c.link].tone}>{linkStates[c.link].words}</Tag> },
      { name: 'organization', title: 'IT Glue organization', from: 'sm', cell: (c) => (c.organization ? <Box sx={{ overflowWrap: 'anywhere' }}>{c.organization.name}</Box> : <Box sx={{ color: 'text.secondary' }}>none</Box>) },
      { name: 'city', title: 'City', from: 'md', cell: (c) => c.city ?? '' },
      { name: 'status', title: 'Status in Rev.io', from: 'md', cell: (c) => <Box sx={{ color: 'text.secondary' }}>{c.status ?? ''}</Box> },
    ],
    [base],
  );
  return (
    <Page title="Customers" lead="The customers of Rev.io as the last matching saw them. Open one to sync it now." width="wide">
      <Panel>
        <Tabs value={tab} onChange={(_, v: TabName) => set('link', v === 'all' ? '' : v)} variant="scrollable" scrollButtons={false} aria-label="How they are linked" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
          {tabs.map((t) => (
            <Tab key={t} value={t} id={`tab-${t}`} aria-controls="customers-panel" label={t === 'all' ? 'All' : linkStates[t].words} />
          ))}
        </Tabs>
        <Box sx={{ p: 1.25, borderBottom: '1px solid', borderColor: 'divider' }}>
          <TextField type="search" placeholder="Filter by name" value={search} onChange={(e) => set('q', e.target.value)} sx={{ width: '100%', maxWidth: 340 }} slotProps={{ htmlInput: { 'aria-label': 'Filter by name' } }} />
        </Box>
        <Box id="customers-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          <DataTable
            label="Customers"
            columns={columns}
            rows={customers.items}
            keyOf={(c) => c.id}
            loading={customers.isPending}
            error={customers.error}
            retry={() => void customers.refetch()}
            onOpen={(c) => void navigate(`${base}/customers/${encodeURIComponent(c.id)}`)}
            more={customers.hasNextPage ? { load: () => void customers.fetchNextPage(), loading: customers.isFetchingNextPage } : undefined}
            empty={
              asked || tab !== 'all' ? (
                <EmptyState title="No customer fits the filter" action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>} />
              ) : (
                <EmptyState icon={<GroupsRounded />} title="No customer was read yet" action={<Button component={RouteLink} to={base}>Go to the overview</Button>}>
                  They are read when organizations are matched, at the end of the setup and with each cycle.
                </EmptyState>
              )
            }
          />
        </Box>
      </Panel>
    </Page>
  );
}
