import KeyRounded from '@mui/icons-material/KeyRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useRead, useWrite } from '../../api/query';
import type { Item, Output } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Once } from '../../ui/Once';
import { Panel } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { moment } from '../../ui/words';
import { NewToken } from './NewToken';

type Token = Item<'tokens.list'>;

function stateOf(t: Token) {
  if (t.revoked) return <Tag>Revoked</Tag>;
  if (Date.parse(t.expires) < Date.now()) return <Tag>Expired</Tag>;
  return <Tag tone="good">Works</Tag>;
}

// Tokens lists API tokens: what they may do, and when they were last used.
export function Tokens({ administers }: { administers: boolean }) {
  const [params, setParams] = useSearchParams();
  const everyone = administers && params.get('of') === 'everyone';
  const tokens = useRead('tokens.list', null, everyone ? { everyone } : {});
  const revoke = useWrite('tokens.revoke', null);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Output<'tokens.create'>>();
  const [revoking, setRevoking] = useState<Token>();
  const { say } = useToasts();
  const begin = (
    <Button variant="contained" color="primary" startIcon={<KeyRounded />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'space-between', alignItems: 'center', mb: 1.5 }}>
        <Box>{administers && <FormControlLabel control={<Checkbox checked={everyone} onChange={(e) => setParams(e.target.checked ? { of: 'everyone' } : {}, { replace: true })} />} label="Everybody's" />}</Box>
        {begin}
      </Box>
      <Panel>
        <DataTable
          label="API tokens"
          rows={tokens.data?.items ?? []}
          keyOf={(t) => t.id}
          loading={tokens.isPending}
          error={tokens.error}
          retry={() => void tokens.refetch()}
          empty={
            <EmptyState icon={<KeyRounded />} title="There is no API token">
              A token lets a program call this runner in your name, with as few of your rights as it needs. It never reveals passwords.
            </EmptyState>
          }
          columns={[
            {
              name: 'name',
              title: 'Token',
              cell: (t) => (
                <Box sx={{ overflowWrap: 'anywhere' }}>
                  <Box sx={{ fontWeight: 560 }}>{t.name}</Box>
                  <Box sx={{ color: 'text.secondary', fontSize: '0.78125rem' }}>
                    ends in {t.hint}
                    {everyone && `, of ${t.owner}`}
                  </Box>
                </Box>
              ),
            },
            { name: 'state', title: 'State', width: 100, cell: stateOf },
            { name: 'may', title: 'May', from: 'sm', cell: (t) => `${t.accesses.join(', ')}${t.instance === '*' ? '' : ` on ${t.instance}`}` },
            { name: 'used', title: 'Last used', from: 'md', cell: (t) => <When at={t.used} /> },
            { name: 'expires', title: 'Until', from: 'md', cell: (t) => <When at={t.revoked ?? t.expires} /> },
            {
              name: 'revoke',
              title: 'Revoke it',
              quietTitle: true,
              align: 'right',
              cell: (t) =>
                !t.revoked && (
                  <Button size="small" aria-label={`Revoke ${t.name}`} onClick={() => setRevoking(t)}>
                    Revoke
                  </Button>
                ),
            },
          ]}
        />
      </Panel>
      {making && <NewToken administers={administers} onClose={() => setMaking(false)} onMade={setMade} />}
      {made && (
        <Once title={`The token ${made.token.name}`} value={made.value} label="Copy the token" onClose={() => setMade(undefined)}>
          Keep it as you would a password. It works until {moment(made.token.expires)}, is stored nowhere here, and is not shown again.
        </Once>
      )}
      <ConfirmDialog
        open={revoking !== undefined}
        title={`Revoke ${revoking?.name ?? ''}?`}
        confirm="Revoke the token"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => setRevoking(undefined)}
        onConfirm={() =>
          revoking &&
          revoke.mutate({ id: revoking.id }, {
            onSuccess: () => {
              setRevoking(undefined);
              say('The token is revoked.');
            },
          })
        }
      >
        Programs that use it are refused at once. It cannot be taken back; make a new one instead.
      </ConfirmDialog>
    </>
  );
}
