import CheckRounded from '@mui/icons-material/CheckRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type Ref } from 'react';
import { sentence } from '../../api/problem';
import { When } from '../../ui/When';
import { Tag } from '../../ui/tone';
import { type Conflict, type Take, differing, sides, takenBy } from './words';

interface Props {
  conflict: Conflict;
  active: boolean;
  may: boolean;
  busy: boolean;
  // Where the focus goes when the row becomes the active one.
  focus: Ref<HTMLButtonElement> | undefined;
  onActive: () => void;
  onTake: (take: Take) => void;
}

// ConflictCard is one field of one record with both values, each with when its
// record changed, to take one.
export function ConflictCard({ conflict: c, active, may, busy, focus, onActive, onTake }: Props) {
  const taken = takenBy(c);
  return (
    <Box
      component="li"
      aria-current={active ? 'true' : undefined}
      onFocus={onActive}
      sx={{ borderTop: '1px solid', borderColor: 'divider', px: { xs: 1.5, sm: 2.5 }, py: 2, boxShadow: active ? 'inset 3px 0 var(--mui-palette-primary-main)' : undefined }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, rowGap: 0.5, alignItems: 'baseline', mb: 1 }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {c.record}
        </Typography>
        <Typography variant="body2" color="text.secondary">
          opened <When at={c.since} />
        </Typography>
        {taken && <Tag tone="info">{sides[taken]} is taken; the next cycle writes it</Tag>}
      </Box>
      <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
        <Side side="itglue" value={c.itglue} other={c.revio} at={c.itglueAt} k="1" {...{ taken, may, busy, focus, onTake }} record={c.record} />
        <Side side="revio" value={c.revio} other={c.itglue} at={c.revioAt} k="2" {...{ taken, may, busy, onTake }} focus={undefined} record={c.record} />
      </Box>
      {c.explanation && (
        <Typography variant="body2" color="text.secondary" sx={{ mt: 1, overflowWrap: 'anywhere' }}>
          {sentence(c.explanation)}
        </Typography>
      )}
    </Box>
  );
}

interface SideProps extends Pick<Props, 'may' | 'busy' | 'focus' | 'onTake'> {
  side: Take;
  record: string;
  value: string;
  other: string;
  at: string | undefined;
  k: string;
  taken: Take | undefined;
}

function Side({ side, record, value, other, at, k, taken, may, busy, focus, onTake }: SideProps) {
  const [before, own, after] = differing(value, other);
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1, border: '1px solid', borderColor: taken === side ? 'primary.main' : 'divider', borderRadius: '10px', p: 1.5, minWidth: 0 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', columnGap: 1, fontSize: '0.8125rem', color: 'text.secondary' }}>
        <Box component="span" sx={{ fontWeight: 600, color: 'text.primary' }}>
          {sides[side]}
        </Box>
        <span>
          {at ? (
            <>
              record changed <When at={at} />
            </>
          ) : (
            'when it changed is not known'
          )}
        </span>
      </Box>
      <Box sx={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', maxHeight: 160, overflowY: 'auto' }}>
        {value === '' ? (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            empty
          </Box>
        ) : (
          <>
            {before}
            {own && (
              <Box component="mark" sx={{ bgcolor: 'tone.warn.surface', color: 'tone.warn.words', borderRadius: '3px', px: '1px' }}>
                {own}
              </Box>
            )}
            {after}
          </>
        )}
      </Box>
      {may && (
        <Box>
          <Button ref={focus ?? null} size="small" disabled={busy} startIcon={taken === side ? <CheckRounded /> : undefined} aria-label={`Take ${sides[side]}'s value for ${record}`} aria-pressed={taken === side} onClick={() => onTake(side)}>
            {taken === side ? 'Taken' : `Take ${sides[side]}'s`}
            <Box component="kbd" aria-hidden sx={{ ml: 1, fontFamily: 'inherit', fontSize: '0.75rem', border: '1px solid', borderColor: 'divider', borderRadius: '4px', px: 0.5, color: 'text.secondary', display: { xs: 'none', sm: 'inline' } }}>
              {k}
            </Box>
          </Button>
        </Box>
      )}
    </Box>
  );
}
