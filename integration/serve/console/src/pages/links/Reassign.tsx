import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { call, newKey } from '../../api/client';
import { useRead } from '../../api/query';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { ProblemNotice } from '../../ui/ErrorState';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';
import type { Link } from './words';

interface Choice {
  id: string;
  name: string;
}

interface Props {
  instance: string;
  link: Link | undefined;
  // Chosen already: a runner-up.
  preset: Choice | undefined;
  onClose: () => void;
  onDone: (link: Link, notes: string[]) => void;
}

// Reassign links an organization with another customer: it is searched, and what
// that forgets is counted before.
export function Reassign({ instance, link, preset, onClose, onDone }: Props) {
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Choice>();
  const [accept, setAccept] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const asked = useDeferredValue(search.trim());
  const open = link !== undefined;
  const found = useRead('links.search-customers', instance, { limit: 30, ...(asked ? { search: asked } : {}) }, { enabled: open, placeholderData: keepPreviousData });
  const counts = useRead('links.reassign', instance, { id: link?.id ?? '', customerId: chosen?.id ?? '', accept, dryRun: true }, { enabled: open && chosen !== undefined, staleTime: 0, gcTime: 0 });
  useEffect(() => {
    if (!open) return;
    setSearch('');
    setChosen(preset);
    setError(undefined);
    setAccept(true);
  }, [open, preset]);
  const confirm = async () => {
    if (!link || !chosen) return;
    setBusy(true);
    setError(undefined);
    try {
      const done = await call('links.reassign', instance, { id: link.id, customerId: chosen.id, accept, version: link.version }, { idempotencyKey: newKey() });
      onDone(done.link, done.notes);
    } catch (err) {
      setError(err);
    } finally {
      setBusy(false);
    }
  };
  const items = found.data?.items ?? [];
  const shown = chosen && !items.some((i) => i.id === chosen.id) ? [{ ...chosen, link: 'none', organization: undefined }, ...items] : items;
  return (
    <ConfirmDialog
      open={open}
      title={`Which customer is ${link?.organization.name ?? ''}?`}
      confirm={chosen ? (accept ? `Link with ${chosen.name} and accept` : `Link with ${chosen.name}`) : 'Link'}
      busy={busy}
      blocked={!chosen || counts.error !== null}
      error={error}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <TextField type="search" label="Search the Rev.io customers" value={search} autoFocus={preset === undefined} onChange={(e) => setSearch(e.target.value)} placeholder="Part of the name" autoComplete="off" />
        <ProblemNotice error={found.error} />
        <RadioGroup aria-label="Customers" value={chosen?.id ?? ''} onChange={(e) => setChosen(shown.find((i) => i.id === e.target.value))} sx={{ maxHeight: 240, overflowY: 'auto', flexWrap: 'nowrap', border: '1px solid', borderColor: 'divider', borderRadius: '8px', px: 1.5, py: 0.5 }}>
          {shown.map((i) => (
            <FormControlLabel
              key={i.id}
              value={i.id}
              control={<Radio />}
              label={
                <Box component="span">
                  {i.name}
                  {i.link === 'accepted' && i.organization && i.organization.id !== link?.id && (
                    <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
                      {' '}
                      linked with {i.organization.name} already
                    </Box>
                  )}
                </Box>
              }
            />
          ))}
          {shown.length === 0 && !found.isPending && <Typography sx={{ py: 1.5, color: 'text.secondary' }}>No customer’s name holds that. New customers appear after the next cycle.</Typography>}
        </RadioGroup>
        {link?.state !== 'accepted' && <FormControlLabel control={<Checkbox checked={accept} onChange={(e) => setAccept(e.target.checked)} />} label="Accept it at once" />}
        <ProblemNotice error={counts.error} />
        {counts.data && counts.data.forgotten > 0 && (
          <Notice tone="warn" role="status" title={`The link of ${count(counts.data.forgotten, 'asset')} is forgotten`}>
            {counts.data.notes.join(' ')} Nothing is deleted. They are matched anew with the new customer’s assets.
          </Notice>
        )}
      </Box>
    </ConfirmDialog>
  );
}
