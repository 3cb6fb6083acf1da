// The OpenAPI document as others use it: a public linter, and a generated client.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createConfig, lint } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import { startStage } from './stage.mjs';

const run = promisify(execFile);
const here = import.meta.dirname;
const document = join(here, '../../../../schemas/openapi.json');

let stage;
before(async () => {
  stage = await startStage({ browse: false });
  await stage.instance();
});
after(() => stage.close());

test('the document that is published is the one that is served', async () => {
  const served = await (await fetch(stage.url + '/v1/openapi.json')).json();
  assert.deepEqual(served.paths, JSON.parse(await readFile(document, 'utf8')).paths);
});

test('a public linter finds no fault', async () => {
  const found = await lint({ ref: document, config: await createConfig({ extends: ['recommended'] }) });
  assert.deepEqual(found.filter((p) => p.severity === 'error').map((p) => `${p.ruleId}: ${p.message} ${p.location[0].pointer}`), []);
  // It wants a 2XX everywhere, also where an answer is always a redirect, and a
  // 4XX of the check of health, which refuses nothing.
  assert.deepEqual(found.map((p) => p.location[0].pointer).sort(), ['#/paths/~1healthz/get/responses', '#/paths/~1sign-in/get/responses', '#/paths/~1v1~1oidc~1callback/get/responses', '#/paths/~1v1~1oidc~1start/get/responses']);
});

test('a generated client compiles and calls the server', async () => {
  await writeFile(join(here, 'client/openapi.d.ts'), astToString(await openapiTS(JSON.parse(await readFile(document, 'utf8')))));
  await run(process.execPath, [join(here, '../node_modules/typescript/bin/tsc'), '-p', join(here, 'client')]).catch((e) => assert.fail(e.stdout || e));
  const { journey } = await import(join(here, '../node_modules/.cache/client/client.js'));
  const { value: token } = await stage.ana.call('tokens.create', null, { name: 'client', instance: 'kestrel-msp', accesses: ['view'] });
  const seen = await journey(stage.url, token, 'kestrel-msp');
  assert.equal(seen.links.length, 3);
  assert.equal(seen.pending, (await stage.ana.call('links.counts', 'kestrel-msp', {})).pending);
  assert.equal(seen.refused, 'not-found');
});
