import Box from '@mui/material/Box';
import { type RunRow, resultParts } from './words';

const colours = { good: 'tone.good.words', info: 'tone.info.words', warn: 'tone.warn.words', bad: 'tone.bad.words', quiet: 'text.secondary' };

// Results is what a run came to, on one line: "+3 created ~4 updated".
export function Results({ result }: { result: RunRow['result'] }) {
  const parts = resultParts(result);
  if (parts.length === 0) return <Box component="span" sx={{ color: 'text.secondary' }}>{result ? 'nothing to do' : ''}</Box>;
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 1.25, fontVariantNumeric: 'tabular-nums' }}>
      {parts.map((p) => (
        <Box component="span" key={p.name} sx={{ color: colours[p.tone], whiteSpace: 'nowrap' }}>
          <span aria-hidden>{p.sign}</span>
          {p.count.toLocaleString('en')} {p.words}
        </Box>
      ))}
    </Box>
  );
}
