import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Slider from '@mui/material/Slider';
import Typography from '@mui/material/Typography';
import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useRead } from '../../api/query';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Notice } from '../../ui/tone';
import { count } from '../../ui/words';

interface Props {
  instance: string;
  open: boolean;
  busy: boolean;
  onClose: () => void;
  onAccept: (input: { minScore: number; withParents: boolean }) => void;
}

const typedAbove = 100;

// BulkAccept accepts all that are at least so sure, after it has said how many
// that are and which are left out.
export function BulkAccept({ instance, open, busy, onClose, onAccept }: Props) {
  const [score, setScore] = useState(95);
  const [parents, setParents] = useState(true);
  const asked = useDeferredValue(score);
  const preview = useRead('links.accept', instance, { minScore: asked / 100, withParents: parents, dryRun: true }, { enabled: open, staleTime: 0, gcTime: 0, placeholderData: keepPreviousData });
  const counts = preview.data?.counts;
  const links = counts?.links ?? 0;
  return (
    <ConfirmDialog
      open={open}
      title="Accept all that are sure"
      confirm={counts ? `Accept ${count(links, 'link')}` : 'Accept'}
      typed={links > typedAbove ? 'accept' : undefined}
      busy={busy}
      blocked={!counts || links === 0 || preview.isFetching}
      error={preview.error}
      onClose={onClose}
      onConfirm={() => onAccept({ minScore: score / 100, withParents: parents })}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <Box>
          <Typography id="at-least" sx={{ fontWeight: 560 }}>
            At least {score} % sure
          </Typography>
          <Box sx={{ px: 1 }}>
            <Slider aria-labelledby="at-least" value={score} min={60} max={100} step={1} onChange={(_, v) => setScore(v as number)} marks={[{ value: 60, label: '60 %' }, { value: 95, label: '95 %' }, { value: 100, label: '100 %' }]} />
          </Box>
          <FormControlLabel control={<Checkbox checked={parents} onChange={(e) => setParents(e.target.checked)} />} label="With the pending links of their parents" />
        </Box>
        <Notice tone={links > 0 ? 'info' : 'quiet'} role="status" title={counts ? (links === 0 ? 'No pending link is so sure' : `${count(links, 'link')} will be accepted`) : 'Counting…'}>
          {counts && (
            <Box component="ul" sx={{ m: 0, pl: 2.25 }}>
              {counts.parents > 0 && <li>{counts.parents === 1 ? 'One of them comes along as a parent' : `${counts.parents.toLocaleString('en')} of them come along as parents`}</li>}
              <li>{counts.ambiguous === 0 ? 'None is ambiguous' : `${count(counts.ambiguous, 'ambiguous one is', 'ambiguous ones are')} left out for you to look at`}</li>
              {counts.attention > 0 && <li>{counts.attention.toLocaleString('en')} of them stay paused by themselves</li>}
            </Box>
          )}
        </Notice>
        <Typography variant="body2" color="text.secondary">
          From then on their data may flow: assets are matched by serial number first, and nothing is deleted. You can take it back.
        </Typography>
      </Box>
    </ConfirmDialog>
  );
}
