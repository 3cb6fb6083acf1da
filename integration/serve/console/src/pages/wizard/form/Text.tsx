import type { ControlProps } from '@jsonforms/core';
import { withJsonFormsControlProps } from '@jsonforms/react';
import TextField from '@mui/material/TextField';

// Text takes a line of text. The stock renderer gives it back 300 ms late, which
// is too late for whoever types and then presses Next.
export const Text = withJsonFormsControlProps(function Text({ id, data, label, description, errors, path, enabled, visible, handleChange }: ControlProps) {
  if (!visible) return null;
  return (
    <TextField
      id={`${id}-input`}
      label={label}
      value={typeof data === 'string' ? data : ''}
      onChange={(e) => handleChange(path, e.target.value === '' ? undefined : e.target.value)}
      disabled={!enabled}
      error={errors !== ''}
      helperText={errors || description}
      autoComplete="off"
      slotProps={{ htmlInput: { spellCheck: false } }}
    />
  );
});
