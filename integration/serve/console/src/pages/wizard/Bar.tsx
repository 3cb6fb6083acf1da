import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { When } from '../../ui/When';

interface Props {
  back: (() => void) | undefined;
  leave: () => void;
  next: () => void;
  label: string;
  busy: boolean;
  blocked: boolean;
  saving: boolean;
  savedAt: number | undefined;
}

// Bar is the way back, out and on. It says that nothing is lost.
export function Bar({ back, leave, next, label, busy, blocked, saving, savedAt }: Props) {
  return (
    <Box sx={{ position: 'sticky', bottom: 0, zIndex: 5, mt: 3, mx: { xs: -2, sm: 0 }, px: { xs: 2, sm: 0 }, py: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', bgcolor: 'background.default', borderTop: '1px solid', borderColor: 'divider' }}>
      {back && <Button onClick={back}>Back</Button>}
      <Button variant="text" onClick={leave}>
        Save and leave
      </Button>
      <Box role="status" sx={{ flex: 1, minWidth: saving || savedAt ? 80 : 0, textAlign: 'right', color: 'text.secondary', fontSize: '0.8125rem' }}>
        {saving ? 'Saving…' : savedAt ? <>Saved <When at={new Date(savedAt).toISOString()} /></> : ''}
      </Box>
      <Button variant="contained" color="primary" onClick={next} disabled={blocked} loading={busy} sx={{ flexGrow: { xs: 1, sm: 0 } }}>
        {label}
      </Button>
    </Box>
  );
}
