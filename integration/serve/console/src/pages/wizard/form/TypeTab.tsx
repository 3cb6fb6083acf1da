import AutoFixHighRounded from '@mui/icons-material/AutoFixHighRounded';
import EastRounded from '@mui/icons-material/EastRounded';
import LockRounded from '@mui/icons-material/LockRounded';
import SyncAltRounded from '@mui/icons-material/SyncAltRounded';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { keepPreviousData } from '@tanstack/react-query';
import { useRead } from '../../../api/query';
import type { Finding } from '../../../api/problem';
import type { Output } from '../../../api/types';
import { ProblemNotice } from '../../../ui/ErrorState';
import { Notice } from '../../../ui/tone';
import { count, percent } from '../../../ui/words';
import { useWizard } from '../context';
import type { Choice, Mapping, PageSchema } from './FieldMapping';
import { conversionOf } from './conversion';
import { SampleTable } from './SampleTable';

type Previews = Output<'preview.fields'>;

interface Props {
  name: string;
  schema: PageSchema['properties'][string];
  mapping: Mapping;
  enabled: boolean;
  findings: Finding[];
  onChange: (fields: Record<string, string>) => void;
}

// TypeTab maps one type: for each Rev.io field a trait, how well it is filled,
// and below what Rev.io would get.
export function TypeTab({ name, schema, mapping, enabled, findings, onChange }: Props) {
  const { instance } = useWizard();
  const chosen = mapping[name] ?? {};
  const preview = useRead('preview.fields', instance, { typeId: name.slice(1), answers: { fields: { [name]: chosen } } }, { staleTime: 60_000, placeholderData: keepPreviousData });
  const suggestions = (preview.data?.suggestions ?? []).filter((s) => !chosen[s.field]);
  const set = (field: string, trait: string) => {
    const rest = { ...chosen };
    delete rest[field];
    onChange(trait ? { ...rest, [field]: trait } : rest);
  };
  return (
    <Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', justifyContent: 'space-between', mb: 2 }}>
        <Typography color="text.secondary" role="status">
          {preview.data ? (preview.data.assets === 0 ? 'It has no asset yet, so there is nothing to look at.' : `Looked at ${count(preview.data.looked, 'asset')} of ${preview.data.assets.toLocaleString('en')}.`) : preview.error ? '' : 'Looking at some assets…'}
        </Typography>
        {enabled && suggestions.length > 0 && (
          <Button startIcon={<AutoFixHighRounded />} onClick={() => onChange({ ...chosen, ...Object.fromEntries(suggestions.map((s) => [s.field, s.traitId])) })}>
            Use {count(suggestions.length, 'suggestion')}
          </Button>
        )}
      </Box>
      {preview.data?.readOnly && (
        <Box sx={{ mb: 2 }}>
          <Notice tone="warn" title="Read-only toward IT Glue">
            {preview.data.readOnly}
          </Notice>
        </Box>
      )}
      <ProblemNotice error={preview.error} />
      <Box component="ul" aria-label="Rev.io fields" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        <Row label="Asset Name">
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, color: 'text.secondary', minHeight: 38 }}>
            <LockRounded sx={{ fontSize: 16 }} /> IT Glue’s built-in name, always synced to Rev.io
          </Box>
        </Row>
        {Object.entries(schema.properties).map(([field, f]) => (
          <Row key={field} label={f.title} htmlFor={`${name}-${field}`}>
            {f.oneOf ? (
              <TraitSelect
                id={`${name}-${field}`}
                label={f.title}
                choices={f.oneOf}
                value={chosen[field] ?? ''}
                enabled={enabled}
                field={field}
                preview={preview.data}
                error={findings.find((x) => x.pointer === `/${name}/${field}`)?.message ?? ''}
                onChange={(trait) => set(field, trait)}
              />
            ) : (
              <Typography color="text.secondary">{f.description}</Typography>
            )}
          </Row>
        ))}
      </Box>
      {preview.data && <SampleTable previews={preview.data} />}
    </Box>
  );
}

function Row({ label, htmlFor, children }: { label: string; htmlFor?: string; children: React.ReactNode }) {
  return (
    <Box component="li" sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: '170px minmax(0, 1fr)' }, columnGap: 2, rowGap: 0.5, alignItems: 'start', py: 1.25, borderTop: '1px solid', borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <Box component={htmlFor ? 'label' : 'span'} htmlFor={htmlFor} id={htmlFor ? `${htmlFor}-label` : undefined} sx={{ fontWeight: 560, pt: { sm: 1 } }}>
        {label}
      </Box>
      <Box sx={{ minWidth: 0 }}>{children}</Box>
    </Box>
  );
}

interface SelectProps {
  id: string;
  label: string;
  field: string;
  choices: Choice[];
  value: string;
  enabled: boolean;
  preview: Previews | undefined;
  error: string;
  onChange: (trait: string) => void;
}

// The choices' titles end in the trait's kind and direction, in brackets.
const nameOf = (title: string) => /^(.*?) \((.*)\)$/.exec(title)?.slice(1) ?? [title, ''];

function TraitSelect({ id, label, field, choices, value, enabled, preview, error, onChange }: SelectProps) {
  const trait = preview?.traits.find((t) => t.id === value);
  const result = preview?.fields.find((f) => f.field === field && f.traitId === value);
  const suggestion = value ? undefined : preview?.suggestions.find((s) => s.field === field);
  const known = value === '' || choices.some((c) => c.const === value);
  const filled = (traitId: string) => preview?.traits.find((t) => t.id === traitId)?.filled;
  return (
    <Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1 }}>
        <TextField
          select
          value={known ? value : ''}
          onChange={(e) => onChange(e.target.value)}
          disabled={!enabled}
          error={error !== ''}
          sx={{ flex: '1 1 240px', maxWidth: 380 }}
          slotProps={{
            htmlInput: { id, 'aria-describedby': `${id}-about` },
            select: {
              displayEmpty: true,
              SelectDisplayProps: { 'aria-label': label },
              renderValue: (v) => (v ? (nameOf(choices.find((c) => c.const === v)?.title ?? '')[0] ?? '') : <Box sx={{ color: 'text.secondary' }}>Skip this field</Box>),
            },
          }}
        >
          <MenuItem value="">
            <Box sx={{ color: 'text.secondary' }}>Skip this field</Box>
          </MenuItem>
          {choices.map((c) => {
            const [title, kind] = nameOf(c.title);
            const share = filled(c.const);
            return (
              <MenuItem key={c.const} value={c.const} sx={{ display: 'flex', justifyContent: 'space-between', gap: 3 }}>
                <Box sx={{ minWidth: 0 }}>
                  <Box sx={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{title}</Box>
                  <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', whiteSpace: 'normal' }}>{kind}</Box>
                </Box>
                {share !== undefined && <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', flex: 'none' }}>{percent(share)} filled</Box>}
              </MenuItem>
            );
          })}
        </TextField>
        {trait && <Direction direction={trait.direction} />}
        {suggestion && enabled && (
          <Button size="small" variant="text" color="primary" startIcon={<AutoFixHighRounded />} onClick={() => onChange(suggestion.traitId)} aria-label={`Use ${suggestion.trait} for ${label}`}>
            {suggestion.trait}
          </Button>
        )}
      </Box>
      <Box id={`${id}-about`} sx={{ mt: 0.5, fontSize: '0.8125rem', color: 'text.secondary', display: 'grid', gap: 0.25 }}>
        {error && <Box sx={{ color: 'error.main' }}>{error}</Box>}
        {suggestion && <span>Suggested: {suggestion.reason}</span>}
        {trait && conversionOf(trait.kind) && <span>{trait.kind}: {conversionOf(trait.kind)}</span>}
        {trait && (preview?.looked ?? 0) > 0 && <Filled share={trait.filled} />}
        {result?.warning && !error && <Box sx={{ color: 'warning.main', fontWeight: 540 }}>{result.warning}</Box>}
      </Box>
    </Box>
  );
}

function Direction({ direction }: { direction: string }) {
  const both = direction === 'both';
  return (
    <Box sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75, fontSize: '0.8125rem', color: 'text.secondary' }}>
      {both ? <SyncAltRounded sx={{ fontSize: 17 }} /> : <EastRounded sx={{ fontSize: 17 }} />}
      {both ? 'both ways' : 'to Rev.io only'}
    </Box>
  );
}

function Filled({ share }: { share: number }) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <Box aria-hidden sx={{ width: 84, height: 4, borderRadius: 2, bgcolor: 'divider', overflow: 'hidden' }}>
        <Box sx={{ width: `${share * 100}%`, height: '100%', bgcolor: 'primary.main' }} />
      </Box>
      {percent(share)} of the assets have it
    </Box>
  );
}
