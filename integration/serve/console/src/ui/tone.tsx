import Box from '@mui/material/Box';
import type { SxProps, Theme } from '@mui/material/styles';
import type { ReactNode } from 'react';
import type { Tone } from '../app/theme';

// toned is the surface, border and words of a tone, as CSS.
export function toned(tone: Tone) {
  const name = `--mui-palette-tone-${tone}`;
  return { background: `var(${name}-surface)`, borderColor: `var(${name}-border)`, color: `var(${name}-words)` };
}

// Tag is a short state in words on a tinted ground.
export function Tag({ tone = 'quiet', children, sx }: { tone?: Tone; children: ReactNode; sx?: SxProps<Theme> }) {
  return (
    <Box
      component="span"
      sx={[
        { display: 'inline-flex', alignItems: 'center', gap: 0.75, px: 1, py: '1px', borderRadius: '6px', border: '1px solid', fontSize: '0.78125rem', fontWeight: 540, lineHeight: 1.5, whiteSpace: 'nowrap', ...toned(tone) },
        ...(Array.isArray(sx) ? sx : [sx]),
      ]}
    >
      {children}
    </Box>
  );
}

const dots: Record<Tone, string> = { good: 'success.main', warn: 'warning.main', bad: 'error.main', info: 'info.main', quiet: 'text.disabled' };

// Dot is the sign before words; it says nothing that the words do not.
export function Dot({ tone, size = 8 }: { tone: Tone; size?: number }) {
  return <Box component="span" aria-hidden sx={{ width: size, height: size, flex: 'none', borderRadius: '50%', bgcolor: dots[tone], forcedColorAdjust: 'none' }} />;
}

// Notice is a box of words that a person should see before going on.
export function Notice({ tone = 'info', title, children, action, role }: { tone?: Tone; title?: ReactNode; children?: ReactNode; action?: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <Box role={role} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', border: '1px solid', borderRadius: '10px', px: 2, py: 1.25, ...toned(tone) }}>
      <Box sx={{ flex: '1 1 260px', minWidth: 0, overflowWrap: 'anywhere' }}>
        {title && <Box sx={{ fontWeight: 600 }}>{title}</Box>}
        {children}
      </Box>
      {action && <Box sx={{ flex: 'none', display: 'flex', gap: 1 }}>{action}</Box>}
    </Box>
  );
}
