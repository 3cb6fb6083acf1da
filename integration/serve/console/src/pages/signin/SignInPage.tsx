import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { problemOf, type SignInWays } from '../../api/problem';
import { useSigning } from '../../api/session';
import { ProblemNotice } from '../../ui/ErrorState';
import { Frame } from './Frame';

// The server asks for the code once name and password were right.
const wantsCode = (code: string) => code === 'code';

export function SignInPage({ ways }: { ways: SignInWays }) {
  const { signIn } = useSigning();
  const { pathname, search } = useLocation();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [second, setSecond] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await signIn(name.trim(), password, code || undefined);
    } catch (err) {
      const p = problemOf(err);
      if (wantsCode(p.code) && !second) setSecond(true);
      else setError(err);
    } finally {
      setBusy(false);
    }
  };

  const oidc = `/v1/oidc/start?return=${encodeURIComponent(pathname + search)}`;
  return (
    <Frame title="Sign in" lead="See what is linked, what moved, and what waits for you.">
      <Stack spacing={2.25}>
        {ways.oidc && (
          <Button href={oidc} variant={ways.local ? 'outlined' : 'contained'} color={ways.local ? 'secondary' : 'primary'} size="large">
            Continue with {ways.oidc.title}
          </Button>
        )}
        {ways.oidc && ways.local && (
          <Divider>
            <Typography variant="caption" color="text.secondary">
              or with a local account
            </Typography>
          </Divider>
        )}
        {ways.local && (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              void submit();
            }}
          >
            <Stack spacing={2}>
              <TextField label="Name" autoComplete="username" required value={name} onChange={(e) => setName(e.target.value)} slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }} />
              <TextField label="Password" type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} />
              {second && (
                <TextField
                  label="Code of your authenticator app"
                  autoComplete="one-time-code"
                  required
                  autoFocus
                  value={code}
                  onChange={(e) => setCode(e.target.value.replace(/\s/g, ''))}
                  helperText="Six digits, or one of your recovery codes."
                  slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 20 } }}
                />
              )}
              <ProblemNotice error={error} />
              <Button type="submit" variant="contained" color="primary" size="large" loading={busy}>
                Sign in
              </Button>
            </Stack>
          </form>
        )}
        {!ways.local && !ways.oidc && <Typography>No way to sign in is set up. Start the runner with a one-time link: it is printed when it starts.</Typography>}
      </Stack>
    </Frame>
  );
}
