// A client that is nothing but the types that openapi-typescript makes of the
// document, and openapi-fetch: it compiles, or the document says something else
// than what is meant.
import createClient from 'openapi-fetch';
import type { paths } from './openapi.js';

export async function journey(baseUrl: string, token: string, instance: string): Promise<{ links: string[]; pending: number; refused: string }> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
  const path = { instance };
  const counts = await client.POST('/v1/instances/{instance}/actions/links.counts', { params: { path }, body: {} });
  const list = await client.POST('/v1/instances/{instance}/actions/links.list', { params: { path }, body: { state: 'pending', limit: 3 } });
  if (list.error ?? counts.error) throw new Error(JSON.stringify(list.error ?? counts.error));
  const none = await client.POST('/v1/instances/{instance}/actions/links.show', { params: { path }, body: { id: 'no-such-link' } });
  return { links: (list.data?.items ?? []).map((l) => l.organization.name), pending: counts.data?.pending ?? -1, refused: none.error?.code ?? '' };
}
