import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Link } from 'react-router';
import { sentence } from '../../api/problem';
import type { Output } from '../../api/types';
import { Section } from '../../ui/Page';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';
import { actorWords } from '../instance/Timeline';
import { countWords, countsOf, planOf, reportOf } from './words';

type Shown = Output<'runs.show'>;

// Ended says why a run failed or was stopped, what that means for data, and what
// to do next.
export function Ended({ run, base }: { run: Shown; base: string }) {
  const p = run.fault;
  if (run.state !== 'failed' && run.state !== 'stopped') return null;
  const stopped = run.state === 'stopped';
  const ways: [RegExp, string, string][] = [
    [/credential|unauthorized|forbidden|permission/, 'Check the connections', '/setup/1'],
    [/needs-review/, 'Make a plan and look at it', '/plans'],
    [/mapping|schema/, 'Look at the mapping', '/setup/3'],
  ];
  const way = ways.find(([k]) => k.test(run.code ?? ''));
  return (
    <Box sx={{ mb: 3 }}>
      <Notice tone={stopped ? 'warn' : 'bad'} title={sentence(p?.message || run.error || (stopped ? 'It was stopped.' : 'It failed.'))} action={way && <Button component={Link} to={base + way[2]}>{way[1]}</Button>}>
        {stopped && run.stopBy && <div>Stopped by {actorWords(run.stopBy)}.</div>}
        {p?.do && <div>{sentence(p.do)}</div>}
        {p?.problems && p.problems.length > 0 && (
          <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
            {p.problems.map((f) => (
              <li key={f.pointer + f.message}>{sentence(f.message)}</li>
            ))}
          </Box>
        )}
        <div>What it wrote until then stays; the next run goes on from there.</div>
      </Notice>
    </Box>
  );
}

// Outcome is what a run counted and said, with what waits for a person.
export function Outcome({ run, base }: { run: Shown; base: string }) {
  const report = reportOf(run.output);
  const plan = planOf(run.flow, run.output);
  const unmade = (run.output as { notMade?: string[] } | null | undefined)?.notMade ?? [];
  if (!report) return null;
  const waits = [
    report.conflicts > 0 && { words: `${count(report.conflicts, 'conflict')} wait for a decision.`, label: 'Settle the conflicts', to: `${base}/conflicts` },
    report.held > 0 && { words: `${count(report.held, 'record is', 'records are')} held.`, label: 'See why', to: `${base}/assets?state=held` },
    report.suggested > 0 && { words: `${count(report.suggested, 'link waits', 'links wait')} with a suggestion.`, label: 'Review the links', to: `${base}/links` },
  ].filter((w) => w !== false);
  const counts = countsOf(report).filter((c) => c.name !== 'attention' && c.count > 0);
  return (
    <>
      {plan && (
        <Box sx={{ mb: 3 }}>
          <Notice tone="info" title={report.planned > 0 ? `It plans ${count(report.planned, 'write')}. Nothing was written.` : 'It plans no write: both sides are in step.'} action={<Button component={Link} to={`${base}/plans/${encodeURIComponent(plan)}`} variant="contained" color="primary">Look at the plan</Button>} />
        </Box>
      )}
      {report.stopped.length > 0 && (
        <Section title="Organizations that were stopped" aside={!plan && <Button size="small" component={Link} to={`${base}/plans`}>Review in a plan</Button>}>
          <List lines={report.stopped} />
          <Box sx={{ color: 'text.secondary', mt: 1 }}>Nothing was written for them. All others went on.</Box>
        </Section>
      )}
      {unmade.length > 0 && (
        <Section title="Assets that were not made">
          <List lines={unmade} />
        </Section>
      )}
      {waits.length > 0 && (
        <Section title="What waits for a person" flush>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}>
            {waits.map((w) => (
              <li key={w.to}>
                <Notice tone="warn" title={w.words} action={<Button size="small" component={Link} to={w.to}>{w.label}</Button>} />
              </li>
            ))}
          </Box>
        </Section>
      )}
      {report.notes.length > 0 && (
        <Section title="Notes">
          <List lines={report.notes} />
        </Section>
      )}
      <Section title="Counts">
        {counts.length === 0 ? 'It looked at nothing and wrote nothing.' : (
          <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' }, columnGap: 4 }}>
            {counts.map((c) => (
              <Box key={c.name} sx={{ display: 'flex', justifyContent: 'space-between', gap: 2, py: 0.6, borderBottom: '1px solid', borderColor: 'divider' }}>
                <Box component="dt" sx={{ color: 'text.secondary' }}>{countWords(c.name)}</Box>
                <Box component="dd" sx={{ m: 0, fontWeight: 560, fontVariantNumeric: 'tabular-nums' }}>{c.count.toLocaleString('en')}</Box>
              </Box>
            ))}
          </Box>
        )}
      </Section>
    </>
  );
}

function List({ lines }: { lines: readonly string[] }) {
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.25, display: 'grid', gap: 0.5, overflowWrap: 'anywhere' }}>
      {lines.map((l) => (
        <li key={l}>{sentence(l)}</li>
      ))}
    </Box>
  );
}
