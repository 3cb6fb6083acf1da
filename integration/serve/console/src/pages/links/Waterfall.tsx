import Box from '@mui/material/Box';
import { percent } from '../../ui/words';

interface Reason {
  text: string;
  weight: number;
}

// Waterfall shows what speaks for a suggestion and what against it, each with
// its weight. The words are in the list; the bars repeat them.
export function Waterfall({ reasons, score }: { reasons: readonly Reason[]; score: number }) {
  const most = Math.max(1, ...reasons.map((r) => Math.abs(r.weight)));
  const weighed = reasons.some((r) => r.weight !== 0);
  return (
    <div>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>
        {reasons.map((r) => (
          <Box component="li" key={r.text} sx={{ display: 'grid', gridTemplateColumns: weighed ? 'minmax(0, 1fr) 96px 40px' : '1fr', gap: 1, alignItems: 'center', fontSize: '0.8125rem' }}>
            <Box sx={{ overflowWrap: 'anywhere' }}>{r.text}</Box>
            {weighed && (
              <>
                <Box aria-hidden sx={{ position: 'relative', height: 8, borderRadius: 1, bgcolor: 'background.sunken' }}>
                  <Box sx={{ position: 'absolute', left: '50%', top: -2, bottom: -2, width: '1px', bgcolor: 'divider' }} />
                  <Box
                    sx={{
                      position: 'absolute',
                      top: 0,
                      bottom: 0,
                      borderRadius: 1,
                      bgcolor: r.weight >= 0 ? 'success.main' : 'error.main',
                      width: `${(Math.abs(r.weight) / most) * 50}%`,
                      ...(r.weight >= 0 ? { left: '50%' } : { right: '50%' }),
                    }}
                  />
                </Box>
                <Box sx={{ textAlign: 'right', color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
                  <span className="visually-hidden">{r.weight >= 0 ? 'speaks for it, ' : 'speaks against it, '}</span>
                  {r.weight > 0 ? '+' : ''}
                  {r.weight.toFixed(1)}
                </Box>
              </>
            )}
          </Box>
        ))}
      </Box>
      {weighed && (
        <Box sx={{ mt: 1, color: 'text.secondary', fontSize: '0.8125rem' }}>
          Together: <b>{percent(score)}</b> likely to be the same.
        </Box>
      )}
    </div>
  );
}
