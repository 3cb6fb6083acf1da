import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { Output } from '../../../api/types';

type Previews = Output<'preview.fields'>;
type Sample = Previews['fields'][number]['samples'][number];

// SampleTable shows real assets as Rev.io would get them; what would not arrive
// as it is says why.
export function SampleTable({ previews }: { previews: Previews }) {
  const mapped = previews.fields.filter((f) => f.traitId);
  const assets = [...new Set(mapped.flatMap((f) => f.samples.map((s) => s.asset)))].slice(0, 5);
  return (
    <Box sx={{ mt: 3 }}>
      <Typography variant="h3" component="h2" sx={{ mb: 1 }}>
        What Rev.io would get
      </Typography>
      {assets.length === 0 ? (
        <Typography color="text.secondary">{mapped.length === 0 ? 'Map a field to see it filled from your own assets.' : 'None of the assets looked at has a value in the mapped traits.'}</Typography>
      ) : (
        <TableContainer sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '10px' }} tabIndex={0} role="region" aria-label="What Rev.io would get, a table">
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>Asset</TableCell>
                {mapped.map((f) => (
                  <TableCell key={f.field}>{f.title}</TableCell>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {assets.map((a) => (
                <TableRow key={a}>
                  <TableCell component="th" scope="row" sx={{ fontWeight: 560, minWidth: 130 }}>
                    {a}
                  </TableCell>
                  {mapped.map((f) => (
                    <TableCell key={f.field} sx={{ minWidth: 120, verticalAlign: 'top' }}>
                      <Value sample={f.samples.find((s) => s.asset === a)} />
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
      {previews.note && (
        <Typography variant="body2" color="text.secondary" sx={{ mt: 1 }}>
          {previews.note}
        </Typography>
      )}
    </Box>
  );
}

function Value({ sample }: { sample: Sample | undefined }) {
  if (!sample) return <Box sx={{ color: 'text.secondary' }}>empty</Box>;
  const changed = sample.raw !== sample.value;
  return (
    <Box sx={{ overflowWrap: 'anywhere' }}>
      {sample.value && <div>{sample.value}</div>}
      {changed && (
        <Box sx={{ fontSize: '0.75rem', color: 'text.secondary' }}>
          in IT Glue: {clipped(sample.raw)}
        </Box>
      )}
      {sample.problem && <Box sx={{ fontSize: '0.75rem', color: sample.value ? 'warning.main' : 'error.main' }}>{sample.problem}</Box>}
    </Box>
  );
}

const clipped = (text: string) => (text.length > 80 ? text.slice(0, 80) + '…' : text);
