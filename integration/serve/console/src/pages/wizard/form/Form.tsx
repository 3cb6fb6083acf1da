import { type JsonFormsCore, type JsonSchema, type UISchemaElement, and, isOneOfEnumControl, isStringControl, optionIs, rankWith, scopeEndsWith, uiTypeIs } from '@jsonforms/core';
import {
  MaterialBooleanCell,
  MaterialBooleanControl,
  MaterialEnumArrayRenderer,
  MaterialHorizontalLayout,
  MaterialIntegerCell,
  MaterialIntegerControl,
  MaterialNumberCell,
  MaterialNumberControl,
  MaterialRadioGroupControl,
  MaterialOneOfRadioGroupControl,
  MaterialTextCell,
  MaterialVerticalLayout,
  materialBooleanCellTester,
  materialBooleanControlTester,
  materialEnumArrayRendererTester,
  materialHorizontalLayoutTester,
  materialIntegerCellTester,
  materialIntegerControlTester,
  materialNumberCellTester,
  materialNumberControlTester,
  materialOneOfRadioGroupControlTester,
  materialRadioGroupControlTester,
  materialTextCellTester,
  materialVerticalLayoutTester,
} from '@jsonforms/material-renderers';
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
import { Text } from './Text';
import { Toggle } from './Toggle';
import { Words } from './Words';

// Ajv compiles with new Function, which the content security policy forbids.
// This one accepts everything: the server checks, and its findings come in as
// additional errors.
const validator = Object.assign(() => true, { errors: [] as unknown[], schema: {} });
const trusting = { compile: () => validator, validate: () => true, errors: null, addSchema: () => trusting, getSchema: () => undefined, removeSchema: () => trusting, addFormat: () => trusting, addKeyword: () => trusting };

// The stock renderers of the kinds that our pages' schemas have. All of them
// would bring the date pickers and the array tables along, which no page has.
const stock = [
  { tester: materialIntegerControlTester, renderer: MaterialIntegerControl },
  { tester: materialNumberControlTester, renderer: MaterialNumberControl },
  { tester: materialBooleanControlTester, renderer: MaterialBooleanControl },
  { tester: materialEnumArrayRendererTester, renderer: MaterialEnumArrayRenderer },
  { tester: materialRadioGroupControlTester, renderer: MaterialRadioGroupControl },
  { tester: materialOneOfRadioGroupControlTester, renderer: MaterialOneOfRadioGroupControl },
  { tester: materialVerticalLayoutTester, renderer: MaterialVerticalLayout },
  { tester: materialHorizontalLayoutTester, renderer: MaterialHorizontalLayout },
];
const cells = [
  { tester: materialTextCellTester, cell: MaterialTextCell },
  { tester: materialIntegerCellTester, cell: MaterialIntegerCell },
  { tester: materialNumberCellTester, cell: MaterialNumberCell },
  { tester: materialBooleanCellTester, cell: MaterialBooleanCell },
];

const renderers = [
  ...stock,
  { tester: rankWith(100, and(uiTypeIs('Control'), optionIs('format', 'password'))), renderer: Secret },
  { tester: rankWith(80, and(uiTypeIs('Control'), isStringControl)), renderer: Text },
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
  // The answers to begin with. What is changed comes by onChange: giving it back
  // here would undo what is typed meanwhile.
  initial: unknown;
  findings: Finding[];
  readOnly: boolean;
  onChange: (data: unknown) => void;
}

// Form shows a page's form. It gives the data back as it is changed.
export const Form = memo(function Form({ schema, uiSchema, initial, findings, readOnly, onChange }: Props) {
  const errors = useMemo(
    () => findings.map((f) => ({ instancePath: f.pointer, message: sentence(f.message), schemaPath: '', keyword: 'server', params: {} })),
    [findings],
  );
  return (
    <JsonForms
      schema={schema as JsonSchema}
      uischema={uiSchema as UISchemaElement}
      data={initial}
      renderers={renderers}
      cells={cells}
      ajv={trusting as unknown as NonNullable<JsonFormsCore['ajv']>}
      additionalErrors={errors}
      readonly={readOnly}
      config={{ showUnfocusedDescription: true, hideRequiredAsterisk: true }}
      onChange={({ data: changed }) => onChange(changed)}
    />
  );
});
