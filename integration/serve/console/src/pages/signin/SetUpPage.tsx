import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useSigning } from '../../api/session';
import { ProblemNotice } from '../../ui/ErrorState';
import { Frame } from './Frame';

// tokenIn reads the one-time token from the address's fragment, which no server
// and no log sees.
function tokenIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? '';
}

// SetUpPage makes the first administrator, whose token proves that they can read
// the runner's own terminal; or it lets somebody who was invited choose their
// password.
export function SetUpPage({ first }: { first: boolean }) {
  const { setUp } = useSigning();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenIn(hash));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const differs = again !== '' && again !== password;
  const short = password !== '' && password.length < 15;

  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await setUp(token.trim(), name.trim(), password);
      await navigate('/', { replace: true });
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Frame title={first ? 'Make the first administrator' : 'Choose your password'} lead={first ? 'Nobody can sign in yet. The one-time token was printed where the runner was started.' : 'Your one-time link lets you choose the password of your account.'}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (!differs && !short) void submit();
        }}
      >
        <Stack spacing={2}>
          <TextField label="One-time token" required value={token} onChange={(e) => setToken(e.target.value)} autoComplete="off" slotProps={{ htmlInput: { spellCheck: false } }} />
          {first && <TextField label="Name" required value={name} onChange={(e) => setName(e.target.value)} autoComplete="username" helperText="Yours, so that the audit log shows who did what." slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }} />}
          <TextField label="Password" type="password" required value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="new-password" error={short} helperText="At least 15 characters. A sentence is better than a word with signs in it." />
          <TextField label="Password, once more" type="password" required value={again} onChange={(e) => setAgain(e.target.value)} autoComplete="new-password" error={differs} helperText={differs ? 'The two are not the same.' : undefined} />
          <ProblemNotice error={error} />
          <Button type="submit" variant="contained" color="primary" size="large" loading={busy}>
            {first ? 'Make the account' : 'Set the password'}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
