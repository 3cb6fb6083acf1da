import { type JsonFormsCore, type JsonSchema, type UISchemaElement, and, isOneOfEnumControl, optionIs, rankWith, scopeEndsWith, uiTypeIs } from '@jsonforms/core';
import { materialCells, materialRenderers } from '@jsonforms/material-renderers';
import { JsonForms } from '@jsonforms/react';
import { memo, useMemo } from 'react';
import type { Finding } from '../../../api/problem';
import { sentence } from '../../../api/problem';
import { AssetTypeMapping, isTypesPage } from './AssetTypeMapping';
import { AssetTypes } from './AssetTypes';
import { FieldMapping } from './FieldMapping';
import { Group } from './Group';
import { Pick } from './Pick';
import { Secret } from './Secret';
import { Toggle } from './Toggle';
import { Words } from './Words';

// Ajv compiles with new Function, which the content security policy forbids.
// This one accepts everything: the server checks, and its findings come in as
// additional errors.
const validator = Object.assign(() => true, { errors: [] as unknown[], schema: {} });
const trusting = { compile: () => validator, validate: () => true, errors: null, addSchema: () => trusting, getSchema: () => undefined, removeSchema: () => trusting, addFormat: () => trusting, addKeyword: () => trusting };

const renderers = [
  ...materialRenderers,
  { tester: rankWith(100, and(uiTypeIs('Control'), optionIs('format', 'password'))), renderer: Secret },
  { tester: rankWith(90, and(uiTypeIs('Control'), isOneOfEnumControl)), renderer: Pick },
  { tester: rankWith(100, and(uiTypeIs('Control'), optionIs('toggle', true))), renderer: Toggle },
  { tester: rankWith(100, scopeEndsWith('typeIds')), renderer: AssetTypes },
  { tester: rankWith(100, uiTypeIs('Categorization')), renderer: FieldMapping },
  { tester: rankWith(100, (ui, schema) => ui.type === 'VerticalLayout' && isTypesPage(schema)), renderer: AssetTypeMapping },
  { tester: rankWith(100, uiTypeIs('Group')), renderer: Group },
  { tester: rankWith(100, uiTypeIs('Label')), renderer: Words },
];

interface Props {
  schema: object;
  uiSchema: object;
  data: unknown;
  findings: Finding[];
  readOnly: boolean;
  onChange: (data: unknown) => void;
}

// Form shows a page's form. It gives the data back as it is changed.
export const Form = memo(function Form({ schema, uiSchema, data, findings, readOnly, onChange }: Props) {
  const errors = useMemo(
    () => findings.map((f) => ({ instancePath: f.pointer, message: sentence(f.message), schemaPath: '', keyword: 'server', params: {} })),
    [findings],
  );
  return (
    <JsonForms
      schema={schema as JsonSchema}
      uischema={uiSchema as UISchemaElement}
      data={data}
      renderers={renderers}
      cells={materialCells}
      ajv={trusting as unknown as NonNullable<JsonFormsCore['ajv']>}
      additionalErrors={errors}
      readonly={readOnly}
      config={{ showUnfocusedDescription: true, hideRequiredAsterisk: true }}
      onChange={({ data: changed }) => onChange(changed)}
    />
  );
});
