import CheckCircleRounded from '@mui/icons-material/CheckCircleRounded';
import ErrorRounded from '@mui/icons-material/ErrorRounded';
import RadioButtonUncheckedRounded from '@mui/icons-material/RadioButtonUncheckedRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useRead } from '../../api/query';
import type { Item } from '../../api/types';
import { sentence } from '../../api/problem';
import { ErrorState } from '../../ui/ErrorState';
import { Notice } from '../../ui/tone';
import { useWizard } from './context';

type Precondition = Item<'before-you-begin'>;

const systems = { itglue: 'In IT Glue', revio: 'In Rev.io', here: 'Here' } as const;
const signs = {
  done: { icon: <CheckCircleRounded sx={{ color: 'success.main' }} />, words: 'In place' },
  open: { icon: <ErrorRounded sx={{ color: 'warning.main' }} />, words: 'Open' },
  unknown: { icon: <RadioButtonUncheckedRounded sx={{ color: 'text.disabled' }} />, words: 'Not known yet' },
} as const;

interface Props {
  runAs: string;
  saveRunAs: (name: string) => Promise<unknown>;
}

// Begin is the screen before the wizard's pages: the help article's list. What
// can be looked at ticks itself; it looks again after each page.
export function Begin({ runAs, saveRunAs }: Props) {
  const { instance } = useWizard();
  const list = useRead('before-you-begin', instance, {}, { staleTime: 0 });
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />;
  const items = list.data?.items ?? [];
  const done = items.filter((i) => i.state === 'done').length;
  return (
    <Box sx={{ display: 'grid', gap: 3 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography color="text.secondary" role="status">
          {list.isPending ? 'Looking at what is in place…' : `${done} of ${items.length} are in place. The rest tick themselves once the credentials are entered; nothing here stops you from going on.`}
        </Typography>
        <Button size="small" onClick={() => void list.refetch()} loading={list.isFetching}>
          Look again
        </Button>
      </Box>
      {(Object.keys(systems) as (keyof typeof systems)[]).map((s) => (
        <section key={s} aria-label={systems[s]}>
          <Typography variant="h2" sx={{ mb: 1 }}>
            {systems[s]}
          </Typography>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper' }}>
            {list.isPending
              ? [0, 1].map((i) => (
                  <Box component="li" key={i} sx={{ p: 2 }}>
                    <Skeleton width={`${70 - i * 20}%`} />
                  </Box>
                ))
              : items.filter((i) => i.system === s).map((i) => <Line key={i.name} item={i}>{i.name === 'service-account' && <ServiceAccount runAs={runAs} save={saveRunAs} />}</Line>)}
          </Box>
        </section>
      ))}
      {list.data?.note && (
        <Notice tone="info" title="Sign in as the integration, not as yourself">
          {list.data.note}
        </Notice>
      )}
    </Box>
  );
}

function Line({ item, children }: { item: Precondition; children?: React.ReactNode }) {
  const sign = signs[item.state];
  return (
    <Box component="li" sx={{ display: 'flex', gap: 1.5, px: 2, py: 1.5, borderTop: '1px solid', borderColor: 'divider', '&:first-of-type': { borderTop: 0 }, '& > svg': { fontSize: 20, mt: '1px', flex: 'none' } }}>
      {sign.icon}
      <Box sx={{ minWidth: 0, flex: 1 }}>
        <span className="visually-hidden">{sign.words}: </span>
        {item.text}
        {item.message && (
          <Typography variant="body2" color="text.secondary" sx={{ mt: 0.25 }}>
            {sentence(item.message)} {item.do && sentence(item.do)}
          </Typography>
        )}
        {children}
      </Box>
    </Box>
  );
}

function ServiceAccount({ runAs, save }: { runAs: string; save: (name: string) => Promise<unknown> }) {
  const [name, setName] = useState(runAs);
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      await save(name.trim());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box
      component="form"
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-end', mt: 1.25 }}
    >
      <TextField label="Name of the service account" value={name} onChange={(e) => setName(e.target.value)} placeholder="itglue-sync@acme" sx={{ flex: '1 1 220px', maxWidth: 320 }} autoComplete="off" slotProps={{ htmlInput: { spellCheck: false } }} />
      <Button type="submit" loading={busy} disabled={name.trim() === runAs}>
        Save
      </Button>
    </Box>
  );
}
