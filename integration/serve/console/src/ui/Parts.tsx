import Box from '@mui/material/Box';
import { NavLink } from 'react-router';

interface Props {
  label: string;
  parts: { title: string; to: string }[];
}

// Parts leads between the pages that a large one is divided into.
export function Parts({ label, parts }: Props) {
  return (
    <Box component="nav" aria-label={label} sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 0.5, mb: 3, borderBottom: '1px solid', borderColor: 'divider' }}>
      {parts.map((p) => (
        <Box
          key={p.to}
          component={NavLink}
          to={p.to}
          end
          sx={{ px: 1.5, py: 1, mb: '-1px', color: 'text.secondary', fontWeight: 540, textDecoration: 'none', borderBottom: '2px solid transparent', '&:hover': { color: 'text.primary' }, '&.active': { color: 'text.primary', borderColor: 'primary.main' } }}
        >
          {p.title}
        </Box>
      ))}
    </Box>
  );
}
