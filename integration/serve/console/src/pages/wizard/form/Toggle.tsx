import type { ControlProps } from '@jsonforms/core';
import { withJsonFormsControlProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import Typography from '@mui/material/Typography';

// Toggle is a switch with its words beside it and its meaning below.
export const Toggle = withJsonFormsControlProps(function Toggle({ id, data, label, description, path, enabled, visible, handleChange }: ControlProps) {
  if (!visible) return null;
  const on = data !== false;
  return (
    <div>
      <FormControlLabel
        control={<Switch id={`${id}-input`} checked={on} onChange={(e) => handleChange(path, e.target.checked)} slotProps={{ input: { 'aria-describedby': `${id}-about` } }} />}
        disabled={!enabled}
        label={<Box component="span" sx={{ fontWeight: 560 }}>{label}: {on ? 'on' : 'off'}</Box>}
      />
      <Typography id={`${id}-about`} variant="body2" color="text.secondary">
        {description}
      </Typography>
    </div>
  );
});
