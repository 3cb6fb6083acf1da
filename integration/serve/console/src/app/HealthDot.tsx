import Box from '@mui/material/Box';
import { Dot } from '../ui/tone';
import { plain } from './commands';
import type { Health } from './health';

// HealthDot is a dot with its words; the words say it all.
export function HealthDot({ health }: { health: Health }) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1, px: 1.25, fontSize: '0.8125rem', lineHeight: 1.35, color: 'text.secondary' }}>
      <Dot tone={health.tone} />
      {plain(health.words)}
    </Box>
  );
}
