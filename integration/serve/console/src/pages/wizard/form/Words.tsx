import { type LabelProps } from '@jsonforms/core';
import { withJsonFormsLabelProps } from '@jsonforms/react';
import Box from '@mui/material/Box';

// Words is text between the fields.
export const Words = withJsonFormsLabelProps(function Words({ text, visible }: LabelProps) {
  return visible && text ? <Box sx={{ color: 'text.secondary', mb: 2 }}>{text}</Box> : null;
});
