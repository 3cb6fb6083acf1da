import type { ControlProps } from '@jsonforms/core';
import { withJsonFormsControlProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { Choice } from './FieldMapping';

// Pick chooses one of a list. The stock renderer leaves the field without a
// name for screen readers.
export const Pick = withJsonFormsControlProps(function Pick({ id, data, schema, label, description, errors, path, enabled, visible, handleChange }: ControlProps) {
  if (!visible) return null;
  const choices = (schema.oneOf ?? []) as unknown as Choice[];
  const value = typeof data === 'string' ? data : '';
  return (
    <TextField
      select
      id={`${id}-input`}
      label={label}
      value={choices.some((c) => c.const === value) ? value : ''}
      onChange={(e) => handleChange(path, e.target.value)}
      disabled={!enabled}
      error={errors !== ''}
      helperText={errors || description}
      slotProps={{ inputLabel: { id: `${id}-name`, htmlFor: `${id}-input` }, select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': label }, renderValue: (v) => choices.find((c) => c.const === v)?.title ?? <Box sx={{ color: 'text.secondary' }}>Choose one</Box> } }}
    >
      {choices.map((c) => (
        <MenuItem key={c.const} value={c.const}>
          {c.title}
        </MenuItem>
      ))}
    </TextField>
  );
});
