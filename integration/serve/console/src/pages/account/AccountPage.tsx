import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/query';
import { ErrorState, ProblemNotice } from '../../ui/ErrorState';
import { EmptyState } from '../../ui/EmptyState';
import { DataTable } from '../../ui/DataTable';
import { Loading } from '../../ui/Loading';
import { Page, Section } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { count } from '../../ui/words';
import { SecondFactor } from './SecondFactor';

// AccountPage is one's own account: roles, second factor, password, sessions.
export function AccountPage() {
  const account = useRead('account.show', null, {});
  const [changing, setChanging] = useState(false);
  if (account.error) {
    return (
      <Page title="My account" width="narrow">
        <ErrorState error={account.error} retry={() => void account.refetch()} />
      </Page>
    );
  }
  const a = account.data;
  if (!a) return <Loading label="Loading your account" />;
  const local = a.user.signsInWith === 'password';
  return (
    <Page title="My account" width="narrow" lead={`Signed in as ${a.user.name}, with ${a.user.signsInWith === 'password' ? 'a password' : `the ${a.user.signsInWith}`}.`}>
      {a.note && (
        <Box sx={{ mb: 3 }}>
          <Notice tone="info">{a.note}</Notice>
        </Box>
      )}
      <Section title="What you may do">
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
          {a.user.grants.map((g) => (
            <Box component="li" key={g.instance} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
              <Box sx={{ minWidth: 140 }}>{g.instance === '*' ? 'All instances' : g.instance}</Box>
              {g.roles.map((r) => (
                <Tag key={r}>{r}</Tag>
              ))}
            </Box>
          ))}
        </Box>
      </Section>
      <Section title="Second factor">
        {!local ? (
          'Your identity provider asks for it.'
        ) : a.user.secondFactor && !changing ? (
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', justifyContent: 'space-between' }}>
            <span>An authenticator app is set up. {count(a.recoveryCodesLeft, 'recovery code is', 'recovery codes are')} left.</span>
            <Button onClick={() => setChanging(true)}>Set up another app</Button>
          </Box>
        ) : (
          <SecondFactor
            onDone={() => {
              setChanging(false);
              void account.refetch();
            }}
          />
        )}
      </Section>
      {local && (
        <Section title="Password">
          <Password />
        </Section>
      )}
      <Sessions />
    </Page>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useWrite('account.change-password', null);
  const { say } = useToasts();
  const short = password !== '' && password.length < 15;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (short) return;
        change.mutate({ current, password }, { onSuccess: (done) => {
          setCurrent('');
          setPassword('');
          say(`The password is changed. ${count(done.sessionsEnded, 'other session')} ended.`);
        } });
      }}
    >
      <Stack spacing={2} sx={{ maxWidth: 360 }}>
        <TextField label="Present password" type="password" required value={current} onChange={(e) => setCurrent(e.target.value)} autoComplete="current-password" />
        <TextField label="New password" type="password" required value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="new-password" error={short} helperText="At least 15 characters, of any kind. Your other sessions end." />
        <ProblemNotice error={change.error} />
        <Box>
          <Button type="submit" loading={change.isPending} disabled={!current || !password || short}>
            Change the password
          </Button>
        </Box>
      </Stack>
    </form>
  );
}

function Sessions() {
  const sessions = useRead('sessions.list', null, {});
  const revoke = useWrite('sessions.revoke', null);
  const { say, fail } = useToasts();
  return (
    <Section title="Sessions" flush>
      <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
        <DataTable
          label="Sessions"
          rows={sessions.data?.items ?? []}
          keyOf={(s) => s.id}
          loading={sessions.isPending}
          error={sessions.error}
          retry={() => void sessions.refetch()}
          empty={<EmptyState title="No session is open" />}
          columns={[
            { name: 'agent', title: 'Browser', cell: (s) => <Box sx={{ overflowWrap: 'anywhere' }}>{browser(s.agent)} {s.this && <Tag tone="info">this one</Tag>}</Box> },
            { name: 'address', title: 'Address', from: 'sm', cell: (s) => s.address },
            { name: 'seen', title: 'Last seen', cell: (s) => <When at={s.seen} /> },
            {
              name: 'end',
              title: 'End it',
              quietTitle: true,
              align: 'right',
              cell: (s) => !s.this && (
                <Button size="small" onClick={() => revoke.mutate({ id: s.id }, { onError: fail, onSuccess: () => say('The session is ended.') })} aria-label={`End the session of ${browser(s.agent)} at ${s.address}`}>
                  End
                </Button>
              ),
            },
          ]}
        />
      </Box>
    </Section>
  );
}

// browser names a browser and its system, out of what it says of itself.
function browser(agent: string): string {
  const name = /(Firefox|Edg|OPR|Chrome|Safari)\/\d+/.exec(agent)?.[1];
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(agent)?.[1];
  if (!name) return agent.slice(0, 60) || 'Unknown';
  return [{ Edg: 'Edge', OPR: 'Opera' }[name] ?? name, system && `on ${system.replace('Mac OS X', 'macOS')}`].filter(Boolean).join(' ');
}
