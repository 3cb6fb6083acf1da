import { describe, expect, test } from 'vitest';
import { alertsOf, typedOf } from '../src/pages/settings/alerts';
import { around, lineDifference, nameIn } from '../src/pages/settings/lines';
import { everyWords, nextTimes, span } from '../src/pages/settings/schedule';

describe('the schedule', () => {
  test.each([
    ['1h0m0s', 3_600_000, 'each hour'],
    ['15m0s', 900_000, 'every 15 minutes'],
    ['1h30m0s', 5_400_000, 'every 90 minutes'],
    ['24h0m0s', 86_400_000, 'each day'],
    ['soon', 0, 'at times of its own'],
  ])('%s is %i ms: %s', (given, ms, words) => {
    expect(span(given)).toBe(ms);
    expect(everyWords(ms)).toBe(words);
  });
  test('the next times follow the first one; without one there are none', () => {
    expect(nextTimes('2026-01-01T10:00:00Z', 3_600_000).map((d) => d.toISOString())).toEqual(['2026-01-01T10:00:00.000Z', '2026-01-01T11:00:00.000Z', '2026-01-01T12:00:00.000Z']);
    expect(nextTimes(undefined, 3_600_000)).toEqual([]);
    expect(nextTimes('2026-01-01T10:00:00Z', 0)).toEqual([]);
  });
});

describe('the instance file', () => {
  test('lines that went and came are told from those that stayed', () => {
    expect(lineDifference('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'gone', text: 'b' },
      { kind: 'new', text: 'x' },
      { kind: 'same', text: 'c' },
      { kind: 'new', text: 'd' },
    ]);
    expect(lineDifference('a\n', 'a').every((l) => l.kind === 'same')).toBe(true);
  });
  test('only lines near a change are kept', () => {
    const text = Array.from({ length: 20 }, (_, i) => String(i));
    const kept = around(lineDifference(text.join('\n'), text.with(10, 'ten').join('\n')));
    expect(kept.map((l) => l && l.text)).toEqual([null, '8', '9', '10', 'ten', '11', '12', null]);
  });
  test.each([['runAs: x\nname: kestrel-msp\n', 'kestrel-msp'], ['{\n"name": "a",\n}', 'a'], ['hello', '']])('the name in %j is %j', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });
});

describe('alerts', () => {
  const kinds = ['failed', 'guard'].map((name) => ({ name, title: name }));
  const stored = { webhook: { url: 'https://hooks.example', secret: '${sealed}' }, kinds: ['guard' as const] };
  test('a stored secret is kept unless another one is typed', () => {
    const typed = typedOf({ alerts: stored, kinds });
    expect(typed.secret).toBe('');
    expect(alertsOf(typed, 2)).toEqual(stored);
    expect(alertsOf({ ...typed, secret: 'new' }, 2).webhook).toEqual({ url: 'https://hooks.example', secret: 'new' });
  });
  test('what is switched off is left out, and all kinds are written as none', () => {
    expect(alertsOf({ ...typedOf({ alerts: stored, kinds }), hook: false, kinds: ['failed', 'guard'] }, 2)).toEqual({});
  });
  test('the people that mail goes to are told apart by commas', () => {
    const typed = typedOf({ alerts: {}, kinds });
    expect(alertsOf({ ...typed, mail: true, server: 's:25', from: 'a@b', to: 'c@d, , e@f' }, 2)).toEqual({ mail: { server: 's:25', security: 'starttls', from: 'a@b', to: ['c@d', 'e@f'] } });
  });
});
