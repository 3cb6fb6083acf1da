import DevicesRounded from '@mui/icons-material/DevicesRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import MenuItem from '@mui/material/MenuItem';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import TextField from '@mui/material/TextField';
import { useDeferredValue, useMemo } from 'react';
import { Link as RouteLink, useNavigate, useSearchParams } from 'react-router';
import { sentence } from '../../api/problem';
import { useList, useRead } from '../../api/query';
import { useInstance } from '../../app/instance';
import { type Column, DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel } from '../../ui/Page';
import { Tag } from '../../ui/tone';
import { type Asset, addressOf, assetStates, sideWords } from './words';

const states = Object.keys(assetStates) as Asset['state'][];

// AssetsPage lists the assets of accepted links, with why each did not move.
export function AssetsPage() {
  const instance = useInstance();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const state = params.get('state') as Asset['state'] | null;
  const type = params.get('type') ?? '';
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
  const organization = params.get('organization') ?? '';
  const input = { limit: 50, ...(state && states.includes(state) ? { state } : {}), ...(type ? { type, side: 'left' as const } : {}), ...(asked ? { search: asked } : {}), ...(organization ? { organization } : {}) };
  const assets = useList('assets.list', instance, input);
  const counts = useRead('assets.counts', instance, organization ? { organization } : {}, { staleTime: 15_000 });
  const types = useTypeNames(instance);
  const of = (s: string) => counts.data?.states.find((c) => c.name === s)?.count;
  const all = counts.data?.states.reduce((sum, c) => sum + c.count, 0);
  const filtered = Boolean(asked || type || state || organization);

  const columns = useMemo<Column<Asset>[]>(
    () => [
      {
        name: 'name',
        title: 'Asset',
        cell: (a) => (
          <Link component={RouteLink} to={addressOf(instance, a)} color="inherit" sx={{ fontWeight: 560, overflowWrap: 'anywhere' }} onClick={(e) => e.stopPropagation()}>
            {a.name || a.id}
          </Link>
        ),
      },
      { name: 'state', title: 'State', width: 130, cell: (a) => <Tag tone={assetStates[a.state].tone}>{assetStates[a.state].words}</Tag> },
      {
        name: 'organization',
        title: 'Organization',
        from: 'sm',
        width: '28%',
        cell: (a) => (
          <Box sx={{ overflowWrap: 'anywhere' }}>
            {a.organizationName}
            {a.customerName && a.customerName !== a.organizationName && <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{a.customerName} in Rev.io</Box>}
          </Box>
        ),
      },
      { name: 'serial', title: 'Serial number', from: 'md', width: 130, cell: (a) => a.fields['serialNumber'] || <Box component="span" sx={{ color: 'text.secondary' }}>none</Box> },
      { name: 'side', title: 'Seen in', from: 'md', width: 110, cell: (a) => (a.linkedWith ? 'both' : sideWords[a.side]) },
      { name: 'why', title: 'Why it did not move', from: 'md', width: '30%', cell: (a) => <Box sx={{ color: 'text.secondary' }}>{a.reasons.length > 0 ? sentence(a.reasons[0]!) + (a.reasons.length > 1 ? ` And ${a.reasons.length - 1} more.` : '') : ''}</Box> },
    ],
    [instance],
  );
  return (
    <Page title="Assets" lead="What is kept in step, and why the rest is not." width="wide">
      <Panel>
        <Tabs value={state && states.includes(state) ? state : 'all'} onChange={(_, v: string) => set('state', v === 'all' ? '' : v)} variant="scrollable" scrollButtons={false} aria-label="States" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
          {['all', ...states].map((s) => (
            <Tab
              key={s}
              value={s}
              id={`tab-${s}`}
              aria-controls="assets-panel"
              label={
                <span>
                  {s === 'all' ? 'All' : assetStates[s as Asset['state']].words}{' '}
                  <Box component="span" sx={{ color: 'text.secondary', fontWeight: 450, fontVariantNumeric: 'tabular-nums' }}>
                    {(s === 'all' ? all : of(s))?.toLocaleString('en') ?? ''}
                  </Box>
                </span>
              }
            />
          ))}
        </Tabs>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, p: 1.25, borderBottom: '1px solid', borderColor: 'divider' }}>
          <TextField type="search" placeholder="Filter by name" value={search} onChange={(e) => set('q', e.target.value)} sx={{ flex: '1 1 220px', maxWidth: 340 }} slotProps={{ htmlInput: { 'aria-label': 'Filter by name' } }} />
          <TextField select value={type} onChange={(e) => set('type', e.target.value)} sx={{ width: 220 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'Type' } } }}>
            <MenuItem value="">All types</MenuItem>
            {(counts.data?.types ?? []).map((t) => (
              <MenuItem key={t.name} value={t.name}>
                {types.get(t.name) ?? `Type ${t.name}`} ({t.count.toLocaleString('en')})
              </MenuItem>
            ))}
          </TextField>
          {organization && <Button onClick={() => set('organization', '')}>Of all organizations</Button>}
        </Box>
        <Box id="assets-panel" role="tabpanel" aria-labelledby={`tab-${state && states.includes(state) ? state : 'all'}`}>
          <DataTable
            label="Assets"
            columns={columns}
            rows={assets.items}
            keyOf={(a) => a.side + a.id}
            loading={assets.isPending}
            error={assets.error}
            retry={() => void assets.refetch()}
            onOpen={(a) => void navigate(addressOf(instance, a))}
            more={assets.hasNextPage ? { load: () => void assets.fetchNextPage(), loading: assets.isFetchingNextPage } : undefined}
            empty={
              filtered ? (
                <EmptyState title="No asset fits the filter" action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>}>
                  It looks at names.
                </EmptyState>
              ) : (
                <EmptyState icon={<DevicesRounded />} title="No asset was read yet" action={<Button component={RouteLink} to={`/instances/${encodeURIComponent(instance)}/links`}>Review the links</Button>}>
                  Assets are read once the link of their organization is accepted, within the hour or with “Sync now”.
                </EmptyState>
              )
            }
          />
        </Box>
      </Panel>
    </Page>
  );
}

// useTypeNames gives IT Glue's types their names, for those who may see the
// setup; others see their ids.
function useTypeNames(instance: string): Map<string, string> {
  const form = useRead('pages.asset-types', instance, { answers: {} }, { staleTime: 600_000 });
  return useMemo(() => {
    const properties = (form.data?.schema as { properties?: { typeIds?: { items?: { oneOf?: { const: string; title: string }[] } } } } | undefined)?.properties;
    return new Map((properties?.typeIds?.items?.oneOf ?? []).map((c) => [c.const, c.title]));
  }, [form.data]);
}
