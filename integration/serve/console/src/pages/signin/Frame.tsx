import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect } from 'react';
import { Mark } from '../../app/Mark';

// Frame is what stands around the pages that are seen before signing in.
export function Frame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · IT Glue Integration`;
  }, [title]);
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'grid', placeItems: 'center', px: 2, py: 5 }}>
      <Box sx={{ width: '100%', maxWidth: 400 }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, mb: 3 }}>
          <Mark size={32} />
          <Typography component="span" sx={{ fontWeight: 620 }}>
            IT Glue Integration
          </Typography>
        </Box>
        <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '14px', bgcolor: 'background.paper', p: { xs: 2.5, sm: 3.5 } }}>
          <Typography variant="h1" sx={{ fontSize: '1.3125rem' }}>
            {title}
          </Typography>
          <Typography component="div" color="text.secondary" sx={{ mt: 0.5, mb: 2.5 }}>
            {lead}
          </Typography>
          {children}
        </Box>
      </Box>
    </Box>
  );
}
