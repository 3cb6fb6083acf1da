import { describe, expect, test } from 'vitest';
import { detailOf, startOf } from '../src/pages/audit/words';
import { differing, nextOpen } from '../src/pages/conflicts/words';
import { type Synced, resultTone, resultWords } from '../src/pages/customers/words';
import { tokenOf } from '../src/pages/embed/token';
import { another, kindOf, presets, reasonOf, refusalOf, spelling } from '../src/pages/passwords/words';

describe('the reason of a reveal', () => {
  test.each([
    ['', 'what it is for', '', ''],
    [another, 'abcd', '', ''],
    [another, '  ab  cd  ', '', 'ab cd'],
    [presets[0], '', '', 'Sign in to fix a problem'],
    [presets[0], 'the printer', 'T-7', 'Sign in to fix a problem: the printer (ticket T-7)'],
  ])('%s, “%s”, “%s” is “%s”', (preset, text, ticket, reason) => expect(reasonOf(preset, text, ticket)).toBe(reason));

  test('it is never longer than the audit log takes', () => expect(reasonOf(presets[0], 'x'.repeat(600), 'T-7')).toHaveLength(500));

  test('each preset is a reason that the runner takes', () => {
    for (const p of presets) expect(reasonOf(p, '', '').length).toBeGreaterThanOrEqual(5);
  });
});

describe('a value', () => {
  test('is spelled one word a character, capitals in capitals', () => {
    expect(spelling('aB0-O l').map((s) => s.word)).toEqual(['alfa', 'capital BRAVO', 'zero', 'hyphen', 'capital OSCAR', 'space', 'lima']);
  });
  test('keeps characters that are no letter of the alphabet', () => expect(spelling('é😀').map((s) => s.word)).toEqual(['é', '😀']));
  test('tells what looks alike', () => expect(Array.from('0O1l| ').map(kindOf)).toEqual(['digit', 'letter', 'digit', 'letter', 'sign', 'space']));
  test('each refusal has a title of its own', () => {
    const codes = ['step-up', 'rate-limited', 'not-found', 'conflict', 'unauthorized', 'forbidden', 'unavailable', 'offline', 'internal'];
    expect(new Set(codes.map(refusalOf)).size).toBe(codes.length);
  });
});

describe('a conflict', () => {
  test.each([
    ['Windows 10 Pro', 'Windows 11 Pro', ['Windows 1', '0', ' Pro']],
    ['same', 'same', ['same', '', '']],
    ['', 'new', ['', '', '']],
    ['aa', 'aaa', ['aa', '', '']],
    ['😀a', '😁a', ['', '😀', 'a']],
  ])('%s beside %s shows what is its own', (value, other, parts) => {
    expect(differing(value, other)).toEqual(parts);
    expect(differing(value, other).join('')).toBe(value);
  });

  const open = {};
  const taken = { take: 'revio' };
  test.each([
    [[open, open], 0, 1],
    [[open, taken], 1, 0],
    [[open, taken, open], 0, 2],
    [[taken, taken], 0, -1],
    [[], 0, -1],
  ])('after %j at %d comes %d', (items, from, next) => expect(nextOpen(items, from)).toBe(next));
});

describe('what a sync of one customer came to', () => {
  const of = (report: object, more: object = {}) => ({ made: false, assetsMade: 0, notMade: [], organization: '1', report: { toRevio: 0, toITGlue: 0, created: 0, matched: 0, planned: 0, conflicts: 7, held: 9, stopped: [], notes: [], ...report }, ...more }) as unknown as Synced;
  test.each([
    [of({}), 0, 'Nothing to do: both sides hold the same.', 'good'],
    [of({ toRevio: 1, toITGlue: 1 }), 1, '2 updated, 1 conflict.', 'warn'],
    [of({}, { made: true, assetsMade: 3 }), 0, 'Made the organization in IT Glue, 3 assets made in IT Glue.', 'good'],
    [of({ created: 1 }, { notMade: ['no type'] }), 0, '1 asset made in Rev.io.', 'warn'],
  ])('%# is in words, and counts the conflicts of this customer only', (s, conflicts, words, tone) => {
    expect(resultWords(s, { conflicts, held: 0 })).toBe(words);
    expect(resultTone(s, { conflicts, held: 0 })).toBe(tone);
  });
});

describe('an embed token', () => {
  const claims = (c: object) => `x.${btoa(JSON.stringify(c)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')}.y`;
  const good = claims({ instance: 'acme', exp: 1000 });
  test.each([`#token=${good}`, `#${good}`])('%s is read', (fragment) => expect(tokenOf(fragment)).toEqual({ value: good, instance: 'acme', expires: 1_000_000 }));
  test.each(['', '#', '#token=', '#a.b.c', '#token=a.!!.c', `#${claims({ exp: 1 })}`, `#${claims({ instance: 'acme' })}`])('%s is none', (fragment) => expect(tokenOf(fragment)).toBeUndefined());
});

describe('the audit log', () => {
  test('a day begins in the reader’s zone', () => {
    expect(startOf('2026-03-01')).toBe(new Date(2026, 2, 1).toISOString());
    expect(startOf('2026-03-01', 1)).toBe(new Date(2026, 2, 2).toISOString());
  });
  test.each(['', '2026', 'soon'])('%s is no day', (text) => expect(startOf(text)).toBeUndefined());
  test('details are one line without what is empty', () => expect(detailOf({ reason: 'x', code: '' })).toBe('reason: x'));
});
