import { describe, expect, test } from 'vitest';
import { problemOf, readProblem, sentence } from '../src/api/problem';
import { isStarted, newKey, pathOf } from '../src/api/client';
import { can, type Session } from '../src/api/session';
import { ago, clock, count, percent, took } from '../src/ui/words';
import { rank } from '../src/app/Palette';

describe('words', () => {
  const now = Date.parse('2026-01-02T12:00:00Z');
  test.each([
    ['2026-01-02T11:59:58Z', 'just now'],
    ['2026-01-02T11:59:20Z', '40 seconds ago'],
    ['2026-01-02T11:57:00Z', '3 minutes ago'],
    ['2026-01-02T14:00:00Z', 'in 2 hours'],
    ['2026-01-01T12:00:00Z', 'yesterday'],
  ])('%s is %s', (at, words) => expect(ago(at, now)).toBe(words));

  test('a share is 100 % only when nothing is left, and 0 % only when nothing is there', () => {
    expect([0, 0.001, 0.824, 0.999, 1].map(percent)).toEqual(['0 %', '<1 %', '82 %', '99 %', '100 %']);
  });
  test('spans and counts', () => {
    expect([took(840), took(3200), took(250_000), clock(65_000), clock(3_700_000)]).toEqual(['840 ms', '3.2 s', '4 min 10 s', '01:05', '1:01:40']);
    expect([count(1, 'link'), count(1200, 'link'), count(2, 'entry', 'entries')]).toEqual(['1 link', '1,200 links', '2 entries']);
  });
});

describe('problems', () => {
  test('an answer without a body still says what happened', async () => {
    const p = await readProblem(new Response('<html>', { status: 502, statusText: 'Bad Gateway', headers: { 'content-type': 'text/html', 'x-request-id': 'r1', 'retry-after': '7' } }));
    expect([p.status, p.message, p.requestId, p.retryAfter]).toEqual([502, 'The runner answered 502 Bad Gateway.', 'r1', 7]);
  });
  test('a problem keeps its code, its remedy and its findings', async () => {
    const body = { status: 422, code: 'invalid-input', detail: 'the answers are not valid', do: 'correct them', problems: [{ pointer: '/a', message: 'is missing' }], requestId: 'r2' };
    const p = await readProblem(new Response(JSON.stringify(body), { status: 422, headers: { 'content-type': 'application/problem+json' } }));
    expect([p.message, p.do, p.findings[0]?.pointer]).toEqual(['The answers are not valid.', 'correct them', '/a']);
  });
  test('a request that found no runner says that nothing is known to have changed', () => {
    expect(problemOf(new TypeError('Failed to fetch')).code).toBe('offline');
    expect([sentence('done'), sentence('api.itglue.com answers'), sentence('links.accept: x'), sentence('it’s held')]).toEqual(['Done.', 'api.itglue.com answers.', 'links.accept: x.', 'It’s held.']);
  });
});

describe('the client', () => {
  test('addresses name the instance, encoded', () => {
    expect(pathOf('links.list', 'a/b')).toBe('/v1/instances/a%2Fb/actions/links.list');
    expect(pathOf('instance.list', null)).toBe('/v1/actions/instance.list');
  });
  test('a run that goes on is told from an outcome', () => {
    expect(isStarted({ run: { id: 'r', flow: 'f', state: 'queued' } })).toBe(true);
    expect(isStarted({ run: 3 })).toBe(false);
    expect(isStarted(null)).toBe(false);
  });
  test('keys do not repeat', () => expect(new Set(Array.from({ length: 100 }, newKey)).size).toBe(100));
});

describe('rights', () => {
  const session = { user: { id: '1', name: 'ana', display: 'Ana' }, demo: false, grants: [{ instance: 'a', roles: ['operator'] }, { instance: '*', roles: ['viewer'] }] } as Session;
  test('a grant is for its instance, a star for all of them', () => {
    expect([can(session, 'a', 'operate'), can(session, 'b', 'operate'), can(session, 'b', 'view'), can(session, 'a', 'reveal'), can(undefined, 'a', 'view')]).toEqual([true, false, true, false, false]);
  });
});

test('the palette puts what starts with the words first, and leaves out the rest', () => {
  const e = (label: string) => ({ label, hint: '', to: label });
  expect(rank([e('Set links'), e('Links'), e('Runs')], 'links').map((x) => x.label)).toEqual(['Links', 'Set links']);
});
