import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

interface Props {
  icon?: ReactNode;
  title: string;
  // Why it is empty, and what makes it fill.
  children?: ReactNode;
  action?: ReactNode;
}

// EmptyState stands where a list would: it says why there is nothing, and what
// to do next.
export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <Box sx={{ display: 'grid', justifyItems: 'center', textAlign: 'center', gap: 1, px: 3, py: { xs: 5, sm: 7 } }}>
      {icon && (
        <Box aria-hidden sx={{ display: 'grid', placeItems: 'center', width: 48, height: 48, borderRadius: '14px', bgcolor: 'primary.light', color: 'primary.main', mb: 0.5, '& svg': { fontSize: 24 } }}>
          {icon}
        </Box>
      )}
      <Typography variant="h3" component="p">
        {title}
      </Typography>
      {children && (
        <Typography component="div" color="text.secondary" sx={{ maxWidth: 460 }}>
          {children}
        </Typography>
      )}
      {action && <Box sx={{ mt: 1, display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'center' }}>{action}</Box>}
    </Box>
  );
}
