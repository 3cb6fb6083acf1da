import Box from '@mui/material/Box';
import Breadcrumbs from '@mui/material/Breadcrumbs';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link as RouteLink, useLocation } from 'react-router';

export interface Crumb {
  label: string;
  to: string;
}

interface Props {
  title: string;
  // Shown instead of the title, which stays the document's.
  heading?: ReactNode;
  lead?: ReactNode;
  crumbs?: Crumb[];
  actions?: ReactNode;
  // Pages of prose and forms are narrow; tables are wide.
  width?: 'narrow' | 'normal' | 'wide';
  children: ReactNode;
}

const widths = { narrow: 760, normal: 1180, wide: 1600 };

// Page is the frame of every page: the document's title, a heading that takes
// the focus when one arrives, what can be done here, and the content.
export function Page({ title, heading, lead, crumbs, actions, width = 'normal', children }: Props) {
  const h1 = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} · IT Glue Integration`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) h1.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <Box sx={{ maxWidth: widths[width], mx: 'auto', px: { xs: 2, sm: 3, lg: 4 }, pt: { xs: 2, sm: 3 }, pb: 6 }}>
      {crumbs && crumbs.length > 0 && (
        <Breadcrumbs aria-label="Where this page is" sx={{ mb: 0.75, fontSize: '0.8125rem' }} separator="›">
          {crumbs.map((c) => (
            <Link key={c.to} component={RouteLink} to={c.to} color="text.secondary">
              {c.label}
            </Link>
          ))}
        </Breadcrumbs>
      )}
      <Box component="header" sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'flex-start', justifyContent: 'space-between', mb: 3 }}>
        <Box sx={{ minWidth: 0, maxWidth: 720 }}>
          <Typography ref={h1} variant="h1" tabIndex={-1} sx={{ overflowWrap: 'anywhere', '&:focus-visible': { outline: 'none' } }}>
            {heading ?? title}
          </Typography>
          {lead && (
            <Typography component="div" color="text.secondary" sx={{ mt: 0.5 }}>
              {lead}
            </Typography>
          )}
        </Box>
        {actions && <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>{actions}</Box>}
      </Box>
      {children}
    </Box>
  );
}

// Section is a part of a page with a heading of its own.
export function Section({ title, aside, children, flush = false }: { title: string; aside?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <Box component="section" aria-label={title} sx={{ mb: 3 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', justifyContent: 'space-between', mb: 1 }}>
        <Typography variant="h2">{title}</Typography>
        {aside}
      </Box>
      <Box sx={flush ? {} : { border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', p: { xs: 2, sm: 2.5 } }}>{children}</Box>
    </Box>
  );
}

// Panel is the bordered ground that tables and lists stand on.
export function Panel({ children, padded = false }: { children: ReactNode; padded?: boolean }) {
  return (
    <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden', p: padded ? { xs: 2, sm: 2.5 } : 0 }}>
      {children}
    </Box>
  );
}
