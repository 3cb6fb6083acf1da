import CheckCircleRounded from '@mui/icons-material/CheckCircleRounded';
import ErrorRounded from '@mui/icons-material/ErrorRounded';
import RadioButtonUncheckedRounded from '@mui/icons-material/RadioButtonUncheckedRounded';
import WarningRounded from '@mui/icons-material/WarningRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Collapse from '@mui/material/Collapse';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { sentence } from '../../api/problem';
import type { Output } from '../../api/types';
import { ProblemNotice } from '../../ui/ErrorState';
import { count } from '../../ui/words';

export type Checked = Output<'connections.check'>;
type Check = Checked['checks'][number];

const signs = {
  pass: { icon: <CheckCircleRounded sx={{ color: 'success.main' }} />, words: 'Works' },
  warn: { icon: <WarningRounded sx={{ color: 'warning.main' }} />, words: 'Warning' },
  fail: { icon: <ErrorRounded sx={{ color: 'error.main' }} />, words: 'Failed' },
  untested: { icon: <RadioButtonUncheckedRounded sx={{ color: 'text.disabled' }} />, words: 'Not tested' },
} as const;

interface Props {
  result: Checked | undefined;
  // The answers were changed since.
  stale: boolean;
  busy: boolean;
  error: unknown;
  test: () => void;
  fix: (set: Record<string, string>) => void;
}

// summary says what a test came to, in one line.
export function summary(result: Checked): string {
  const failed = result.checks.filter((c) => c.result === 'fail').length;
  const warned = result.checks.filter((c) => c.result === 'warn').length;
  if (failed > 0) return `${count(failed, 'check')} failed. Correct ${failed === 1 ? 'it' : 'them'} to go on.`;
  if (warned > 0) return `Both systems answer, with ${count(warned, 'warning')}.`;
  return 'Both systems answer. You can go on.';
}

// Checks tests both connections with the answers as they are typed, and shows
// each check with its remedy.
export function Checks({ result, stale, busy, error, test, fix }: Props) {
  const [all, setAll] = useState(false);
  const lines = result?.checks ?? [];
  const quiet = lines.filter((c) => c.detail);
  return (
    <Box component="section" id="checks" aria-label="Test of the connections" sx={{ scrollMarginTop: '64px', border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', p: { xs: 2, sm: 2.5 } }}>
        <Box sx={{ flex: '1 1 240px' }}>
          <Typography variant="h2">Test both connections</Typography>
          <Typography color="text.secondary" role="status">
            {busy ? 'Testing…' : !result ? 'Nothing is written by the test.' : stale ? 'The answers were changed since the last test.' : summary(result)}
          </Typography>
        </Box>
        <Button onClick={test} disabled={busy} startIcon={busy ? <CircularProgress size={16} /> : undefined}>
          {result ? 'Test again' : 'Test'}
        </Button>
      </Box>
      {error !== undefined && error !== null && (
        <Box sx={{ px: 2.5, pb: 2 }}>
          <ProblemNotice error={error} />
        </Box>
      )}
      {result && (
        <Box component="ul" aria-label="Checks" sx={{ listStyle: 'none', m: 0, p: 0, opacity: stale || busy ? 0.6 : 1 }}>
          {lines
            .filter((c) => !c.detail)
            .map((c) => (
              <Line key={c.name} check={c} fix={fix} />
            ))}
          {quiet.length > 0 && (
            <Box component="li" sx={{ borderTop: '1px solid', borderColor: 'divider' }}>
              <Collapse in={all}>
                <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
                  {all && quiet.map((c) => <Line key={c.name} check={c} fix={fix} />)}
                </Box>
              </Collapse>
              <Button variant="text" size="small" onClick={() => setAll(!all)} aria-expanded={all} sx={{ m: 1 }}>
                {all ? 'Show fewer' : `Show ${count(quiet.length, 'more check')}`}
              </Button>
            </Box>
          )}
        </Box>
      )}
    </Box>
  );
}

function Line({ check: c, fix }: { check: Check; fix: (set: Record<string, string>) => void }) {
  const sign = signs[c.result];
  return (
    <Box component="li" sx={{ display: 'flex', gap: 1.5, px: { xs: 2, sm: 2.5 }, py: 1.25, borderTop: '1px solid', borderColor: 'divider', bgcolor: c.result === 'fail' ? 'tone.bad.surface' : c.result === 'warn' ? 'tone.warn.surface' : 'transparent', '& > svg': { fontSize: 20, mt: '1px', flex: 'none' } }}>
      {sign.icon}
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        <Box component="span" sx={{ fontWeight: 560 }}>
          <span className="visually-hidden">{sign.words}: </span>
          {c.title}
        </Box>
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {sentence(c.message)} {c.do && c.result !== 'pass' && !c.fix && sentence(c.do)}
        </Typography>
      </Box>
      {c.fix && (
        <Button size="small" variant="contained" color="primary" onClick={() => fix(c.fix!.set)} sx={{ alignSelf: 'center', whiteSpace: 'normal' }}>
          {c.fix.title}
        </Button>
      )}
    </Box>
  );
}
