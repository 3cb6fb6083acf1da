import CheckRounded from '@mui/icons-material/CheckRounded';
import PriorityHighRounded from '@mui/icons-material/PriorityHighRounded';
import Box from '@mui/material/Box';
import { Link } from 'react-router';
import { type Setup, steps } from './steps';

interface Props {
  setup: Setup;
  at: number;
  base: string;
  faulty: number[];
}

// Rail shows where the wizard is: what is done, what is open. Each step is a
// link; nothing is lost by jumping.
export function Rail({ setup, at, base, faulty }: Props) {
  const entries = [{ title: 'Before you begin', state: 'info' }, ...steps.map((s) => ({ title: s.title, state: setup.steps.find((x) => x.page === s.page)?.state ?? 'open' }))];
  return (
    <Box component="nav" aria-label="Steps">
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'flex', flexDirection: { xs: 'row', md: 'column' }, gap: { xs: 0.5, md: 0.25 } }}>
        {entries.map((e, i) => {
          const wrong = faulty.includes(i);
          const done = e.state === 'done' && !wrong;
          const here = i === at;
          return (
            <Box component="li" key={e.title} sx={{ flex: { xs: 1, md: 'none' }, minWidth: 0 }}>
              <Box
                component={Link}
                to={i === 0 ? base : `${base}/${i}`}
                aria-current={here ? 'step' : undefined}
                sx={{
                  display: 'flex',
                  alignItems: 'center',
                  justifyContent: { xs: 'center', md: 'flex-start' },
                  gap: 1.25,
                  px: { xs: 0.5, md: 1.25 },
                  py: 0.9,
                  borderRadius: '8px',
                  textDecoration: 'none',
                  color: here ? 'text.primary' : 'text.secondary',
                  fontWeight: here ? 600 : 520,
                  bgcolor: here ? 'action.selected' : 'transparent',
                  '&:hover': { bgcolor: here ? 'action.selected' : 'action.hover' },
                }}
              >
                <Box
                  component="span"
                  aria-hidden
                  sx={{
                    display: 'grid',
                    placeItems: 'center',
                    width: 24,
                    height: 24,
                    flex: 'none',
                    borderRadius: '50%',
                    fontSize: '0.75rem',
                    fontWeight: 620,
                    border: '1.5px solid',
                    borderColor: wrong ? 'warning.main' : done || here ? 'primary.main' : 'text.disabled',
                    bgcolor: done ? 'primary.main' : 'transparent',
                    color: done ? 'primary.contrastText' : wrong ? 'warning.main' : here ? 'primary.main' : 'text.secondary',
                    '& svg': { fontSize: 15 },
                  }}
                >
                  {wrong ? <PriorityHighRounded /> : done ? <CheckRounded /> : i === 0 ? 'i' : i}
                </Box>
                <Box component="span" aria-hidden sx={{ display: { xs: 'none', md: 'inline' } }}>
                  {e.title}
                </Box>
                <span className="visually-hidden">
                  {e.title}
                  {wrong ? ', needs attention' : done ? ', done' : ''}
                </span>
              </Box>
            </Box>
          );
        })}
      </Box>
    </Box>
  );
}
