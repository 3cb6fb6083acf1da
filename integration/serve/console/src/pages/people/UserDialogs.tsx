import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, newKey } from '../../api/client';
import { useRead, useWrite } from '../../api/query';
import type { Output } from '../../api/types';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { count } from '../../ui/words';
import { Grants } from './Grants';
import type { User } from './People';
import type { Grant } from './roles';

interface Props {
  user: User;
  onClose: () => void;
}

type Made = (made: Output<'users.invite'>) => void;

// useOnce asks for what is shown once: its answer is kept nowhere but with whom
// it is given to.
function useOnce<T>(ask: () => Promise<T>, done: (answer: T) => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const go = async () => {
    setBusy(true);
    setError(undefined);
    try {
      done(await ask());
      void queries.invalidateQueries({ queryKey: ['*'] });
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, go: () => void go() };
}

// NewUser makes an account; its person gets a link that works once.
export function NewUser({ onClose, onMade }: { onClose: () => void; onMade: Made }) {
  const [name, setName] = useState('');
  const [display, setDisplay] = useState('');
  const [service, setService] = useState(false);
  const [grants, setGrants] = useState<Grant[]>([]);
  const { say } = useToasts();
  const make = useOnce(
    () => call('users.create', null, { name: name.trim(), ...(display.trim() ? { display: display.trim() } : {}), ...(service ? { service } : {}), grants }, { idempotencyKey: newKey() }),
    (made) => {
      onClose();
      if (made.path) onMade(made);
      else say(`The service account ${made.user.name} is made. Give it an API token.`);
    },
  );
  return (
    <ConfirmDialog open title="Invite somebody" confirm={service ? 'Make the service account' : 'Make the account and its link'} busy={make.busy} blocked={name.trim() === '' || grants.length === 0} error={make.error} onConfirm={make.go} onClose={onClose}>
      <Stack spacing={2} sx={{ pt: 1 }}>
        <TextField label="Name to sign in with" required value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" spellCheck={false} helperText="Such as an e-mail address. It can never be another account's." />
        <TextField label="What they are called (optional)" value={display} onChange={(e) => setDisplay(e.target.value)} autoComplete="off" />
        <FormControlLabel control={<Checkbox checked={service} onChange={(e) => setService(e.target.checked)} />} label="A service account: it has tokens, and nobody signs in as it" />
        <Grants grants={grants} onChange={setGrants} />
      </Stack>
    </ConfirmDialog>
  );
}

// Roles changes what an account is called and what it may do.
export function Roles({ user, onClose }: Props) {
  const [display, setDisplay] = useState(user.display ?? '');
  const [grants, setGrants] = useState<Grant[]>(user.grants);
  const update = useWrite('users.update', null);
  const { say } = useToasts();
  const changed = JSON.stringify(grants) !== JSON.stringify(user.grants);
  return (
    <ConfirmDialog open title={`Change ${user.name}`} confirm="Save" busy={update.isPending} error={update.error} onClose={onClose} onConfirm={() => update.mutate({ id: user.id, display: display.trim(), ...(changed ? { grants } : {}) }, { onSuccess: () => {
      onClose();
      say(`${user.name} is changed.`);
    } })}>
      <Stack spacing={2} sx={{ pt: 1 }}>
        <TextField label="What they are called (optional)" value={display} onChange={(e) => setDisplay(e.target.value)} autoComplete="off" />
        <Grants grants={grants} onChange={setGrants} />
        {changed && <div role="status">Their sessions end, so that the new roles hold at once.</div>}
      </Stack>
    </ConfirmDialog>
  );
}

// Invite gives a new one-time link, for a forgotten password or a lost app.
export function Invite({ user, onClose, onMade }: Props & { onMade: Made }) {
  const [reset, setReset] = useState(false);
  const invite = useOnce(
    () => call('users.invite', null, { id: user.id, ...(reset ? { resetSecondFactor: true } : {}) }, { idempotencyKey: newKey() }),
    (made) => {
      onClose();
      onMade(made);
    },
  );
  return (
    <ConfirmDialog open title={`A new link for ${user.name}?`} confirm="Make the link" busy={invite.busy} error={invite.error} onConfirm={invite.go} onClose={onClose}>
      <Stack spacing={1.5}>
        <div>It works once and lets its holder choose the password anew. Earlier links stop working.</div>
        {user.secondFactor && <FormControlLabel control={<Checkbox checked={reset} onChange={(e) => setReset(e.target.checked)} />} label="They lost their authenticator app: forget it, too" />}
      </Stack>
    </ConfirmDialog>
  );
}

// UserSessions is where somebody is signed in, to be ended.
export function UserSessions({ user, onClose }: Props) {
  const sessions = useRead('sessions.list', null, { user: user.id }, { staleTime: 0 });
  const revoke = useWrite('sessions.revoke', null);
  const { say, fail } = useToasts();
  const all = sessions.data?.items ?? [];
  return (
    <ConfirmDialog open title={`Sessions of ${user.name}`} confirm={`End ${count(all.length, 'session')}`} danger blocked={all.length === 0} busy={revoke.isPending} error={sessions.error ?? revoke.error} onClose={onClose} onConfirm={() => revoke.mutate({ user: user.id }, { onSuccess: (done) => {
      onClose();
      say(`${count(done.ended, 'session')} ended.`);
    } })}>
      {sessions.isPending ? 'Looking…' : all.length === 0 ? 'They are signed in nowhere.' : (
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
          {all.map((s) => (
            <Box component="li" key={s.id} sx={{ display: 'flex', gap: 1, alignItems: 'center', justifyContent: 'space-between' }}>
              <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                {s.address}, last seen <When at={s.seen} />
                <Box sx={{ color: 'text.secondary', fontSize: '0.78125rem' }}>{s.agent.slice(0, 90)}</Box>
              </Box>
              {!s.this && (
                <Button size="small" aria-label={`End the session at ${s.address}`} onClick={() => revoke.mutate({ id: s.id, user: user.id }, { onError: fail, onSuccess: () => say('The session is ended.') })}>
                  End
                </Button>
              )}
            </Box>
          ))}
        </Box>
      )}
    </ConfirmDialog>
  );
}

// RemoveUser removes an account.
export function RemoveUser({ user, onClose }: Props) {
  const remove = useWrite('users.remove', null);
  const { say } = useToasts();
  return (
    <ConfirmDialog open title={`Remove ${user.name}?`} confirm="Remove the account" danger busy={remove.isPending} error={remove.error} onClose={onClose} onConfirm={() => remove.mutate({ id: user.id }, { onSuccess: () => {
      onClose();
      say(`${user.name} is removed.`);
    } })}>
      Its sessions end and its tokens stop working at once. What it did stays in the audit log, and its name stays taken. This cannot be undone.
    </ConfirmDialog>
  );
}
