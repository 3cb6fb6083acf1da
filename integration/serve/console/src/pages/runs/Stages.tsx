import CheckRounded from '@mui/icons-material/CheckRounded';
import Box from '@mui/material/Box';
import type { Stage } from './words';

const said = { done: ', done', now: ', now', ahead: '' };

// Stages is where a run is on its way.
export function Stages({ stages }: { stages: Stage[] }) {
  return (
    <Box component="ol" aria-label="Stages" sx={{ listStyle: 'none', m: 0, mb: 3, p: 0, display: 'grid', gap: { xs: 0.75, md: 1.5 }, gridTemplateColumns: { md: `repeat(${stages.length}, 1fr)` } }}>
      {stages.map((s) => (
        <Box component="li" key={s.name} aria-current={s.state === 'now' ? 'step' : undefined} sx={{ display: 'flex', gap: 0.75, alignItems: 'center', pt: { md: 1 }, borderTop: { md: '3px solid' }, borderColor: { md: s.state === 'ahead' ? 'divider' : 'primary.main' }, color: s.state === 'ahead' ? 'text.secondary' : 'text.primary', fontWeight: s.state === 'now' ? 600 : 450, '& svg': { fontSize: 16, color: 'primary.main' } }}>
          {s.state === 'done' ? <CheckRounded aria-hidden /> : <Box aria-hidden component="span" sx={{ width: 16, textAlign: 'center', color: s.state === 'now' ? 'primary.main' : 'text.disabled' }}>{s.state === 'now' ? '●' : '○'}</Box>}
          <span>
            {s.name}
            <span className="visually-hidden">{said[s.state]}</span>
          </span>
        </Box>
      ))}
    </Box>
  );
}
