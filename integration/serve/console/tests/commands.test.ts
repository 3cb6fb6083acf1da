import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finished, sentence } from '../src/api/problem';
import { deedOf, pieces, plain } from '../src/app/commands';

const root = join(import.meta.dirname, '../../../..');

// sources are the Go files whose words people read.
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) => {
    const path = join(folder, e.name);
    if (e.isDirectory()) return ['testdata', 'node_modules', 'internal', 'demo', 'console', 'dist'].includes(e.name) ? [] : sources(path);
    return e.name.endsWith('.go') && !e.name.endsWith('_test.go') ? [readFileSync(path, 'utf8')] : [];
  });
}

test('every action that the runner names by its command has words and a place here', () => {
  const paths = Object.keys((JSON.parse(readFileSync(join(root, 'schemas/openapi.json'), 'utf8')) as { paths: object }).paths);
  const actions = new Set(paths.flatMap((p) => /\/actions\/([\w.-]+)$/.exec(p)?.[1] ?? []));
  const named = sources(join(root, 'integration'))
    .flatMap((text) => text.split('\n').filter((line) => !line.trim().startsWith('//')))
    .flatMap((line) => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap((m) => [...m[1]!.matchAll(/`([^`]+)`/g)].map((c) => c[1]!)))
    .filter((c) => actions.has(c.split(' ').slice(0, 2).join('.')));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((c) => !deedOf(c))).toEqual([]);
});

test('a command becomes what it is called here, with the way to its page', () => {
  expect(pieces('Accept it with `links accept --id 7`, or leave it.')).toEqual([{ text: 'Accept it with ' }, { text: '“Accept”', page: '/links' }, { text: ', or leave it.' }]);
  expect(pieces('See `runs show --id a/b` for how it ends')[1]).toEqual({ text: 'the run', page: '/runs/a%2Fb' });
  expect(pieces('Use `assets link --id 9 --revio-id 3`')[1]).toEqual({ text: '“It is this one”', page: '/assets/9' });
  expect(pieces('Use `assets link`, `create` or `ignore`').filter((p) => p.page)).toEqual([]);
});

test('words without commands stay; a sentence has none', () => {
  expect(plain('a name with one ` in it')).toBe('a name with one ` in it');
  expect(plain('the field `x-1`')).toBe('the field x-1');
  expect(sentence('run `sync cycle`')).toBe('Run “Sync now”.');
  expect(finished('run `sync cycle`')).toBe('Run `sync cycle`.');
});
