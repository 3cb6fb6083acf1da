import VisibilityOffRounded from '@mui/icons-material/VisibilityOffRounded';
import VisibilityRounded from '@mui/icons-material/VisibilityRounded';
import type { ControlProps } from '@jsonforms/core';
import { withJsonFormsControlProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useEffect, useRef, useState } from 'react';
import { useWizard } from '../context';
import { sealed } from '../data';

// Secret takes a secret and never shows a stored one: it says how that ends.
export const Secret = withJsonFormsControlProps(function Secret({ id, data, label, description, errors, path, enabled, visible, handleChange }: ControlProps) {
  const { secrets, page, stored: justStored } = useWizard();
  const [seen, setSeen] = useState(false);
  const replacing = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  const value = typeof data === 'string' ? data : '';
  const pointer = `/${page}/${path.split('.').join('/')}`;
  const done = value !== '' && justStored[pointer] === value;
  useEffect(() => {
    if (done) handleChange(path, sealed); // it is stored: it is not held here any longer
  }, [done, handleChange, path]);
  const stored = value === sealed || value.startsWith('${');
  const hint = secrets.find((s) => s.pointer === pointer);
  useEffect(() => {
    if (!stored && replacing.current) {
      replacing.current = false;
      input.current?.focus();
    }
  }, [stored]);
  if (!visible) return null;
  if (stored) {
    const words = hint?.kind === 'reference' || value !== sealed ? `Read from ${value.replace(/^\$\{|\}$/g, '')} at each use` : hint?.ends ? `Stored, ends in …${hint.ends}` : 'Stored, and sealed';
    return (
      <div role="group" aria-labelledby={`${id}-name`}>
        <Typography id={`${id}-name`} sx={{ fontSize: '0.8125rem', fontWeight: 560, mb: 0.75 }}>
          {label}
        </Typography>
        <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 1, border: '1px solid', borderColor: 'divider', borderRadius: '8px', bgcolor: 'background.sunken', pl: 1.75, pr: 0.5, minHeight: 38 }}>
          <span>{words}</span>
          {enabled && (
            <Button
              size="small"
              variant="text"
              color="primary"
              aria-label={`Replace the ${label}`}
              onClick={() => {
                replacing.current = true;
                handleChange(path, '');
              }}
            >
              Replace
            </Button>
          )}
        </Box>
        {errors && (
          <Typography variant="body2" color="error" sx={{ mt: 0.75 }}>
            {errors}
          </Typography>
        )}
      </div>
    );
  }
  return (
    <TextField
      id={`${id}-input`}
      label={label}
      type={seen ? 'text' : 'password'}
      value={value}
      onChange={(e) => handleChange(path, e.target.value)}
      disabled={!enabled}
      error={errors !== ''}
      helperText={errors || description}
      autoComplete="off"
      inputRef={input}
      slotProps={{
        htmlInput: { spellCheck: false, 'data-1p-ignore': true, 'data-lpignore': 'true' },
        input: {
          endAdornment: (
            <InputAdornment position="end">
              <IconButton size="small" edge="end" aria-label={seen ? `Hide the ${label}` : `Show the ${label}`} onClick={() => setSeen(!seen)}>
                {seen ? <VisibilityOffRounded fontSize="small" /> : <VisibilityRounded fontSize="small" />}
              </IconButton>
            </InputAdornment>
          ),
        },
      }}
    />
  );
});
