import KeyRounded from '@mui/icons-material/KeyRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useDeferredValue } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCan } from '../../api/session';
import { useInstance } from '../../app/instance';
import { EmptyState } from '../../ui/EmptyState';
import { Page, Panel } from '../../ui/Page';
import { Notice } from '../../ui/tone';
import { MyReveals } from './MyReveals';
import { PasswordTable } from './PasswordTable';
import type { Password } from './words';

const linkages: Record<Password['linkage'], string> = { attached: 'Attached to an asset', mentioned: 'Tagged on an asset only', standalone: 'In the vault only' };

// PasswordsPage lists the passwords of accepted organizations, without values,
// and shows one for 30 seconds to whoever may see it and says why.
export function PasswordsPage() {
  const instance = useInstance();
  const may = useCan(instance, 'reveal');
  const [params, setParams] = useSearchParams();
  const search = params.get('q') ?? '';
  const asked = useDeferredValue(search.trim());
  const linkage = params.get('linkage') as Password['linkage'] | null;
  const organization = params.get('organization') ?? '';
  const asset = params.get('asset') ?? '';
  const set = (name: string, value: string) =>
    setParams(
      (p) => {
        if (value) p.set(name, value);
        else p.delete(name);
        return p;
      },
      { replace: true },
    );
  const input = { ...(asked ? { search: asked } : {}), ...(linkage && linkage in linkages ? { linkage } : {}), ...(organization ? { organization } : {}), ...(asset ? { asset } : {}) };
  const filtered = Object.keys(input).length > 0;
  const base = `/instances/${encodeURIComponent(instance)}`;
  return (
    <Page title="Passwords" lead="What IT Glue keeps for the assets here. Values stay in IT Glue; one is fetched when you ask for it, and stored nowhere." width="wide">
      {!may && (
        <Box sx={{ mb: 2 }}>
          <Notice tone="quiet" title="You may see the list, not the values">
            The role “revealer” is needed for a value. Ask an administrator for it; other roles do not hold it.
          </Notice>
        </Box>
      )}
      <Box sx={{ mb: 3 }}>
        <Panel>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, p: 1.25, borderBottom: '1px solid', borderColor: 'divider' }}>
            <TextField type="search" placeholder="Filter by name or user name" value={search} onChange={(e) => set('q', e.target.value)} sx={{ flex: '1 1 220px', maxWidth: 340 }} slotProps={{ htmlInput: { 'aria-label': 'Filter by name or user name' } }} />
            <TextField select value={linkage && linkage in linkages ? linkage : ''} onChange={(e) => set('linkage', e.target.value)} sx={{ width: 220 }} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'Which passwords' } } }}>
              <MenuItem value="">All passwords</MenuItem>
              {Object.entries(linkages).map(([name, words]) => (
                <MenuItem key={name} value={name}>
                  {words}
                </MenuItem>
              ))}
            </TextField>
            {organization && <Button onClick={() => set('organization', '')}>Of all organizations</Button>}
            {asset && <Button onClick={() => set('asset', '')}>Of all assets</Button>}
          </Box>
          <PasswordTable
            instance={instance}
            input={input}
            empty={
              filtered ? (
                <EmptyState title="No password fits the filter" action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>}>
                  It looks at names and user names.
                </EmptyState>
              ) : (
                <EmptyState icon={<KeyRounded />} title="No password is listed yet" action={<Button component={Link} to={`${base}/links`}>Review the links</Button>}>
                  Passwords are listed once the link of their organization is accepted, and when they are attached to a flexible asset in IT Glue. The API key needs Password Access.
                </EmptyState>
              )
            }
          />
        </Panel>
      </Box>
      {may && <MyReveals instance={instance} />}
    </Page>
  );
}
