import ContentCopyRounded from '@mui/icons-material/ContentCopyRounded';
import VisibilityOffRounded from '@mui/icons-material/VisibilityOffRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Collapse from '@mui/material/Collapse';
import Typography from '@mui/material/Typography';
import { useId, useState } from 'react';
import { mono } from '../../app/theme';
import { useNow } from '../../ui/When';
import { useToasts } from '../../ui/Toasts';
import { type Copied, canCopy, copyForAWhile } from './clipboard';
import { type Kind, kindOf, shownFor, spelling } from './words';

interface Props {
  value: string;
  until: number;
  onHide: () => void;
}

const looks: Record<Kind, object> = {
  letter: {},
  digit: { color: 'info.main', textDecoration: 'underline', textDecorationThickness: '1px', textUnderlineOffset: '4px' },
  sign: { color: 'warning.main', fontWeight: 640 },
  space: { bgcolor: 'tone.warn.border', borderRadius: '3px' },
};

const copiedWords: Record<Copied, string> = {
  copied: 'Copied. In 30 seconds the clipboard is emptied, if this page has the focus then. A clipboard history, or another program, may keep it.',
  emptied: 'The clipboard was emptied.',
  kept: 'The clipboard still holds the password: a page may empty it only while it has the focus. Come back here, or copy something else.',
  refused: 'The browser did not let this page copy. Select the value, and copy it by hand.',
};

// Shown is a value for 30 seconds, each character told from those that look
// like it.
export function Shown({ value, until, onHide }: Props) {
  const now = useNow(250);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  const [spelled, setSpelled] = useState(false);
  const { say } = useToasts();
  const id = useId();
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', border: '1px solid', borderColor: 'divider', borderRadius: '10px', bgcolor: 'background.sunken', px: 2, py: 1.5 }}>
        <Box
          component="code"
          data-secret=""
          translate="no"
          sx={{ flex: 1, minWidth: 0, fontFamily: mono, fontSize: '1.125rem', lineHeight: 1.7, letterSpacing: '0.04em', fontFeatureSettings: '"zero"', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 240, overflowY: 'auto', userSelect: 'all' }}
        >
          {Array.from(value).map((c, i) => (
            <Box component="span" key={i} sx={looks[kindOf(c)]}>
              {c}
            </Box>
          ))}
        </Box>
        <Ring left={left} />
      </Box>
      <Typography variant="body2" color="text.secondary">
        <Box component="span" sx={{ ...looks.digit }}>
          Digits
        </Box>{' '}
        are underlined,{' '}
        <Box component="span" sx={{ ...looks.sign }}>
          signs
        </Box>{' '}
        are bold, spaces are shaded. It is hidden in {left} s, and at once when you leave this window.
      </Typography>
      <span className="visually-hidden" role="status">
        The password is shown for 30 seconds.
      </span>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <Button variant="contained" color="primary" autoFocus startIcon={<VisibilityOffRounded />} onClick={onHide}>
          Hide now
        </Button>
        <Button startIcon={<ContentCopyRounded />} disabled={!canCopy()} onClick={() => void copyForAWhile(value, (state) => say(copiedWords[state], undefined, 'clipboard'))}>
          Copy
        </Button>
        <Button variant="text" aria-expanded={spelled} aria-controls={id} onClick={() => setSpelled(!spelled)}>
          {spelled ? 'Hide the spelling' : 'Spell it'}
        </Button>
      </Box>
      {!canCopy() && (
        <Typography variant="body2" color="text.secondary">
          Browsers let a page copy only over HTTPS. Select the value, and copy it by hand.
        </Typography>
      )}
      <Collapse in={spelled} id={id} unmountOnExit>
        <Box component="ol" aria-label="Spelling" sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
          {spelling(value).map(({ character, word }, i) => (
            <Box component="li" key={i} sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '6px', px: 0.75, fontSize: '0.8125rem' }}>
              <Box component="b" aria-hidden sx={{ fontFamily: mono, mr: 0.75 }}>
                {character}
              </Box>
              {word}
            </Box>
          ))}
        </Box>
      </Collapse>
    </Box>
  );
}

function Ring({ left }: { left: number }) {
  return (
    <Box sx={{ position: 'relative', flex: 'none', width: 40, height: 40, display: 'grid', placeItems: 'center' }}>
      <CircularProgress aria-hidden variant="determinate" value={100} size={40} thickness={3.5} sx={{ position: 'absolute', color: 'divider' }} />
      <CircularProgress aria-label="Seconds until it is hidden" variant="determinate" value={(left * 100_000) / shownFor} size={40} thickness={3.5} color={left <= 5 ? 'warning' : 'primary'} sx={{ position: 'absolute' }} />
      <Box component="span" aria-hidden sx={{ fontSize: '0.8125rem', fontWeight: 600, fontVariantNumeric: 'tabular-nums' }}>
        {left}
      </Box>
    </Box>
  );
}
