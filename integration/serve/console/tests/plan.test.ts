import { describe, expect, test } from 'vitest';
import { type Plan, countedOf, differing, fieldTitle, filtered, groupsOf } from '../src/pages/plans/plan';

const op = (over: object) => ({ id: 'x', side: 'right', kind: 'asset', record: '7', owner: '1', type: '1', source: '2', name: 'WS-1', set: { ipAddress: '10.0.0.2' }, was: { ipAddress: '10.0.0.1' }, ...over });
const link = (name: string, plan: object, details: object[] = []) => ({
  organization: { id: name, name },
  customer: { id: name, name: name + ' Ltd' },
  fingerprint: 'f',
  details,
  plan: { ops: [], held: [], conflicts: [], pairs: [], linked: 0, matched: 0, risk: 0, steady: 0, ...plan },
});
const groups = groupsOf({
  links: [
    link('Quiet', {}),
    link('Held', { held: [{ code: 'c', kind: 'asset', name: 'WS-9', record: '9', side: 'left', text: 'two have its serial number' }] }),
    link('Writes', { ops: [op({}), op({ record: '', was: undefined, side: 'left' })] }, [op({ kind: 'customer', set: { quickNotes: 'a' } })]),
    link('Stopped', { guard: ['9 of 10 would be emptied'], ops: [op({ set: { name: 'A', ipAddress: '' } }), op({ set: { ipAddress: '' }, name: 'SRV' })] }),
  ],
} as unknown as Plan);

describe('a plan by customer', () => {
  test('what is stopped comes first, then what writes; what does nothing is left out', () => {
    expect(groups.map((g) => g.organization)).toEqual(['Stopped', 'Writes', 'Held']);
  });
  test('writes are counted by what they do and where', () => {
    expect(countedOf(groups)).toEqual([
      { action: 'create', side: 'left', count: 1 },
      { action: 'update', side: 'right', count: 2 },
      { action: 'clear', side: 'right', count: 1 },
      { action: 'details', side: 'right', count: 1 },
    ]);
  });
  test('each field has its old and its new value', () => {
    expect(groups[1]!.changes[1]!.fields).toEqual([{ name: 'ipAddress', old: '10.0.0.1', new: '10.0.0.2', why: '' }]);
  });
  test.each([
    [{}, [2, 3, 0]],
    [{ action: 'clear' }, [1]],
    [{ side: 'left' }, [1]],
    [{ search: 'srv' }, [1]],
    [{ search: 'writes ltd' }, [3]],
    [{ search: 'nobody' }, []],
  ])('the filter %o leaves %o writes of each customer', (filter, left) => {
    expect(filtered(groups, filter).map((g) => g.changes.length)).toEqual(left);
  });
});

test('words that changed are marked, those around them are not', () => {
  expect(differing('rack 4, shelf B', 'rack 5, shelf B')).toEqual({
    old: [{ text: 'rack ', changed: false }, { text: '4,', changed: true }, { text: ' shelf B', changed: false }],
    new: [{ text: 'rack ', changed: false }, { text: '5,', changed: true }, { text: ' shelf B', changed: false }],
  });
  expect(differing('', 'new')).toEqual({ old: [], new: [{ text: 'new', changed: true }] });
  expect(differing('a a', 'a')).toEqual({ old: [{ text: 'a', changed: false }, { text: ' a', changed: true }], new: [{ text: 'a', changed: false }] });
});

test('fields are named for people', () => {
  expect(['serialNumber', 'quickNotes', 'description'].map(fieldTitle)).toEqual(['Serial Number', 'Quick notes', 'Description']);
});
