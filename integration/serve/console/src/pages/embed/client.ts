import { isStarted, newKey, pathOf } from '../../api/client';
import { readProblem } from '../../api/problem';
import { type Run, isOver } from '../../api/run';
import type { CustomerShown, Synced } from '../customers/words';
import { problemOfRun } from '../customers/useSync';
import type { Token } from './token';

// ask asks the runner by the token alone: the cookie of somebody who is signed
// in is not sent, so that a frame can do no more than its token.
async function ask<T>(token: Token, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token.value}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': newKey() }) },
    body: body === undefined ? null : JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
  });
  if (!answer.ok) throw await readProblem(answer);
  return (await answer.json()) as T;
}

// showCustomer shows the token's customer.
export const showCustomer = (token: Token, id: string) => ask<CustomerShown>(token, pathOf('customers.show', token.instance), { id });

// syncCustomer syncs it, and tells of the run until it has ended. It asks each
// second: an EventSource sends no token.
export async function syncCustomer(token: Token, customerId: string, tell: (run: Run) => void, gone: AbortSignal): Promise<Synced> {
  const answer = await ask<unknown>(token, pathOf('sync.customer', token.instance), { customerId });
  if (!isStarted(answer)) return answer as Synced;
  const path = `/v1/instances/${encodeURIComponent(token.instance)}/runs/${encodeURIComponent(answer.run.id)}`;
  for (;;) {
    const run = await ask<Run>(token, path);
    gone.throwIfAborted();
    tell(run);
    if (run.problem) throw problemOfRun(run.problem);
    if (isOver(run.state)) return run.output as Synced;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    gone.throwIfAborted();
  }
}
