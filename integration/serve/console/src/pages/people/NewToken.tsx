import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, newKey } from '../../api/client';
import { useRead } from '../../api/query';
import type { Output } from '../../api/types';
import { useInstances } from '../../app/instance';
import { ConfirmDialog } from '../../ui/ConfirmDialog';

const rights = { view: 'See everything but passwords', operate: 'Decide links and conflicts, and sync', configure: 'Change the setup and the rules', administer: 'Manage people and tokens' };

interface Props {
  administers: boolean;
  onClose: () => void;
  onMade: (made: Output<'tokens.create'>) => void;
}

// NewToken makes an API token with as few rights as its program needs.
export function NewToken({ administers, onClose, onMade }: Props) {
  const instances = useInstances().data?.items ?? [];
  const users = useRead('users.list', null, { limit: 1000 }, { enabled: administers });
  const services = (users.data?.items ?? []).filter((u) => u.service);
  const [name, setName] = useState('');
  const [accesses, setAccesses] = useState<string[]>(['view']);
  const [instance, setInstance] = useState(instances[0]?.name ?? '*');
  const [days, setDays] = useState('90');
  const [user, setUser] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const queries = useQueryClient();
  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const made = await call('tokens.create', null, { name: name.trim(), accesses, instance, days: Number(days), ...(user ? { user } : {}) }, { idempotencyKey: newKey() });
      void queries.invalidateQueries({ queryKey: ['*', 'tokens.list'] });
      onClose();
      onMade(made);
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog open title="Make an API token" confirm="Make the token" busy={busy} blocked={name.trim() === '' || accesses.length === 0} error={error} onConfirm={() => void make()} onClose={onClose}>
      <Stack spacing={2} sx={{ pt: 1 }}>
        <TextField label="What it is for" required value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" />
        <Box component="fieldset" sx={{ border: 0, m: 0, p: 0, display: 'grid' }}>
          <Box component="legend" sx={{ p: 0, fontSize: '0.8125rem', fontWeight: 560 }}>
            What it may do
          </Box>
          {Object.entries(rights).map(([r, words]) => (
            <FormControlLabel key={r} control={<Checkbox checked={accesses.includes(r)} onChange={(e) => setAccesses(e.target.checked ? [...accesses, r] : accesses.filter((o) => o !== r))} />} label={words} />
          ))}
        </Box>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}>
          <TextField select label="For which instance" value={instance} onChange={(e) => setInstance(e.target.value)} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'For which instance' } } }}>
            {instances.map((i) => (
              <MenuItem key={i.name} value={i.name}>
                {i.name}
              </MenuItem>
            ))}
            <MenuItem value="*">All that its owner may see</MenuItem>
          </TextField>
          <TextField select label="How long it works" value={days} onChange={(e) => setDays(e.target.value)} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'How long it works' } } }}>
            {['7', '30', '90', '365'].map((d) => (
              <MenuItem key={d} value={d}>
                {d} days
              </MenuItem>
            ))}
          </TextField>
        </Box>
        {services.length > 0 && (
          <TextField select label="In whose name" value={user} onChange={(e) => setUser(e.target.value)} slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': 'In whose name' } } }}>
            <MenuItem value="">My own</MenuItem>
            {services.map((u) => (
              <MenuItem key={u.id} value={u.id}>
                {u.name}
              </MenuItem>
            ))}
          </TextField>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
