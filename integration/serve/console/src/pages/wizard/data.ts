import type { Finding } from '../../api/problem';

type Json = Record<string, unknown>;

interface Schema {
  type?: string;
  title?: string;
  required?: string[];
  minItems?: number;
  properties?: Record<string, Schema>;
}

// unanswered finds what a form's schema needs and the data lacks, with the
// pointers that the server would name. The server checks everything else.
export function unanswered(schema: Schema, data: unknown, at = ''): Finding[] {
  const found: Finding[] = [];
  const values = (typeof data === 'object' && data !== null ? data : {}) as Json;
  for (const [name, of] of Object.entries(schema.properties ?? {})) {
    const pointer = `${at}/${escaped(name)}`;
    const value = values[name];
    const needed = schema.required?.includes(name) ?? false;
    if (of.type === 'object') {
      if (needed || value !== undefined) found.push(...unanswered(of, value, pointer));
    } else if (Array.isArray(value)) {
      if (value.length < (of.minItems ?? 0)) found.push({ pointer, message: `${of.title ?? name}: choose at least ${of.minItems}` });
    } else if (needed && (value === undefined || value === '')) {
      found.push({ pointer, message: `${of.title ?? name} is needed` });
    }
  }
  return found;
}

const escaped = (name: string) => name.replace(/~/g, '~0').replace(/\//g, '~1');
const parts = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((p) => p.replace(/~1/g, '/').replace(/~0/g, '~'));

// withValue gives a copy of the data with one value changed, at a JSON pointer.
export function withValue(data: unknown, pointer: string, value: unknown): unknown {
  const [name, ...rest] = parts(pointer);
  if (name === undefined) return value;
  const object = (typeof data === 'object' && data !== null ? data : {}) as Json;
  const below = rest.map((p) => '/' + escaped(p)).join('');
  return { ...object, [name]: withValue(object[name], below, value) };
}

// valueAt reads the value at a JSON pointer.
export function valueAt(data: unknown, pointer: string): unknown {
  return parts(pointer).reduce<unknown>((d, name) => (typeof d === 'object' && d !== null ? (d as Json)[name] : undefined), data);
}

// sealed stands for a secret that is stored, and keeps it.
export const sealed = '${sealed}';

// storedSecrets picks the secrets that a save has stored out of what was sent.
export function storedSecrets(page: string, sent: unknown, pointers: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const p of pointers) {
    const value = p.startsWith(`/${page}/`) ? valueAt(sent, p.slice(page.length + 1)) : undefined;
    if (typeof value === 'string' && value !== '' && !value.startsWith('${')) found[p] = value;
  }
  return found;
}

interface Element {
  scope?: string;
  elements?: Element[];
}

// inOrder sorts findings as their fields stand on the page.
export function inOrder(findings: Finding[], uiSchema: Element): Finding[] {
  const scopes: string[] = [];
  const walk = (e: Element) => {
    if (e.scope) scopes.push(e.scope.replace(/^#/, '').replace(/\/properties\//g, '/'));
    e.elements?.forEach(walk);
  };
  walk(uiSchema);
  const at = (f: Finding) => {
    const i = scopes.indexOf(f.pointer);
    return i < 0 ? scopes.length : i;
  };
  return [...findings].sort((a, b) => at(a) - at(b));
}
