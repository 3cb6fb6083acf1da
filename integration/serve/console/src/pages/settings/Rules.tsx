import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { Link } from 'react-router';
import { useRead, useWrite } from '../../api/query';
import type { Output } from '../../api/types';
import { ErrorState, ProblemNotice } from '../../ui/ErrorState';
import { Section } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { moment } from '../../ui/words';
import { fieldTitle } from '../plans/plan';
import { everyWords, nextTimes, span } from './schedule';

type Settings = Output<'instance.rules'>;

const winners = { ask: 'Ask a person', itglue: "IT Glue's value", revio: "Rev.io's value", newest: "The newer record's value" };
const ruledFields = ['name', 'serialNumber', 'operatingSystem', 'ipAddress', 'installDate', 'description'];

// Rules shows when cycles run and by which rules, and lets them be changed.
export function Rules({ instance, may }: { instance: string; may: boolean }) {
  const settings = useRead('instance.rules', instance, {}, { staleTime: 0 });
  if (settings.error && !settings.data) return <ErrorState error={settings.error} retry={() => void settings.refetch()} />;
  if (!settings.data) return <Skeleton variant="rounded" height={320} />;
  return (
    <>
      <Schedule instance={instance} settings={settings.data} />
      <Form key={settings.data.version} instance={instance} settings={settings.data} may={may} />
    </>
  );
}

function Schedule({ instance, settings }: { instance: string; settings: Settings }) {
  const overview = useRead('instance.overview', instance, {});
  const every = span(settings.every);
  const times = nextTimes(overview.data?.nextRun, every);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Section title="Schedule">
      <div>
        A cycle runs {everyWords(every)} by itself{settings.runAs && `, as ${settings.runAs}`}. Sooner than that, press “Sync now”.
      </div>
      {times.length > 0 && (
        <Box sx={{ mt: 1, color: 'text.secondary' }}>
          The next ones, in your zone ({zone}):
          <Box component="ul" sx={{ m: 0, pl: 2.25 }}>
            {times.map((t) => (
              <li key={t.getTime()}>{moment(t)}</li>
            ))}
          </Box>
        </Box>
      )}
      {overview.data?.status === 'paused' && <Box sx={{ mt: 1 }}>The instance is paused: nothing runs until you let it go on.</Box>}
    </Section>
  );
}

function Form({ instance, settings, may }: { instance: string; settings: Settings; may: boolean }) {
  const r = settings.rules;
  const [guard, setGuard] = useState({ organization: String(r.guard?.organization ?? ''), instance: String(r.guard?.instance ?? '') });
  const [firstWinner, setFirstWinner] = useState<string>(r.firstWinner ?? 'ask');
  const [fields, setFields] = useState<Record<string, string>>(r.fields ?? {});
  const [firstRun, setFirstRun] = useState<string>(r.firstRun ?? 'write');
  const [tagged, setTagged] = useState(r.taggedPasswords ?? false);
  const [inactive, setInactive] = useState((r.inactiveStatuses ?? []).join(', '));
  const [runAs, setRunAs] = useState(settings.runAs);
  const save = useWrite('instance.set-rules', instance);
  const makeService = useWrite('account.make-service', instance);
  const { say, fail } = useToasts();
  const bad = (v: string) => !/^\d+$/.test(v) || Number(v) < 1 || Number(v) > 100;
  const names = [...new Set([...ruledFields, ...Object.keys(fields)])];
  const submit = () =>
    save.mutate(
      {
        rules: {
          guard: { organization: Number(guard.organization), instance: Number(guard.instance) },
          firstWinner,
          firstRun,
          fields: Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== '')),
          taggedPasswords: tagged,
          inactiveStatuses: inactive.split(',').map((s) => s.trim()).filter(Boolean),
        },
        ...(runAs !== settings.runAs ? { runAs } : {}),
        version: settings.version,
      },
      { onSuccess: () => say('The rules are changed. They hold from the next cycle on.') },
    );
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        submit();
      }}
    >
      <Box component="fieldset" disabled={!may} sx={{ border: 0, m: 0, p: 0, minWidth: 0 }}>
        <Section title="Mass-change guard">
          <Box sx={{ mb: 2 }}>It stops a cycle when too much would be emptied, gone or renamed at once, until a person has looked at the plan.</Box>
          <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { sm: '1fr 1fr' } }}>
            <TextField disabled={!may} label="In one organization, percent" value={guard.organization} error={bad(guard.organization)} onChange={(e) => setGuard({ ...guard, organization: e.target.value })} helperText={bad(guard.organization) ? 'From 1 to 100.' : 'Above this share that organization waits.'} slotProps={{ htmlInput: { inputMode: 'numeric' } }} />
            <TextField disabled={!may} label="In the whole instance, percent" value={guard.instance} error={bad(guard.instance)} onChange={(e) => setGuard({ ...guard, instance: e.target.value })} helperText={bad(guard.instance) ? 'From 1 to 100.' : 'Above this share the whole cycle waits.'} slotProps={{ htmlInput: { inputMode: 'numeric' } }} />
          </Box>
        </Section>
        <Section title="Conflicts" aside={<Button size="small" component={Link} to={`/instances/${encodeURIComponent(instance)}/conflicts`}>Open conflicts</Button>}>
          <Stack spacing={2}>
            <TextField disabled={!may} select label="The first time, where both sides have a value" value={firstWinner} onChange={(e) => setFirstWinner(e.target.value)} helperText="Empty values are filled either way." sx={{ maxWidth: 320 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'The first time, where both sides have a value' } } }}>
              {(['ask', 'itglue', 'revio'] as const).map((w) => (
                <MenuItem key={w} value={w}>
                  {winners[w]}
                </MenuItem>
              ))}
            </TextField>
            <div>
              <Box sx={{ fontWeight: 560, mb: 1 }}>Later, where both sides changed</Box>
              <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
                {names.map((f) => (
                  <TextField key={f} disabled={!may} select label={fieldTitle(f)} value={fields[f] ?? 'ask'} onChange={(e) => setFields({ ...fields, [f]: e.target.value === 'ask' ? '' : e.target.value })} slotProps={{ select: { SelectDisplayProps: { 'aria-label': fieldTitle(f) } } }}>
                    {Object.entries(winners).map(([w, words]) => (
                      <MenuItem key={w} value={w}>
                        {words}
                      </MenuItem>
                    ))}
                  </TextField>
                ))}
              </Box>
            </div>
          </Stack>
        </Section>
        <Section title="Assets, organizations and passwords">
          <Stack spacing={2}>
            <TextField disabled={!may} select label="The first run of an accepted link" value={firstRun} onChange={(e) => setFirstRun(e.target.value)} sx={{ maxWidth: 320 }} slotProps={{ select: { SelectDisplayProps: { 'aria-label': 'The first run of an accepted link' } } }}>
              <MenuItem value="write">Writes at once</MenuItem>
              <MenuItem value="review">Ends in a plan to look at</MenuItem>
            </TextField>
            <TextField disabled={!may} label="Organization statuses that count as inactive" value={inactive} onChange={(e) => setInactive(e.target.value)} helperText="With commas between them, as IT Glue writes them." />
            <FormControlLabel disabled={!may} control={<Checkbox checked={tagged} onChange={(e) => setTagged(e.target.checked)} />} label="Also list passwords that are only tagged on an asset" />
          </Stack>
        </Section>
        <Section title="Unattended runs">
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-end' }}>
            <TextField disabled={!may} label="Act as the service account" value={runAs} onChange={(e) => setRunAs(e.target.value)} sx={{ maxWidth: 320 }} autoComplete="off" spellCheck={false} />
            {may && (
              <Button
                loading={makeService.isPending}
                onClick={() =>
                  makeService.mutate({}, {
                    onError: fail,
                    onSuccess: (done) => {
                      setRunAs(done.runAs);
                      say(done.made ? `${done.runAs} is made. Save to let runs act as it.` : `${done.runAs} was there already.`);
                    },
                  })
                }
              >
                Make one
              </Button>
            )}
          </Box>
        </Section>
      </Box>
      {may ? (
        <Stack spacing={2}>
          <ProblemNotice error={save.error} />
          <Box>
            <Button type="submit" variant="contained" color="primary" loading={save.isPending} disabled={bad(guard.organization) || bad(guard.instance)}>
              Save the rules
            </Button>
          </Box>
        </Stack>
      ) : (
        <Box sx={{ color: 'text.secondary' }}>Installers may change these rules.</Box>
      )}
    </form>
  );
}
