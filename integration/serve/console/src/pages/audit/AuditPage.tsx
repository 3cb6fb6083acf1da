import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import TextField from '@mui/material/TextField';
import { useDeferredValue } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCan } from '../../api/session';
import { useCurrent, useInstances } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { Loading } from '../../ui/Loading';
import { Page, Panel } from '../../ui/Page';
import { Verdict, VerifyButton, useChain } from './Chain';
import { Accesses, Entries } from './Entries';
import { ExportButton, ExportedNotice, useExport } from './Export';
import { type TabName, groups, startOf, tabTitles, tabs } from './words';

// AuditPage is who decided and who saw what: searched, checked and exported.
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const instances = useInstances();
  const current = useCurrent();
  const instance = params.get('instance') ?? current;
  const may = useCan(instance, 'administer');
  const ofHost = useCan('*', 'administer');
  const named = params.get('tab') as TabName | null;
  const tab: TabName = named && tabs.includes(named) ? named : 'all';
  const value = (name: string) => params.get(name) ?? '';
  const set = (name: string, to: string) =>
    setParams(
      (p) => {
        if (to) p.set(name, to);
        else p.delete(name);
        return p;
      },
      { replace: true },
    );
  const search = useDeferredValue(value('q').trim());
  const actor = useDeferredValue(value('actor').trim());
  const since = startOf(value('since'));
  const until = startOf(value('until'), 1);
  const shared = { ...(actor ? { actor } : {}), ...(since ? { since } : {}) };
  const filter = { ...shared, ...(search ? { search } : {}), ...(value('action') ? { action: value('action') } : {}), ...(until ? { until } : {}) };
  const chain = useChain();
  const exporting = useExport(instance, filter);
  const keep = (): Record<string, string> => ({ ...(params.get('instance') ? { instance } : {}), ...(tab === 'all' ? {} : { tab }) });
  const onAll = Object.keys(tab === 'all' ? filter : shared).length > 0 ? () => setParams(keep(), { replace: true }) : undefined;

  if (instances.isPending) return <Loading label="Loading the audit log" />;
  if (!instance || !may) {
    return (
      <Page title="Audit">
        <Panel>
          <EmptyState title={instance ? 'Only administrators see the audit log' : 'No instance yet'} action={<Button component={Link} to={instance ? '/' : '/marketplace'}>{instance ? 'Go to the overview' : 'Go to the marketplace'}</Button>}>
            {instance ? `Ask an administrator of ${instance} for the role. What you were shown yourself is on the page Passwords.` : 'The log begins with the first one.'}
          </EmptyState>
        </Panel>
      </Page>
    );
  }
  return (
    <Page
      title="Audit"
      lead="Who decided and who saw what. Each entry holds the hash of the one before it."
      width="wide"
      actions={
        <>
          {ofHost && <VerifyButton chain={chain} />}
          {tab === 'all' && <ExportButton exporting={exporting} />}
        </>
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5, mb: 2, '&:empty': { display: 'none' } }}>
        <Verdict chain={chain} />
        <ExportedNotice exporting={exporting} />
      </Box>
      <Panel>
        <Tabs value={tab} onChange={(_, t: TabName) => set('tab', t === 'all' ? '' : t)} variant="scrollable" scrollButtons={false} aria-label="Reports" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider' }}>
          {tabs.map((t) => (
            <Tab key={t} value={t} id={`tab-${t}`} aria-controls="audit-panel" label={tabTitles[t]} />
          ))}
        </Tabs>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, p: 1.5, borderBottom: '1px solid', borderColor: 'divider', alignItems: 'flex-end' }}>
          {(instances.data?.items.length ?? 0) > 1 && (
            <TextField select label="Instance" value={instance} onChange={(e) => set('instance', e.target.value)} sx={{ width: 180 }}>
              {instances.data?.items.map((i) => (
                <MenuItem key={i.id} value={i.name}>
                  {i.name}
                </MenuItem>
              ))}
            </TextField>
          )}
          {tab === 'all' && (
            <>
              <TextField type="search" label="Search" placeholder="Who, what or the details" value={value('q')} onChange={(e) => set('q', e.target.value)} sx={{ flex: '1 1 200px', maxWidth: 320 }} />
              <TextField select label="About" value={value('action') in groups ? value('action') : ''} onChange={(e) => set('action', e.target.value)} sx={{ flex: '1 1 130px', maxWidth: 180 }} slotProps={{ select: { displayEmpty: true } }}>
                <MenuItem value="">Everything</MenuItem>
                {Object.entries(groups).map(([name, title]) => (
                  <MenuItem key={name} value={name}>
                    {title}
                  </MenuItem>
                ))}
              </TextField>
            </>
          )}
          <TextField label="Who" placeholder="user:ana" value={value('actor')} onChange={(e) => set('actor', e.target.value)} sx={{ flex: '1 1 130px', maxWidth: 180 }} />
          {tab !== 'risk' && <TextField type="date" label="From" value={value('since')} onChange={(e) => set('since', e.target.value)} sx={{ flex: '1 1 130px', maxWidth: 180 }} />}
          {tab === 'all' && <TextField type="date" label="To" value={value('until')} onChange={(e) => set('until', e.target.value)} sx={{ flex: '1 1 130px', maxWidth: 180 }} />}
        </Box>
        <Box id="audit-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === 'all' ? <Entries instance={instance} input={filter} onAll={onAll} /> : <Accesses key={tab} instance={instance} input={tab === 'risk' ? { ...(actor ? { actor } : {}), atRisk: true } : shared} onAll={onAll} />}
        </Box>
      </Panel>
    </Page>
  );
}
