import Box from '@mui/material/Box';
import { type Line, around } from './lines';

const signs = { same: ' ', gone: '−', new: '+' };
const said = { same: '', gone: 'removed: ', new: 'added: ' };
const grounds = { same: {}, gone: { bgcolor: 'tone.bad.surface', color: 'tone.bad.words' }, new: { bgcolor: 'tone.good.surface', color: 'tone.good.words' } };

// LineDifference is what changes in a text: the changed lines and a few around.
export function LineDifference({ lines }: { lines: readonly Line[] }) {
  return (
    <Box tabIndex={0} role="region" aria-label="What changes" sx={{ maxHeight: 360, overflow: 'auto', borderRadius: '8px', border: '1px solid', borderColor: 'divider', bgcolor: 'background.sunken', py: 1, fontFamily: 'ui-monospace, monospace', fontSize: '0.8125rem' }}>
      <Box sx={{ width: 'max-content', minWidth: '100%' }}>
        {around(lines).map((l, i) =>
          l === null ? (
            <Box key={i} sx={{ px: 1.5, color: 'text.secondary' }}>
              …
            </Box>
          ) : (
            <Box key={i} sx={{ display: 'flex', gap: 1, px: 1.5, whiteSpace: 'pre', ...grounds[l.kind] }}>
              <span aria-hidden>{signs[l.kind]}</span>
              <span>
                <span className="visually-hidden">{said[l.kind]}</span>
                {l.text}
              </span>
            </Box>
          ),
        )}
      </Box>
    </Box>
  );
}
