// Writes src/api/openapi.d.ts: the types of every action, from the OpenAPI
// document in schemas/ that scripts/generate of the project writes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const schemas = join(here, '../../../../schemas');
const document = join(schemas, 'openapi.json');

const api = existsSync(document) ? JSON.parse(readFileSync(document, 'utf8')) : fromActions();
const text = '// Made by scripts/generate.mjs. Do not edit.\n' + astToString(await openapiTS(api));
writeFileSync(join(here, '../src/api/openapi.d.ts'), text);

// fromActions makes the same document of the actions' own schemas.
function fromActions() {
  const paths = {};
  const dir = join(schemas, 'actions');
  const read = (file) => {
    const { $schema: _, ...schema } = JSON.parse(readFileSync(join(dir, file), 'utf8'));
    return schema;
  };
  for (const file of readdirSync(dir).filter((f) => f.endsWith('.input.json'))) {
    const name = file.slice(0, -'.input.json'.length);
    paths[`/v1/instances/{instance}/actions/${name}`] = {
      parameters: [{ name: 'instance', in: 'path', required: true, schema: { type: 'string' } }],
      post: {
        operationId: name,
        requestBody: { content: { 'application/json': { schema: read(file) } } },
        responses: { 200: { description: 'What it answers.', content: { 'application/json': { schema: read(`${name}.output.json`) } } } },
      },
    };
  }
  return { openapi: '3.1.0', info: { title: 'itglue-revio', version: '0' }, paths };
}
