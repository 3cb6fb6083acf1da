import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useCallback, useEffect, useRef, useState } from 'react';
import { onStepUp } from '../api/client';
import { type Session, useSigning } from '../api/session';
import { ProblemNotice } from '../ui/ErrorState';

// StepUp asks for the password again when an action needs a recent sign-in, and
// then lets that action go on. The client calls it (see onStepUp).
export function StepUp({ session }: { session: Session }) {
  const { stepUp } = useSigning();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const answer = useRef<((done: boolean) => void)[]>([]);

  useEffect(() => {
    onStepUp(() => {
      setOpen(true);
      return new Promise((resolve) => answer.current.push(resolve));
    });
    return () => onStepUp(undefined);
  }, []);

  const end = useCallback((done: boolean) => {
    setOpen(false);
    setPassword('');
    setCode('');
    setError(undefined);
    answer.current.splice(0).forEach((resolve) => resolve(done));
  }, []);

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await stepUp({ ...(password ? { password } : {}), ...(code ? { code } : {}) });
      end(true);
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog open={open} onClose={() => end(false)} aria-labelledby="step-up" maxWidth="xs" fullWidth>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void confirm();
        }}
      >
        <DialogTitle id="step-up">Confirm that it is you</DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <Typography color="text.secondary">
              What you are about to do needs a sign-in of the last 10 minutes. Your place is kept.
            </Typography>
            <input type="text" autoComplete="username" value={session.user.name} readOnly hidden />
            <TextField label="Password" type="password" autoComplete="current-password" autoFocus required value={password} onChange={(e) => setPassword(e.target.value)} />
            <TextField
              label="Code of your authenticator app"
              helperText="Leave it empty if your account has none."
              autoComplete="one-time-code"
              value={code}
              onChange={(e) => setCode(e.target.value.replace(/\s/g, ''))}
              slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 20 } }}
            />
            <ProblemNotice error={error} />
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={() => end(false)}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" loading={busy} disabled={!password && !code}>
            Confirm
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
