import type { ControlProps } from '@jsonforms/core';
import { withJsonFormsControlProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useRead } from '../../../api/query';
import type { Output } from '../../../api/types';
import { ErrorState } from '../../../ui/ErrorState';
import { When } from '../../../ui/When';
import { Notice } from '../../../ui/tone';
import { count } from '../../../ui/words';
import { useWizard } from '../context';

type Counts = Output<'preview.asset-types'>['items'][number];

interface Choice {
  const: string;
  title: string;
}

// AssetTypes is step 2: the types with what each holds, and what stays hidden
// when one is left out.
export const AssetTypes = withJsonFormsControlProps(function AssetTypes({ data, schema, path, errors, enabled, handleChange }: ControlProps) {
  const { instance } = useWizard();
  const counts = useRead('preview.asset-types', instance, {}, { staleTime: 300_000 });
  const [search, setSearch] = useState('');
  const items = schema.items as { oneOf?: Choice[] } | undefined;
  const choices = items?.oneOf ?? [];
  if (choices.length === 0) return <Notice tone="warn">{schema.description}</Notice>;
  const selected = Array.isArray(data) ? (data as string[]) : [];
  const shown = choices.filter((c) => c.title.toLowerCase().includes(search.trim().toLowerCase()));
  const set = (ids: string[]) =>
    handleChange(
      path,
      choices.map((c) => c.const).filter((id) => ids.includes(id)),
    );
  const allShown = shown.every((c) => selected.includes(c.const));
  const of = (id: string) => counts.data?.items.find((i) => i.id === id);
  const hidden = choices.filter((c) => !selected.includes(c.const)).map((c) => of(c.const));
  const hiddenPasswords = hidden.reduce((sum, c) => sum + (c?.passwords ?? 0), 0);
  const more = hidden.some((c) => c?.atLeast);
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minInlineSize: 0 }}>
      <legend className="visually-hidden">Flexible Asset Types</legend>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 1.5 }}>
        <TextField type="search" placeholder="Filter the types" value={search} onChange={(e) => setSearch(e.target.value)} sx={{ flex: '1 1 200px', maxWidth: 320 }} slotProps={{ htmlInput: { 'aria-label': 'Filter the types' } }} />
        <Button onClick={() => set(allShown ? selected.filter((id) => !shown.some((c) => c.const === id)) : [...selected, ...shown.map((c) => c.const)])} disabled={!enabled || shown.length === 0}>
          {allShown ? 'Select none of these' : search ? `Select these ${shown.length}` : 'Select all'}
        </Button>
        <Typography role="status" color="text.secondary" sx={{ ml: 'auto' }}>
          {selected.length} of {choices.length} selected
        </Typography>
      </Box>
      {errors && (
        <Typography role="alert" color="error" sx={{ mb: 1 }}>
          {errors}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
        {shown.map((c) => (
          <TypeRow
            key={c.const}
            choice={c}
            counts={of(c.const)}
            waiting={counts.isPending}
            selected={selected.includes(c.const)}
            enabled={enabled}
            onChange={(on) => set(on ? [...selected, c.const] : selected.filter((id) => id !== c.const))}
          />
        ))}
        {shown.length === 0 && (
          <Box component="li" sx={{ p: 3, color: 'text.secondary' }}>
            No enabled type is called that.
          </Box>
        )}
      </Box>
      <Box sx={{ mt: 2, display: 'grid', gap: 1.5 }}>
        {hiddenPasswords > 0 && (
          <Notice tone="warn" role="status">
            {more && 'At least '}
            {count(hiddenPasswords, 'password')} of types that are not selected will stay invisible in Rev.io.
          </Notice>
        )}
        {(counts.data?.standalone ?? 0) > 0 && (
          <Notice tone="quiet">
            {count(counts.data!.standalone, 'password belongs', 'passwords belong')} to no asset and {counts.data!.standalone === 1 ? 'is' : 'are'} not synced, whatever you select. Embed them in a Flexible Asset in IT Glue if you want to see them in Rev.io.
          </Notice>
        )}
        {counts.error && <ErrorState error={counts.error} retry={() => void counts.refetch()} />}
        {counts.data?.note && (
          <Typography variant="body2" color="text.secondary">
            {counts.data.note}
          </Typography>
        )}
      </Box>
    </Box>
  );
});

interface RowProps {
  choice: Choice;
  counts: Counts | undefined;
  waiting: boolean;
  selected: boolean;
  enabled: boolean;
  onChange: (on: boolean) => void;
}

function TypeRow({ choice, counts: c, waiting, selected, enabled, onChange }: RowProps) {
  const id = `type-${choice.const}`;
  const invisible = !selected && (c?.passwords ?? 0) > 0;
  return (
    <Box component="li" sx={{ borderTop: '1px solid', borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <Box component="label" htmlFor={id} sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 1.5, py: 1, cursor: 'pointer', bgcolor: selected ? 'action.selected' : 'transparent', '&:hover': { bgcolor: selected ? 'action.selected' : 'action.hover' } }}>
        <Checkbox id={id} checked={selected} disabled={!enabled} onChange={(e) => onChange(e.target.checked)} slotProps={{ input: { 'aria-describedby': `${id}-about` } }} />
        <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexWrap: 'wrap', columnGap: 2, rowGap: 0.25, alignItems: 'baseline' }}>
          <Box component="span" sx={{ fontWeight: 560, flex: '1 1 180px', overflowWrap: 'anywhere' }}>
            {choice.title}
          </Box>
          <Box id={`${id}-about`} component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem', display: 'flex', flexWrap: 'wrap', columnGap: 2 }}>
            {waiting ? (
              <Skeleton width={180} />
            ) : c?.fault ? (
              <span>Could not be counted: {c.fault}</span>
            ) : c ? (
              <>
                <span>{count(c.assets, 'asset')}</span>
                <Box component="span" sx={invisible ? { color: 'warning.main', fontWeight: 560 } : {}}>
                  {c.atLeast && c.passwords > 0 ? 'at least ' : ''}
                  {count(c.passwords, 'password')}
                  {invisible && (c.passwords === 1 ? ' stays invisible' : ' stay invisible')}
                </Box>
                {c.lastChange && (
                  <span>
                    changed <When at={c.lastChange} />
                  </span>
                )}
              </>
            ) : null}
          </Box>
        </Box>
      </Box>
    </Box>
  );
}
