import { Actions, type JsonSchema, type LayoutProps } from '@jsonforms/core';
import { useJsonForms, withJsonFormsLayoutProps } from '@jsonforms/react';
import EastRounded from '@mui/icons-material/EastRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import MenuItem from '@mui/material/MenuItem';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { keepPreviousData } from '@tanstack/react-query';
import { useRead } from '../../../api/query';
import type { Output } from '../../../api/types';
import { sentence } from '../../../api/problem';
import { ProblemNotice } from '../../../ui/ErrorState';
import { Notice } from '../../../ui/tone';
import { count } from '../../../ui/words';
import { useWizard } from '../context';
import type { Choice } from './FieldMapping';

type Preview = Output<'preview.types'>['items'][number];
type Answers = Record<string, string | { firstRun?: string } | undefined>;

interface TypeSchema {
  title?: string;
  description?: string;
  oneOf?: Choice[];
  properties?: Record<string, { title?: string; oneOf?: Choice[] }>;
}

// isTypesPage tells the form of step 4: a member t and the type's id for each
// selected type.
export const isTypesPage = (schema: JsonSchema) => Object.keys(schema.properties ?? {}).some((k) => /^t\d+$/.test(k)) && !('fields' in (schema.properties?.['rules']?.properties ?? {}));

// AssetTypeMapping is step 4: what each type becomes in Rev.io, and how many
// assets may be made at most.
export const AssetTypeMapping = withJsonFormsLayoutProps(function AssetTypeMapping({ schema, enabled }: LayoutProps) {
  const { instance } = useWizard();
  const { core, dispatch } = useJsonForms();
  const data = (core?.data ?? {}) as Answers;
  const properties = (schema.properties ?? {}) as Record<string, TypeSchema>;
  const types = Object.entries(properties)
    .filter(([k]) => k !== 'rules')
    .sort((a, b) => (a[1].title ?? '').localeCompare(b[1].title ?? ''));
  const preview = useRead('preview.types', instance, { answers: { types: data } }, { staleTime: 60_000, placeholderData: keepPreviousData });
  const set = (path: string, value: unknown) => dispatch?.(Actions.update(path, () => value));
  const of = (key: string) => preview.data?.items.find((i) => 't' + i.typeId === key);
  const open = types.filter(([k]) => !data[k] && of(k)?.suggestedId);
  const findings = core?.additionalErrors ?? [];
  const firstRun = properties['rules']?.properties?.['firstRun'];
  const rules = data['rules'] as { firstRun?: string } | undefined;
  return (
    <Box sx={{ display: 'grid', gap: 2.5 }}>
      <ProblemNotice error={preview.error} />
      <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
        {enabled && open.length > 0 && (
          <Box sx={{ display: 'flex', justifyContent: 'flex-end', p: 1.5, borderBottom: '1px solid', borderColor: 'divider', bgcolor: 'background.sunken' }}>
            <Button size="small" onClick={() => open.forEach(([k]) => set(k, of(k)?.suggestedId))}>
              Use {count(open.length, 'suggestion')}
            </Button>
          </Box>
        )}
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {types.map(([key, t]) => (
            <TypeRow
              key={key}
              id={key}
              schema={t}
              value={typeof data[key] === 'string' ? (data[key] as string) : ''}
              preview={of(key)}
              enabled={enabled}
              error={findings.find((f) => f.instancePath === `/${key}`)?.message ?? ''}
              onChange={(v) => set(key, v)}
            />
          ))}
        </Box>
      </Box>
      {preview.data?.words && (
        <Notice tone="info" role="status" title={sentence(preview.data.words)}>
          {preview.data.note}
        </Notice>
      )}
      {firstRun && (
        <FormControl sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', p: { xs: 2, sm: 2.5 } }} disabled={!enabled}>
          <FormLabel id="first-run" sx={{ color: 'text.primary', fontWeight: 600, mb: 0.5 }}>
            {firstRun.title}
          </FormLabel>
          <RadioGroup aria-labelledby="first-run" value={rules?.firstRun ?? 'write'} onChange={(e) => set('rules', { ...rules, firstRun: e.target.value })}>
            {firstRun.oneOf?.map((c) => (
              <FormControlLabel key={c.const} value={c.const} control={<Radio />} label={c.title} />
            ))}
          </RadioGroup>
          <Typography variant="body2" color="text.secondary">
            Either way nothing moves for an organization before its link is accepted.
          </Typography>
        </FormControl>
      )}
    </Box>
  );
});

interface RowProps {
  id: string;
  schema: TypeSchema;
  value: string;
  preview: Preview | undefined;
  enabled: boolean;
  error: string;
  onChange: (v: string) => void;
}

function TypeRow({ id, schema, value, preview, enabled, error, onChange }: RowProps) {
  const suggested = !value && preview?.suggestedId ? preview : undefined;
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'minmax(0, 1fr) 20px minmax(0, 1.1fr)' }, gap: { xs: 1, sm: 2 }, alignItems: 'start', px: { xs: 2, sm: 2.5 }, py: 1.75, borderTop: '1px solid', borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <Box sx={{ minWidth: 0, pt: { sm: 0.5 } }}>
        <Box component="label" htmlFor={`type-${id}`} sx={{ fontWeight: 560, overflowWrap: 'anywhere' }}>
          {schema.title}
        </Box>
        <Typography variant="body2" color="text.secondary">
          {preview ? `${count(preview.assets, 'asset')} in IT Glue` : ' '}
        </Typography>
      </Box>
      <EastRounded aria-hidden sx={{ fontSize: 18, color: 'text.secondary', mt: 1.25, display: { xs: 'none', sm: 'block' } }} />
      <Box>
        {schema.oneOf ? (
          <TextField
            select
            value={value}
            disabled={!enabled}
            error={error !== ''}
            helperText={error || undefined}
            onChange={(e) => onChange(e.target.value)}
            slotProps={{
              htmlInput: { id: `type-${id}` },
              select: { displayEmpty: true, SelectDisplayProps: { 'aria-label': `Rev.io Asset Type for ${schema.title ?? ''}` }, renderValue: (v) => schema.oneOf?.find((c) => c.const === v)?.title ?? <Box sx={{ color: 'text.secondary' }}>Choose an asset type</Box> },
            }}
          >
            {schema.oneOf.map((c) => (
              <MenuItem key={c.const} value={c.const}>
                {c.title}
              </MenuItem>
            ))}
          </TextField>
        ) : (
          <Typography color="text.secondary">{schema.description}</Typography>
        )}
        {suggested && enabled && (
          <Box sx={{ mt: 0.5, fontSize: '0.8125rem', color: 'text.secondary' }}>
            <Button size="small" variant="text" color="primary" sx={{ ml: -1.25 }} onClick={() => onChange(suggested.suggestedId ?? '')}>
              Use {suggested.suggestedName}
            </Button>
            {suggested.suggestedWhy}
          </Box>
        )}
      </Box>
    </Box>
  );
}
