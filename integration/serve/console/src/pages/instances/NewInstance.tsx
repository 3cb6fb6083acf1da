import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useWrite } from '../../api/query';
import { ProblemNotice } from '../../ui/ErrorState';

// NewInstance names an instance and opens its wizard. It is kept as a draft from
// then on.
export function NewInstance({ open, onClose, taken }: { open: boolean; onClose: () => void; taken: string[] }) {
  const [name, setName] = useState('');
  const draft = useWrite('instance.draft', null);
  const navigate = useNavigate();
  const wanted = name.trim();
  const used = taken.includes(wanted);
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="new-instance" maxWidth="xs" fullWidth slotProps={{ transition: { onExited: () => { setName(''); draft.reset(); } } }}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (wanted && !used) draft.mutate({ name: wanted }, { onSuccess: () => void navigate(`/instances/${encodeURIComponent(wanted)}/setup`) });
        }}
      >
        <DialogTitle id="new-instance">Configure the IT Glue Integration</DialogTitle>
        <DialogContent>
          <Stack spacing={2}>
            <Typography color="text.secondary">An instance connects one IT Glue account with one Rev.io tenant. Give it a name to know it by.</Typography>
            <TextField label="Name" autoFocus required value={name} onChange={(e) => setName(e.target.value)} placeholder="acme-msp" error={used} helperText={used ? 'There is an instance of this name already.' : 'Letters, digits and dashes are easiest on the command line.'} autoComplete="off" slotProps={{ htmlInput: { maxLength: 100, spellCheck: false } }} />
            <ProblemNotice error={draft.error} />
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" color="primary" loading={draft.isPending} disabled={!wanted || used}>
            Start the setup
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
