import { describe, expect, test } from 'vitest';
import { inOrder, storedSecrets, unanswered, valueAt, withValue } from '../src/pages/wizard/data';
import { fieldOf } from '../src/pages/wizard/Help';
import { stepOf } from '../src/pages/wizard/steps';
import { readFileSync } from 'node:fs';
import { conversionOf } from '../src/pages/wizard/form/conversion';
import { wordsOf } from '../src/pages/instance/Timeline';

const schema = {
  type: 'object',
  required: ['revio', 'itglue'],
  properties: {
    itglue: { type: 'object', required: ['apiKey'], properties: { apiKey: { type: 'string', title: 'API Key' }, testPasswordId: { type: 'string', title: 'Test password' } } },
    revio: { type: 'object', required: ['tenant'], properties: { tenant: { type: 'string', title: 'Rev.io site' } } },
    typeIds: { type: 'array', minItems: 1, title: 'Types' },
  },
};

describe('answers', () => {
  test('what is needed and missing is named with its pointer; what is optional is not', () => {
    const found = unanswered(schema, { itglue: {}, typeIds: [] });
    expect(found.map((f) => f.pointer)).toEqual(['/itglue/apiKey', '/revio/tenant', '/typeIds']);
    expect(unanswered(schema, { itglue: { apiKey: 'k' }, revio: { tenant: 't' }, typeIds: ['1'] })).toEqual([]);
  });
  test('findings stand in the order of their fields, unknown ones last', () => {
    const ui = { elements: [{ elements: [{ scope: '#/properties/revio/properties/tenant' }] }, { scope: '#/properties/itglue/properties/apiKey' }] };
    const found = [{ pointer: '/x', message: '' }, { pointer: '/itglue/apiKey', message: '' }, { pointer: '/revio/tenant', message: '' }];
    expect(inOrder(found, ui).map((f) => f.pointer)).toEqual(['/revio/tenant', '/itglue/apiKey', '/x']);
  });
  test('a value is set at a pointer without touching the rest', () => {
    const before = { itglue: { region: 'us', apiKey: 'k' } };
    const after = withValue(before, '/itglue/region', 'eu');
    expect(after).toEqual({ itglue: { region: 'eu', apiKey: 'k' } });
    expect(before.itglue.region).toBe('us');
    expect(valueAt(withValue({}, '/a~1b/c', 1), '/a~1b/c')).toBe(1);
  });
  test('only secrets that were typed and stored are forgotten, not references and not other pages', () => {
    const sent = { itglue: { apiKey: 'typed' }, revio: { clientSecret: '${sealed}' } };
    expect(storedSecrets('connections', sent, ['/connections/itglue/apiKey', '/connections/revio/clientSecret', '/fields/x'])).toEqual({ '/connections/itglue/apiKey': 'typed' });
  });
});

test('a step of an address outside the wizard is its first screen', () => {
  expect([undefined, '0', '1', '4', '5', '-1', 'x', '1.5'].map(stepOf)).toEqual([0, 0, 1, 4, 0, 0, 0, 0]);
});

test('what has no id of a form has no help', () => expect(fieldOf({} as EventTarget)).toBe(''));

test('each kind that can be mapped says what becomes of its values', () => {
  const source = readFileSync(new URL('../../../mapping/field.go', import.meta.url), 'utf8');
  const body = /func suitable[\s\S]*?\n}/.exec(source)?.[0] ?? '';
  const kinds = new Set([...body.matchAll(/\[\]string\{([^}]*)\}/g)].flatMap((m) => m[1]!.split(', ')));
  expect(kinds.size).toBe(8);
  expect([...kinds].filter((k) => !conversionOf(k))).toEqual([]);
  expect(conversionOf('Password')).toBe('');
});

test('an action of the audit log is said in words; other titles stay', () => {
  expect([wordsOf('links.accept: organization 7'), wordsOf('users.create'), wordsOf('Sync cycle succeeded'), wordsOf('api.itglue.com answers')]).toEqual(['Accepted a link: organization 7', 'Users create', 'Sync cycle succeeded', 'api.itglue.com answers']);
});
