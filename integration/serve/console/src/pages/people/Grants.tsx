import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Typography from '@mui/material/Typography';
import { useInstances } from '../../app/instance';
import { initialCap } from '../../ui/words';
import { type Grant, hasRole, roleNames, roles, withRole } from './roles';

// Grants lets roles be given, on all instances or on single ones.
export function Grants({ grants, onChange }: { grants: readonly Grant[]; onChange: (g: Grant[]) => void }) {
  const listed = (useInstances().data?.items ?? []).map((i) => i.name);
  const places = ['*', ...new Set([...listed, ...grants.map((g) => g.instance).filter((i) => i !== '*')])];
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      {places.map((place) => (
        <Box key={place} component="fieldset" sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '8px', m: 0, px: 1.5, py: 1, minWidth: 0 }}>
          <Typography component="legend" sx={{ px: 0.5, fontSize: '0.8125rem', fontWeight: 560 }}>
            {place === '*' ? 'All instances and this runner' : place}
          </Typography>
          <Box sx={{ display: 'grid', gridTemplateColumns: { sm: place === '*' ? '1fr' : '1fr 1fr 1fr' } }}>
            {roleNames.map((r) => (
              <FormControlLabel
                key={r}
                control={<Checkbox checked={hasRole(grants, place, r)} onChange={(e) => onChange(withRole(grants, place, r, e.target.checked))} />}
                label={
                  <>
                    {initialCap(r)}
                    {place === '*' && <Box component="span" sx={{ color: 'text.secondary' }}>: {roles[r].charAt(0).toLowerCase() + roles[r].slice(1)}</Box>}
                  </>
                }
              />
            ))}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
