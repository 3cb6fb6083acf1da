import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { Mapping, PageSchema } from './FieldMapping';

type Rules = NonNullable<Mapping['rules']>;

interface Props {
  schema: PageSchema['properties'][string] | undefined;
  rules: Rules;
  enabled: boolean;
  onChange: (rules: Rules) => void;
}

// RulesTab says who wins where the two sides hold different values.
export function RulesTab({ schema, rules, enabled, onChange }: Props) {
  const first = schema?.properties['firstWinner'];
  const fields = Object.entries(schema?.properties['fields']?.properties ?? {});
  return (
    <Box sx={{ display: 'grid', gap: 3, maxWidth: 720 }}>
      <div>
        <Typography variant="h3" component="h2" sx={{ mb: 0.5 }}>
          {first?.title}
        </Typography>
        <Typography color="text.secondary" sx={{ mb: 1.5 }}>
          {first?.description} Whatever is overwritten can be restored.
        </Typography>
        <TextField select label="Who wins" value={rules.firstWinner ?? 'ask'} disabled={!enabled} onChange={(e) => onChange({ ...rules, firstWinner: e.target.value })} sx={{ maxWidth: 280 }}>
          {first?.oneOf?.map((c) => (
            <MenuItem key={c.const} value={c.const}>
              {c.title}
            </MenuItem>
          ))}
        </TextField>
      </div>
      <div>
        <Typography variant="h3" component="h2" sx={{ mb: 0.5 }}>
          {schema?.properties['fields']?.title}
        </Typography>
        <Typography color="text.secondary" sx={{ mb: 1.5 }}>
          Between two cycles. “Ask a person” puts both values into Conflicts, and nothing is overwritten until someone decides.
        </Typography>
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 220px), 1fr))' }}>
          {fields.map(([name, f]) => (
            <TextField key={name} select label={f.title} value={rules.fields?.[name] ?? 'ask'} disabled={!enabled} onChange={(e) => onChange({ ...rules, fields: { ...rules.fields, [name]: e.target.value } })}>
              {f.oneOf?.map((c) => (
                <MenuItem key={c.const} value={c.const}>
                  {c.title}
                </MenuItem>
              ))}
            </TextField>
          ))}
        </Box>
      </div>
    </Box>
  );
}
