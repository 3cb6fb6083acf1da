import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client';
import { type Problem, problemOf, sentence } from '../../api/problem';
import { Notice } from '../../ui/tone';
import { useNow } from '../../ui/When';
import { clock } from '../../ui/words';
import { Shown } from './Shown';
import { type Hidden, useSecret } from './useSecret';
import { type Password, another, presets, reasonOf, refusalOf } from './words';

const hiddenWords: Record<Hidden, string> = {
  time: 'It was hidden after 30 seconds.',
  person: 'It is hidden.',
  away: 'It was hidden, as you left this window.',
};

// RevealDialog asks why a value is needed, has it fetched live from IT Glue, and
// shows it for 30 seconds. The runner records the access before it answers.
export function RevealDialog({ instance, password, open, onClose }: { instance: string; password: Password | undefined; open: boolean; onClose: () => void }) {
  const [preset, setPreset] = useState('');
  const [text, setText] = useState('');
  const [ticket, setTicket] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ problem: Problem; at: number }>();
  const { secret, hidden, show, hide, forget } = useSecret();
  const request = useRef<AbortController>(undefined);
  const queries = useQueryClient();
  const reason = reasonOf(preset, text, ticket);

  // Whoever leaves the page does not get the value that comes after.
  useEffect(() => () => request.current?.abort(), []);
  const close = () => {
    request.current?.abort();
    forget();
    onClose();
  };
  const reset = () => {
    setPreset('');
    setText('');
    setTicket('');
    setRefused(undefined);
    forget();
  };
  const reveal = async () => {
    if (!password || !reason || busy) return;
    const asked = new AbortController();
    request.current = asked;
    setBusy(true);
    setRefused(undefined);
    try {
      const answer = await call('passwords.reveal', instance, { id: password.id, reason }, { signal: asked.signal });
      if (!asked.signal.aborted) show(answer.value);
    } catch (err) {
      const problem = problemOf(err);
      if (problem.code !== 'aborted') setRefused({ problem, at: Date.now() });
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: [instance, 'passwords.my-reveals'] });
    }
  };
  return (
    <Dialog open={open} onClose={close} aria-labelledby="reveal" maxWidth="sm" fullWidth slotProps={{ transition: { onExited: reset } }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void reveal();
        }}
      >
        <DialogTitle id="reveal" sx={{ overflowWrap: 'anywhere' }}>
          {password?.name}
          {password?.username && (
            <Typography component="div" color="text.secondary">
              User name: {password.username}
            </Typography>
          )}
        </DialogTitle>
        <DialogContent>
          {secret ? (
            <Shown value={secret.value} until={secret.until} onHide={() => hide('person')} />
          ) : (
            <Stack spacing={2}>
              {hidden && <Notice tone="quiet" role="status" title={hiddenWords[hidden]}>To see it once more, press the button again: that counts as another access.</Notice>}
              <Typography color="text.secondary">The value comes live from IT Glue and is stored nowhere. That you looked at it, when, and why is kept in the audit log.</Typography>
              <TextField select label="Why do you need it?" required autoFocus value={preset} onChange={(e) => setPreset(e.target.value)}>
                {[...presets, another].map((p) => (
                  <MenuItem key={p} value={p}>
                    {p}
                  </MenuItem>
                ))}
              </TextField>
              <TextField
                label={preset === another ? 'The reason' : 'More about it'}
                required={preset === another}
                helperText={preset === another ? 'At least 5 characters.' : 'May stay empty.'}
                value={text}
                onChange={(e) => setText(e.target.value)}
                autoComplete="off"
                slotProps={{ htmlInput: { maxLength: 400 } }}
              />
              <TextField label="Ticket number" helperText="May stay empty." value={ticket} onChange={(e) => setTicket(e.target.value)} autoComplete="off" slotProps={{ htmlInput: { maxLength: 40 } }} />
              {refused && <Refusal problem={refused.problem} at={refused.at} />}
            </Stack>
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={close}>{secret || hidden ? 'Close' : 'Cancel'}</Button>
          {!secret && (
            <Button type="submit" variant="contained" color="primary" loading={busy} disabled={!reason}>
              Show for 30 seconds
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}

// Refusal says in words why a value was not shown, and when to try again.
function Refusal({ problem, at }: { problem: Problem; at: number }) {
  const now = useNow(1000);
  const left = problem.retryAfter === undefined ? 0 : at + problem.retryAfter * 1000 - now;
  return (
    <Notice tone={problem.code === 'step-up' ? 'warn' : 'bad'} role="alert" title={refusalOf(problem.code)}>
      {problem.code === 'step-up' ? 'Nothing was shown. Press the button again, and enter your password.' : `${problem.message} ${problem.do && sentence(problem.do)}`}
      {problem.retryAfter !== undefined && (
        <Box aria-live="off" sx={{ fontVariantNumeric: 'tabular-nums' }}>
          {left > 0 ? `You can try again in ${clock(left)}.` : 'You can try again now.'}
        </Box>
      )}
      {problem.requestId && (
        <Box sx={{ fontSize: '0.75rem' }}>
          Request <code>{problem.requestId}</code>
        </Box>
      )}
    </Notice>
  );
}
