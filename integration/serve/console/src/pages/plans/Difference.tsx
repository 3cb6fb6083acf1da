import Box from '@mui/material/Box';
import { type Part, differing } from './plan';

const none = (
  <Box component="span" sx={{ color: 'text.secondary', fontStyle: 'italic' }}>
    empty
  </Box>
);

// Difference is an old value and the new one, with the words that changed marked.
export function Difference({ old, now }: { old: string; now: string }) {
  const parts = differing(old, now);
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, overflowWrap: 'anywhere' }}>
      <Box component="del" sx={{ color: 'text.secondary', textDecoration: 'none' }}>
        <span className="visually-hidden">from </span>
        {old === '' ? none : <Marked parts={parts.old} tone="bad" />}
      </Box>
      <Box component="span" aria-hidden sx={{ color: 'text.secondary' }}>
        →
      </Box>
      <Box component="ins" sx={{ textDecoration: 'none', fontWeight: 540 }}>
        <span className="visually-hidden">to </span>
        {now === '' ? none : <Marked parts={parts.new} tone="good" />}
      </Box>
    </Box>
  );
}

function Marked({ parts, tone }: { parts: Part[]; tone: 'good' | 'bad' }) {
  return parts.map((p, i) =>
    p.changed ? (
      <Box key={i} component="span" sx={{ bgcolor: `tone.${tone}.surface`, color: `tone.${tone}.words`, borderRadius: '3px', ...(tone === 'bad' ? { textDecoration: 'line-through' } : {}) }}>
        {p.text}
      </Box>
    ) : (
      <span key={i}>{p.text}</span>
    ),
  );
}
