import ChevronRightRounded from '@mui/icons-material/ChevronRightRounded';
import Box from '@mui/material/Box';
import { Link } from 'react-router';
import type { Output } from '../../api/types';
import { plain } from '../../app/commands';
import type { Tone } from '../../app/theme';
import { Dot } from '../../ui/tone';

type Tile = Output<'instance.overview'>['tiles'][number];

const tones: Record<Tile['state'], Tone> = { good: 'good', attention: 'warn', bad: 'bad', unknown: 'quiet' };
const states: Record<Tile['state'], string> = { good: 'Good', attention: 'Needs attention', bad: 'Not working', unknown: 'Not known' };
const ways: Record<Tile['name'], string> = { connections: '/setup/1', mapping: '/setup/3', links: '/links', 'last-run': '/runs' };

// Tiles are the four figures of an instance, each a way to where it is settled.
export function Tiles({ tiles, base }: { tiles: readonly Tile[]; base: string }) {
  return (
    <Box component="ul" aria-label="Health" sx={{ listStyle: 'none', p: 0, m: 0, mb: 3, display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', lg: 'repeat(4, 1fr)' } }}>
      {tiles.map((t) => (
        <Box component="li" key={t.name}>
          <Box
            component={Link}
            to={base + ways[t.name]}
            sx={{ display: 'block', height: '100%', p: 2, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', color: 'text.primary', textDecoration: 'none', '&:hover': { borderColor: 'text.disabled' } }}
          >
            <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, color: 'text.secondary', fontSize: '0.8125rem', fontWeight: 540 }}>
              <Dot tone={tones[t.state]} />
              <Box component="span" sx={{ flex: 1 }}>
                {t.title}
              </Box>
              <ChevronRightRounded aria-hidden sx={{ fontSize: 18 }} />
            </Box>
            <Box sx={{ fontSize: t.name === 'links' ? '1.5rem' : '1.0625rem', fontWeight: 620, letterSpacing: '-0.015em', mt: 0.5, fontVariantNumeric: 'tabular-nums', lineHeight: 1.35 }}>
              {t.name === 'links' ? t.count.toLocaleString('en') : states[t.state]}
              {t.name === 'links' && <span className="visually-hidden">, {states[t.state]}</span>}
            </Box>
            <Box sx={{ mt: 0.25, fontSize: '0.8125rem', color: 'text.secondary', overflowWrap: 'anywhere' }}>{plain(t.words)}</Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
}
