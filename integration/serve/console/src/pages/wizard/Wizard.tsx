import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { call, newKey } from '../../api/client';
import { type Finding, type Problem, problemOf } from '../../api/problem';
import { useWrite } from '../../api/query';
import { ErrorState } from '../../ui/ErrorState';
import { Page } from '../../ui/Page';
import { useToasts } from '../../ui/Toasts';
import { Notice } from '../../ui/tone';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Bar } from './Bar';
import { Begin } from './Begin';
import { type Checked, Checks } from './Checks';
import { Help, fieldOf } from './Help';
import { Rail } from './Rail';
import { StepForm } from './StepForm';
import { WizardContext } from './context';
import { inOrder, storedSecrets, unanswered, withValue } from './data';
import { type Setup, steps } from './steps';
import { useDraft } from './useDraft';
import { useForm } from './useForm';

interface Props {
  instance: string;
  setup: Setup;
  at: number;
}

// JSON Forms tells of a change a moment after it.
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

// Wizard is the four pages with the screen before them. What is entered is
// saved as it is entered; Next tests what the page can test.
export function Wizard({ instance, setup, at }: Props) {
  const base = `/instances/${encodeURIComponent(instance)}/setup`;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { say } = useToasts();
  const step = at > 0 ? steps[at - 1] : undefined;
  const form = useForm(instance, step);
  const [checked, setChecked] = useState<{ of: string; result: Checked }>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [findings, setFindings] = useState<Finding[]>([]);
  const [field, setField] = useState('');
  const [stored, setStored] = useState<Record<string, string>>({});
  const [discarding, setDiscarding] = useState(false);
  const discard = useWrite('instance.discard', instance);
  const top = useRef<HTMLDivElement>(null);

  const onSaved = useCallback(
    (page: string, sent: unknown, after: Setup) => setStored(storedSecrets(page, sent, after.secrets.map((s) => s.pointer))),
    [],
  );
  const draft = useDraft(instance, setup.instance.version, onSaved);

  useEffect(() => {
    setFindings([]);
    setProblem(undefined);
    setField('');
    window.scrollTo(0, 0);
  }, [at]);

  const changed = useCallback(
    (data: unknown) => {
      if (!step || !form.set(data)) return;
      draft.change(step.page, data);
      setFindings((all) => (all.length > 0 ? [] : all));
    },
    [draft, form, step],
  );

  const fingerprint = JSON.stringify(form.data ?? null);
  const test = async (): Promise<Checked | undefined> => {
    setBusy(true);
    setProblem(undefined);
    try {
      // Saved first: what is tested is what is stored, with the secrets sealed.
      await settled();
      await draft.flush();
      await settled();
      const data = form.latest();
      const result = await call('connections.check', instance, { answers: { connections: data } });
      setChecked({ of: JSON.stringify(data ?? null), result });
      return result;
    } catch (err) {
      setProblem(problemOf(err));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const fix = (set: Record<string, string>) => {
    const data = Object.entries(set).reduce<unknown>((d, [p, v]) => withValue(d, p.replace(/^\/connections/, ''), v), form.latest());
    form.replace(data);
    draft.change('connections', data);
    void test();
  };

  const show = (all: Finding[]) => {
    setFindings(all);
    requestAnimationFrame(() => top.current?.focus());
  };
  const go = (to: string) => void navigate(to);

  // next saves, has the server look at the page, and goes on if nothing is wrong.
  const next = async () => {
    setProblem(undefined);
    if (!step) return go(`${base}/1`);
    await settled();
    const open = unanswered(form.form?.schema ?? {}, form.latest());
    if (open.length > 0) return show(inOrder(open, form.form?.uiSchema ?? {}));
    if (step.page === 'connections' && !(checked && checked.of === JSON.stringify(form.latest()))) {
      const result = await test();
      if (!result || result.ready !== 'yes') return document.getElementById('checks')?.scrollIntoView({ block: 'start' });
    } else if (step.page === 'connections' && checked?.result.ready === 'no') return;
    setBusy(true);
    try {
      const after = await draft.flush();
      const missing = after?.steps.find((s) => s.page === step.page);
      if (missing && missing.state !== 'done' && missing.message) return show([{ pointer: '', message: missing.message }]);
      if (at < steps.length) return go(`${base}/${at + 1}`);
      await call('instance.finish', instance, { version: after?.instance.version ?? setup.instance.version }, { idempotencyKey: newKey() });
      await Promise.all([queries.invalidateQueries({ queryKey: [instance] }), queries.invalidateQueries({ queryKey: ['*'] })]);
      say(setup.instance.status === 'draft' ? 'The setup is complete. Organizations are being matched; you can leave this page.' : 'The new setup is in force.');
      go(`/instances/${encodeURIComponent(instance)}${setup.instance.status === 'draft' ? '/links' : ''}`);
    } catch (err) {
      const p = problemOf(err);
      setProblem(p);
      show(p.findings.filter((f) => f.pointer.startsWith('/' + step.page)).map((f) => ({ ...f, pointer: f.pointer.slice(step.page.length + 1) })));
    } finally {
      setBusy(false);
    }
  };
  const leave = async () => {
    try {
      await settled();
      await draft.flush();
      go(`/instances/${encodeURIComponent(instance)}`);
    } catch (err) {
      setProblem(problemOf(err));
    }
  };

  const answers = useMemo(() => (step ? { ...setup.answers, [step.page]: form.data } : setup.answers), [setup.answers, step, form.data]);
  const context = useMemo(() => ({ instance, answers, secrets: setup.secrets, stored, page: step?.page ?? '' }), [instance, answers, setup.secrets, stored, step]);
  const stale = checked !== undefined && checked.of !== fingerprint;
  const warned = step?.page === 'connections' && checked?.result.ready === 'warnings' && !stale;
  const untested = step?.page === 'connections' && (!checked || stale);
  const label = at === 0 ? 'Start' : at === steps.length ? (setup.instance.status === 'draft' ? 'Finish' : 'Put into force') : untested ? 'Test and go on' : warned ? 'Continue with warnings' : 'Next';

  return (
    <WizardContext value={context}>
      <Page
        title={step?.title ?? 'Before you begin'}
        lead={step ? step.lead : 'Have these at hand, and the setup takes about five minutes.'}
        crumbs={[
          { label: 'Instances', to: '/instances' },
          { label: instance, to: `/instances/${encodeURIComponent(instance)}` },
        ]}
        width="wide"
        actions={
          setup.unfinished && (
            <Button color="error" onClick={() => setDiscarding(true)}>
              Discard the changes
            </Button>
          )
        }
      >
        <Box sx={{ display: 'grid', gap: { xs: 2.5, md: 3, xl: 4 }, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '204px minmax(0, 1fr)', lg: at <= 1 ? '204px minmax(0, 1fr) 210px' : '204px minmax(0, 1fr)', xl: '216px minmax(0, 1fr) 250px' }, alignItems: 'start' }}>
          <Box sx={{ position: { md: 'sticky' }, top: 76 }}>
            <Rail setup={setup} at={at} base={base} faulty={findings.length > 0 ? [at] : []} />
          </Box>
          <Box onFocusCapture={(e) => setField(fieldOf(e.target))} onBlurCapture={() => void draft.flush().catch(() => undefined)} sx={{ minWidth: 0 }}>
            <Box ref={top} tabIndex={-1} sx={{ outline: 'none', display: 'grid', gap: 1.5, mb: findings.length > 0 || problem || draft.problem ? 2 : 0 }}>
              {setup.unfinished && at === 0 && <Notice tone="info">These changes are not in force yet. What runs stays as it is until you put them into force on the last page.</Notice>}
              {findings.length > 0 && (
                <Notice tone="bad" role="alert" title={findings.length === 1 ? 'One answer needs your attention' : `${findings.length} answers need your attention`}>
                  <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
                    {findings.map((f) => (
                      <li key={f.pointer + f.message}>
                        <Pointed finding={f} />
                      </li>
                    ))}
                  </Box>
                </Notice>
              )}
              {(problem ?? draft.problem) && <SaveProblem problem={(problem ?? draft.problem)!} reload={() => void queries.invalidateQueries({ queryKey: [instance] })} />}
            </Box>
            {at === 0 && <Begin runAs={setup.instance.runAs ?? ''} saveRunAs={(runAs) => draft.put({ runAs }).then(() => queries.invalidateQueries({ queryKey: [instance, 'before-you-begin'] }))} />}
            {step && form.error ? (
              <ErrorState error={form.error} retry={form.retry} way={{ label: 'Go to the step before', to: at > 1 ? `${base}/${at - 1}` : base }} />
            ) : (
              step && <StepForm form={form} findings={findings} onChange={changed} />
            )}
            {step?.page === 'connections' && form.form && <Checks result={checked?.result} stale={stale} busy={busy} error={undefined} test={() => void test()} fix={fix} />}
            <Bar
              back={at > 0 ? () => go(at === 1 ? base : `${base}/${at - 1}`) : undefined}
              leave={() => void leave()}
              next={() => void next()}
              label={label}
              busy={busy}
              blocked={step !== undefined && (form.form === undefined || (step.page === 'connections' && !untested && checked?.result.ready === 'no'))}
              saving={draft.saving}
              savedAt={draft.savedAt}
            />
          </Box>
          <Box sx={{ display: { xs: 'none', lg: at <= 1 ? 'block' : 'none', xl: 'block' }, alignSelf: 'stretch' }}>
            <Help at={at} field={field} />
          </Box>
        </Box>
      </Page>
      <ConfirmDialog
        open={discarding}
        title="Discard the changes?"
        confirm="Discard the changes"
        danger
        busy={discard.isPending}
        error={discard.error}
        onClose={() => setDiscarding(false)}
        onConfirm={() => discard.mutate({}, { onSuccess: () => go(`/instances/${encodeURIComponent(instance)}`) })}
      >
        The answers that are not in force yet are forgotten. What runs stays as it is.
      </ConfirmDialog>
    </WizardContext>
  );
}

// Pointed leads from the list of findings to the field.
function Pointed({ finding }: { finding: Finding }) {
  if (!finding.pointer) return <>{finding.message}</>;
  const id = '#/properties/' + finding.pointer.split('/').slice(1).join('/properties/');
  const focus = () => {
    const e = [...document.querySelectorAll<HTMLElement>('[id]')].find((x) => x.id === `${id}-input` || x.id === id);
    (e?.matches('input, [tabindex]') ? e : e?.querySelector<HTMLElement>('input, button, [tabindex]'))?.focus();
  };
  return (
    <Button variant="text" size="small" onClick={focus} sx={{ p: 0, minHeight: 24, minWidth: 0, color: 'inherit', textDecoration: 'underline', whiteSpace: 'normal', textAlign: 'left', fontWeight: 'inherit' }}>
      {finding.message}
    </Button>
  );
}

function SaveProblem({ problem, reload }: { problem: Problem; reload: () => void }) {
  return (
    <Notice tone="bad" role="alert" title={problem.message} action={problem.code === 'conflict' || problem.status === 412 ? <Button onClick={reload}>Read it again</Button> : undefined}>
      {problem.do}
    </Notice>
  );
}
