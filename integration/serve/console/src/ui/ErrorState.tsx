import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { Link as RouteLink } from 'react-router';
import { problemOf, sentence } from '../api/problem';
import { Copy } from './Copy';
import { Said } from './Said';
import { Notice } from './tone';

interface Props {
  error: unknown;
  retry?: (() => void) | undefined;
  // Where to go when trying again does not help.
  way?: { label: string; to: string };
}

// titles say what happened before the runner's own words do.
function titleOf(status: number, code: string): string {
  if (code === 'offline') return 'The runner cannot be reached';
  if (status === 403) return 'You have no right to do this';
  if (status === 404) return 'There is no such thing here';
  if (status === 409 || status === 412) return 'Someone else changed this meanwhile';
  if (status === 429) return 'Too many requests';
  return 'That did not work';
}

// ErrorState stands where content would: what happened, what to do, and a next
// step. There is always one.
export function ErrorState({ error, retry, way = { label: 'Go to the instances', to: '/instances' } }: Props) {
  const p = problemOf(error);
  return (
    <Box role="alert" sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 1, px: 3, py: { xs: 5, sm: 7 } }}>
      <Typography variant="h3" component="p">
        {titleOf(p.status, p.code)}
      </Typography>
      <Typography color="text.secondary" sx={{ maxWidth: 520, overflowWrap: 'anywhere' }}>
        {p.message} {p.do && <Said>{p.do}</Said>}
      </Typography>
      {p.findings.length > 0 && (
        <Box component="ul" sx={{ textAlign: 'left', m: 0 }}>
          {p.findings.map((f) => (
            <li key={f.pointer + f.message}>{sentence(f.message)}</li>
          ))}
        </Box>
      )}
      <Box sx={{ mt: 1, display: 'flex', gap: 1, flexWrap: 'wrap', justifyContent: 'center' }}>
        {retry && p.status !== 403 && p.status !== 404 && (
          <Button variant="contained" color="primary" onClick={retry}>
            Try again
          </Button>
        )}
        <Button component={RouteLink} to={way.to}>
          {way.label}
        </Button>
      </Box>
      {p.requestId && <RequestId id={p.requestId} />}
    </Box>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <Typography variant="caption" color="text.secondary" sx={{ display: 'flex', alignItems: 'center', gap: 0.5, mt: 1 }}>
      Request <code>{id}</code> <Copy text={id} label="Copy the request id" />
    </Typography>
  );
}

// ProblemNotice shows a problem beside what caused it: in a dialog, above a form.
export function ProblemNotice({ error }: { error: unknown }) {
  if (!error) return null;
  const p = problemOf(error);
  return (
    <Notice tone="bad" role="alert" title={p.message}>
      {p.do && <div><Said>{p.do}</Said></div>}
      {p.findings.length > 0 && (
        <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
          {p.findings.map((f) => (
            <li key={f.pointer + f.message}>{sentence(f.message)}</li>
          ))}
        </Box>
      )}
      {p.requestId && <RequestId id={p.requestId} />}
    </Notice>
  );
}
