import NotificationsRounded from '@mui/icons-material/NotificationsRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { sentence } from '../../api/problem';
import { useRead, useWrite } from '../../api/query';
import type { Output } from '../../api/types';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState, ProblemNotice } from '../../ui/ErrorState';
import { Panel, Section } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { When } from '../../ui/When';
import { Notice, Tag } from '../../ui/tone';
import { type Typed, alertsOf, sealed, typedOf } from './alerts';

// AlertSettings is what is wrong now, and who is told of it.
export function AlertSettings({ instance, may }: { instance: string; may: boolean }) {
  return (
    <>
      <Troubles instance={instance} />
      {may ? <Receivers instance={instance} /> : <Box sx={{ color: 'text.secondary' }}>Installers may see and change who is told.</Box>}
    </>
  );
}

function Troubles({ instance }: { instance: string }) {
  const alerts = useRead('alerts.list', instance, {});
  return (
    <Section title="What is wrong, and was" flush>
      <Panel>
        <DataTable
          label="Alerts of the last 30 days"
          rows={alerts.data?.items ?? []}
          keyOf={(a) => a.kind + (a.since ?? '') + a.title}
          loading={alerts.isPending}
          error={alerts.error}
          retry={() => void alerts.refetch()}
          columns={[
            {
              name: 'title',
              title: 'What',
              cell: (a) => (
                <Box sx={{ overflowWrap: 'anywhere' }}>
                  <Box sx={{ fontWeight: 560 }}>{a.title}</Box>
                  <Box sx={{ color: 'text.secondary' }}>
                    {sentence(a.text)} {!a.ended && a.do && sentence(a.do)}
                  </Box>
                  {a.fault && <Box sx={{ color: 'tone.bad.words' }}>Nobody could be told: {sentence(a.fault)}</Box>}
                </Box>
              ),
            },
            { name: 'state', title: 'State', width: 110, cell: (a) => (a.ended ? <Tag>Over</Tag> : <Tag tone="warn">Goes on</Tag>) },
            { name: 'since', title: 'Since', from: 'sm', width: 120, cell: (a) => <When at={a.since} /> },
            { name: 'told', title: 'Told', from: 'sm', width: 120, cell: (a) => (a.told ? <When at={a.told} /> : 'nobody') },
          ]}
          empty={<EmptyState icon={<NotificationsRounded />} title="Nothing is wrong">And nothing was, in the last 30 days.</EmptyState>}
        />
      </Panel>
    </Section>
  );
}

function Receivers({ instance }: { instance: string }) {
  const shown = useRead('alerts.show', instance, {}, { staleTime: 0 });
  if (shown.error && !shown.data) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />;
  if (!shown.data) return <Skeleton variant="rounded" height={320} />;
  return <Form key={shown.data.version} instance={instance} shown={shown.data} />;
}

function Form({ instance, shown }: { instance: string; shown: Output<'alerts.show'> }) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(shown));
  const save = useWrite('alerts.set', instance);
  const test = useWrite('alerts.test', instance);
  const { say } = useToasts();
  const set = (changes: Partial<Typed>) => setTyped((t) => ({ ...t, ...changes }));
  const alerts = alertsOf(typed, shown.kinds.length);
  const reaches = alerts.webhook !== undefined || alerts.mail !== undefined;
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        save.mutate({ alerts, version: shown.version }, { onSuccess: () => say('Who is told is changed.') });
      }}
    >
      <Section title="Webhook">
        <Stack spacing={2}>
          <FormControlLabel control={<Checkbox checked={typed.hook} onChange={(e) => set({ hook: e.target.checked })} />} label="Send to Slack, Teams or a service of yours" />
          {typed.hook && (
            <>
              <TextField required label="Address" type="url" placeholder="https://" value={typed.url} onChange={(e) => set({ url: e.target.value })} autoComplete="off" />
              <TextField label="Signing secret (optional)" type="password" value={typed.secret} onChange={(e) => set({ secret: e.target.value })} placeholder={shown.alerts.webhook?.secret === sealed ? 'Stored; type to replace it' : ''} autoComplete="new-password" helperText="Signs each message, so that your service knows who sent it." />
            </>
          )}
        </Stack>
      </Section>
      <Section title="Mail">
        <Stack spacing={2}>
          <FormControlLabel control={<Checkbox checked={typed.mail} onChange={(e) => set({ mail: e.target.checked })} />} label="Send mail" />
          {typed.mail && (
            <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}>
              <TextField required label="Server and port" placeholder="smtp.example.com:587" value={typed.server} onChange={(e) => set({ server: e.target.value })} />
              <TextField select label="Encryption" value={typed.security} onChange={(e) => set({ security: e.target.value as Typed['security'] })} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'Encryption' } } }}>
                <MenuItem value="starttls">STARTTLS</MenuItem>
                <MenuItem value="tls">TLS from the start</MenuItem>
                <MenuItem value="none">None</MenuItem>
              </TextField>
              <TextField required label="From" type="email" value={typed.from} onChange={(e) => set({ from: e.target.value })} />
              <TextField required label="To" value={typed.to} onChange={(e) => set({ to: e.target.value })} helperText="With commas between them." />
              <TextField label="User name (optional)" value={typed.username} onChange={(e) => set({ username: e.target.value })} autoComplete="off" />
              <TextField label="Password (optional)" type="password" value={typed.password} onChange={(e) => set({ password: e.target.value })} placeholder={shown.alerts.mail?.password === sealed ? 'Stored; type to replace it' : ''} autoComplete="new-password" />
            </Box>
          )}
        </Stack>
      </Section>
      <Section title="Of what">
        <Box role="group" aria-label="Kinds of trouble" sx={{ display: 'grid' }}>
          {shown.kinds.map((k) => {
            const name = k.name as Typed['kinds'][number];
            return <FormControlLabel key={k.name} control={<Checkbox checked={typed.kinds.includes(name)} onChange={(e) => set({ kinds: e.target.checked ? [...typed.kinds, name] : typed.kinds.filter((o) => o !== name) })} />} label={k.title} />;
          })}
        </Box>
        <TextField label="Hours without a cycle that are too long" value={typed.overdue} onChange={(e) => set({ overdue: e.target.value.replace(/\D/g, '') })} sx={{ mt: 2, maxWidth: 320 }} helperText="3, when nothing is entered." slotProps={{ htmlInput: { inputMode: 'numeric' } }} />
      </Section>
      <Stack spacing={2}>
        <ProblemNotice error={save.error ?? test.error} />
        {test.data && <Notice tone="good" role="status" title="The test message was sent.">{sentence(test.data.message)}</Notice>}
        {typed.kinds.length === 0 && <Notice tone="warn">Choose at least one kind of trouble.</Notice>}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <Button type="submit" variant="contained" color="primary" loading={save.isPending} disabled={typed.kinds.length === 0}>
            Save
          </Button>
          <Button loading={test.isPending} disabled={!reaches} onClick={() => test.mutate({ alerts })}>
            Send a test
          </Button>
        </Box>
      </Stack>
    </form>
  );
}
