import Box from '@mui/material/Box';
import CircularProgress from '@mui/material/CircularProgress';

// Loading stands where a page will. It waits a moment before it shows, so that
// a quick answer does not flicker.
export function Loading({ label }: { label: string }) {
  return (
    <Box
      role="status"
      sx={{ display: 'grid', placeItems: 'center', minHeight: 240, opacity: 0, animation: 'appear 0s 250ms forwards', '@keyframes appear': { to: { opacity: 1 } } }}
    >
      <CircularProgress size={28} thickness={4.5} aria-label={label} />
    </Box>
  );
}
