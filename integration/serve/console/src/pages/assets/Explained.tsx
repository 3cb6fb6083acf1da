import CheckRounded from '@mui/icons-material/CheckRounded';
import PriorityHighRounded from '@mui/icons-material/PriorityHighRounded';
import RemoveRounded from '@mui/icons-material/RemoveRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Collapse from '@mui/material/Collapse';
import Typography from '@mui/material/Typography';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import type { Output } from '../../api/types';
import { Said } from '../../ui/Said';

type Data = Output<'assets.show'>['explained'];
type Check = Data['checks'][number];

interface Props {
  explained: Data;
  state: string;
  instance: string;
}

const fine = (c: Check) => c.state === 'works';
const unknown = (c: Check) => c.state === 'not tested';

// wayOf leads to where a check is settled, by its name.
function wayOf(name: string, base: string): { label: string; to: string } | undefined {
  if (/link|organization|customer/.test(name)) return { label: 'Go to the links', to: `${base}/links` };
  if (/type|select/.test(name)) return { label: 'Change the selection', to: `${base}/setup/2` };
  if (/field|mapping|trait/.test(name)) return { label: 'Change the mapping', to: `${base}/setup/3` };
  if (/conflict/.test(name)) return { label: 'Settle the conflicts', to: `${base}/conflicts` };
  if (/instance|pause/.test(name)) return { label: 'Go to the overview', to: base };
  return undefined;
}

// Explained is "Why isn't this syncing?": the checks in their order, the first
// one that fails in bold, with what to do.
export function Explained({ explained, state, instance }: Props) {
  const first = explained.checks.find((c) => !fine(c) && !unknown(c));
  const [open, setOpen] = useState(first !== undefined);
  const id = useId();
  const base = `/instances/${encodeURIComponent(instance)}`;
  const way = first && wayOf(first.name, base);
  const title = first || state !== 'linked' ? 'Why isn’t this syncing?' : 'Is this syncing?';
  return (
    <Box component="section" aria-label={title} sx={{ mb: 3, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', p: { xs: 2, sm: 2.5 } }}>
        <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>
          <Typography variant="h2">{title}</Typography>
          <Typography sx={{ overflowWrap: 'anywhere' }}><Said>{explained.verdict}</Said></Typography>
        </Box>
        {way && (
          <Button component={Link} to={way.to}>
            {way.label}
          </Button>
        )}
        <Button variant="text" size="small" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {open ? 'Hide the checks' : 'Show the checks'}
        </Button>
      </Box>
      <Collapse in={open} id={id}>
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {explained.checks.map((c) => (
            <Box component="li" key={c.name} sx={{ display: 'flex', gap: 1.5, px: { xs: 2, sm: 2.5 }, py: 1, borderTop: '1px solid', borderColor: 'divider', bgcolor: c === first ? 'tone.warn.surface' : 'transparent', '& > svg': { fontSize: 18, mt: '2px', flex: 'none' } }}>
              {fine(c) ? <CheckRounded sx={{ color: 'success.main' }} /> : unknown(c) ? <RemoveRounded sx={{ color: 'text.disabled' }} /> : <PriorityHighRounded sx={{ color: 'warning.main' }} />}
              <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                <Box component="span" sx={{ fontWeight: c === first ? 640 : 540 }}>
                  <span className="visually-hidden">{fine(c) ? 'Yes: ' : unknown(c) ? 'Not looked at: ' : 'No: '}</span>
                  {c.title}
                </Box>
                {!unknown(c) && (
                  <Typography variant="body2" color="text.secondary">
                    <Said>{c.message}</Said> {c.do && !fine(c) && <Said>{c.do}</Said>}
                  </Typography>
                )}
              </Box>
            </Box>
          ))}
        </Box>
      </Collapse>
    </Box>
  );
}
