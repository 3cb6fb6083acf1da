import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useLocation } from 'react-router';
import { places } from './nav';

type Keys = [keys: string, does: string][];

const everywhere: Keys = [
  ['Ctrl K or ⌘ K', 'Search, and go to a page'],
  ['/', 'Go to the filter of the page'],
  ['?', 'Show this list'],
];

// The keys of single pages; a page adds its own here.
const ofPages: { title: string; on: RegExp; keys: Keys }[] = [
  {
    title: 'Links',
    on: /\/links$/,
    keys: [
      ['j k', 'Next, previous'],
      ['Enter', 'Open the details'],
      ['a', 'Accept'],
      ['r', 'Reject'],
      ['m', 'Link with another customer'],
      ['x', 'Select'],
      ['Shift A', 'Accept what is selected'],
      ['u', 'Undo the last decision'],
      ['[ ]', 'Previous, next tab'],
      ['1 to 5', 'In the details: choose a runner-up'],
      ['t', 'As a tree, or as a list'],
    ],
  },
  {
    title: 'Conflicts',
    on: /\/conflicts$/,
    keys: [
      ['1', "Take IT Glue's value"],
      ['2', "Take Rev.io's value"],
      ['n', 'Next that nobody decided'],
    ],
  },
];

// Shortcuts lists the keys, those of this page first.
export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { pathname } = useLocation();
  const here = ofPages.filter((p) => p.on.test(pathname));
  const elsewhere = ofPages.filter((p) => !p.on.test(pathname));
  const go: Keys = places.map((p) => [`g ${p.key}`, p.title]);
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="shortcuts" maxWidth="sm" fullWidth>
      <DialogTitle id="shortcuts">Keys</DialogTitle>
      <DialogContent>
        <Box sx={{ display: 'grid', gap: 2.5, gridTemplateColumns: { sm: '1fr 1fr' }, pt: 1 }}>
          {here.map((p) => (
            <List key={p.title} title="On this page" keys={p.keys} />
          ))}
          <List title="Everywhere" keys={everywhere} />
          <List title="Go to" keys={go} />
          {elsewhere.map((p) => (
            <List key={p.title} title={`On ${p.title}`} keys={p.keys} />
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}

function List({ title, keys }: { title: string; keys: Keys }) {
  return (
    <div>
      <Typography variant="h4" component="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'max-content 1fr', columnGap: 2, rowGap: 0.5 }}>
        {keys.map(([k, does]) => (
          <Box key={k} sx={{ display: 'contents' }}>
            <dt>
              <Box component="kbd" sx={{ fontFamily: 'inherit', fontSize: '0.78125rem', fontWeight: 560, border: '1px solid', borderColor: 'divider', borderRadius: '5px', px: 0.75, py: '1px', bgcolor: 'background.sunken' }}>
                {k}
              </Box>
            </dt>
            <Box component="dd" sx={{ m: 0, color: 'text.secondary' }}>
              {does}
            </Box>
          </Box>
        ))}
      </Box>
    </div>
  );
}
