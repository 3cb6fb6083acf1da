import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

// What a browser loads before it shows the first page, and what a page adds.
const dist = join(import.meta.dirname, '../dist/app');
interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  isEntry?: boolean;
}

// weigh adds up the gzip sizes of a chunk's scripts and all that it imports.
function weigh(manifest: Record<string, Chunk>, starts: string[]): number {
  const files = new Set<string>();
  const add = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    (chunk.imports ?? []).forEach(add);
  };
  starts.forEach(add);
  return [...files].reduce((sum, f) => sum + gzipSync(readFileSync(join(dist, f))).length, 0) / 1000;
}

// It looks at what npm run build made: build first.
describe('what a browser loads', () => {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  const page = (part: string) => Object.keys(manifest).find((n) => n.endsWith(part)) ?? part;

  test.each(['InstancesPage.tsx', 'InstancePage.tsx', 'LinksPage.tsx'])('the first route is at most 250 kB gzip when it is %s', (name) => {
    expect(weigh(manifest, ['index.html', page(name)])).toBeLessThanOrEqual(250);
  });
  test('the wizard, with JSON Forms, is at most 380 kB gzip', () => {
    expect(weigh(manifest, ['index.html', page('WizardPage.tsx'), page('form/Form.tsx')])).toBeLessThanOrEqual(380);
  });
  test('nothing compiles text, which the content security policy forbids', () => {
    const scripts = readdirSync(join(dist, 'static')).filter((f) => f.endsWith('.js'));
    expect(scripts.filter((f) => /\bnew Function\(|\beval\(/.test(readFileSync(join(dist, 'static', f), 'utf8')))).toEqual([]);
  });
  test('scripts are files of our own: no inline script, nothing from elsewhere', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    expect(html).toContain('<meta name="csp-nonce" content="" />');
    expect([...html.matchAll(/<script[^>]*>/g)].every(([tag]) => tag.includes('src="/static/'))).toBe(true);
    expect(html).not.toMatch(/https?:\/\//);
  });
});
