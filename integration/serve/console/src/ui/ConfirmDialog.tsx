import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactNode, useId, useState } from 'react';
import { ProblemNotice } from './ErrorState';

interface Props {
  open: boolean;
  title: string;
  // What will happen, with counts, and what will not.
  children: ReactNode;
  // The verb of the button: "Accept 412 links", never "OK".
  confirm: string;
  danger?: boolean;
  // A word that must be typed first, for what concerns many records.
  typed?: string | undefined;
  busy?: boolean;
  blocked?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

// ConfirmDialog asks before something that concerns much or cannot be taken
// back. What can be undone is done at once and offers Undo instead.
export function ConfirmDialog({ open, title, children, confirm, danger = false, typed, busy = false, blocked = false, error, onConfirm, onClose }: Props) {
  const [word, setWord] = useState('');
  const id = useId();
  const ready = !busy && !blocked && (typed === undefined || word.trim().toLowerCase() === typed.toLowerCase());
  return (
    <Dialog open={open} onClose={busy ? undefined : onClose} aria-labelledby={id} maxWidth="sm" fullWidth slotProps={{ transition: { onExited: () => setWord('') } }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) onConfirm();
        }}
      >
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <div>{children}</div>
            {typed !== undefined && (
              <TextField label={`Type “${typed}” to go on`} value={word} onChange={(e) => setWord(e.target.value)} autoComplete="off" spellCheck={false} />
            )}
            <ProblemNotice error={error} />
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} disabled={!ready} loading={busy}>
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
