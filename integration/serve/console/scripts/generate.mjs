// Writes src/api/openapi.d.ts: the types of every action, from the OpenAPI
// document in schemas/ that scripts/generate of the project writes.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const document = join(here, '../../../../schemas/openapi.json');

const api = JSON.parse(readFileSync(document, 'utf8'));
openObjects(api);
const text = '// Made by scripts/generate.mjs. Do not edit.\n' + astToString(await openapiTS(api));
writeFileSync(join(here, '../src/api/openapi.d.ts'), text);

// openObjects says of objects without properties that they hold anything, as
// JSON Schema means it; openapi-typescript takes them for empty.
function openObjects(node) {
  if (typeof node !== 'object' || node === null) return;
  if (node.type === 'object' && !node.properties && node.additionalProperties === undefined) node.additionalProperties = true;
  Object.values(node).forEach(openObjects);
}
