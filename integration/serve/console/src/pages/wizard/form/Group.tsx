import { type GroupLayout, type LayoutProps } from '@jsonforms/core';
import { JsonFormsDispatch, withJsonFormsLayoutProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

// Group is the fields of one system, under its name.
export const Group = withJsonFormsLayoutProps(function Group({ uischema, schema, path, enabled, visible }: LayoutProps) {
  const group = uischema as GroupLayout;
  if (!visible) return null;
  return (
    <Box component="fieldset" sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', m: 0, mb: 2.5, p: { xs: 2, sm: 3 }, minInlineSize: 0 }}>
      <Typography component="legend" variant="h2" sx={{ float: 'left', width: '100%', mb: 2, p: 0 }}>
        {group.label}
      </Typography>
      <Box sx={{ clear: 'both', display: 'grid', gap: 2.5, maxWidth: 520 }}>
        {group.elements.map((e, i) => (
          <JsonFormsDispatch key={i} uischema={e} schema={schema} path={path} enabled={enabled} />
        ))}
      </Box>
    </Box>
  );
});
