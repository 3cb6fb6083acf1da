import { Actions, type LayoutProps } from '@jsonforms/core';
import { useJsonForms, withJsonFormsLayoutProps } from '@jsonforms/react';
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { useState } from 'react';
import { Dot } from '../../../ui/tone';
import type { Finding } from '../../../api/problem';
import { RulesTab } from './RulesTab';
import { TypeTab } from './TypeTab';

export interface Choice {
  const: string;
  title: string;
}

// PageSchema is the schema of step 3: t and the type's id, then Rev.io's field.
export interface PageSchema {
  properties: Record<string, { title: string; description?: string; properties: Record<string, { title: string; description?: string; oneOf?: Choice[]; readOnly?: boolean; properties?: Record<string, { title: string; oneOf?: Choice[] }> }> }>;
}

// Mapping is the answers of step 3.
export type Mapping = Record<string, Record<string, string>> & { rules?: { firstWinner?: string; fields?: Record<string, string> } };

// FieldMapping is step 3: a tab for each type, and one for values that differ.
export const FieldMapping = withJsonFormsLayoutProps(function FieldMapping({ schema, enabled }: LayoutProps) {
  const { core, dispatch } = useJsonForms();
  const page = schema as unknown as PageSchema;
  const types = Object.keys(page.properties).filter((k) => k !== 'rules');
  const byTitle = [...types].sort((a, b) => page.properties[a]!.title.localeCompare(page.properties[b]!.title));
  const [open, setOpen] = useState(byTitle[0] ?? 'rules');
  const data = (core?.data ?? {}) as Mapping;
  const findings: Finding[] = (core?.additionalErrors ?? []).map((e) => ({ pointer: e.instancePath, message: e.message ?? '' }));
  const update = (path: string, value: unknown) => dispatch?.(Actions.update(path, () => value));
  const faulty = (key: string) => findings.some((f) => f.pointer.startsWith(`/${key}/`));
  const mapped = (key: string) => Object.values(data[key] ?? {}).filter(Boolean).length;
  return (
    <Box sx={{ border: '1px solid', borderColor: 'divider', borderRadius: '12px', bgcolor: 'background.paper', overflow: 'hidden' }}>
      <Tabs value={open} onChange={(_, v: string) => setOpen(v)} variant="scrollable" scrollButtons="auto" allowScrollButtonsMobile aria-label="Types" sx={{ px: 1, borderBottom: '1px solid', borderColor: 'divider', bgcolor: 'background.sunken' }}>
        {[...byTitle, 'rules'].map((key) => (
          <Tab
            key={key}
            value={key}
            id={`tab-${key}`}
            aria-controls={`panel-${key}`}
            label={
              <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
                {faulty(key) && <Dot tone="bad" />}
                {page.properties[key]?.title ?? 'Values that differ'}
                {faulty(key) && <span className="visually-hidden">, needs attention</span>}
                {key !== 'rules' && (
                  <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.75rem', fontVariantNumeric: 'tabular-nums' }}>
                    {mapped(key)}
                    <span className="visually-hidden"> fields mapped</span>
                  </Box>
                )}
              </Box>
            }
          />
        ))}
      </Tabs>
      <Box role="tabpanel" id={`panel-${open}`} aria-labelledby={`tab-${open}`} sx={{ p: { xs: 2, sm: 2.5 } }}>
        {open === 'rules' ? (
          <RulesTab schema={page.properties['rules']} rules={data.rules ?? {}} enabled={enabled} onChange={(rules) => update('rules', rules)} />
        ) : (
          <TypeTab
            key={open}
            name={open}
            schema={page.properties[open]!}
            mapping={data}
            enabled={enabled}
            findings={findings.filter((f) => f.pointer.startsWith(`/${open}/`))}
            onChange={(fields) => update(open, fields)}
          />
        )}
      </Box>
    </Box>
  );
});
