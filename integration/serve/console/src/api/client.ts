import { type Problem, problemOf, readProblem } from './problem';
import type { ActionName, Input, Output } from './types';

// Started is a run that a flow was given to, when the answer did not wait for it.
export interface Started {
  run: { id: string; flow: string; state: string };
}

export interface CallOptions {
  signal?: AbortSignal;
  // The version that is meant; another one is answered 412.
  ifMatch?: string;
  // The same key makes a repeated write one write.
  idempotencyKey?: string;
  // How many seconds a flow may take before its run is answered instead.
  wait?: number;
}

// stepUp asks the person to sign in again; it answers whether they did. The
// step-up dialog puts itself here.
let stepUp: (() => Promise<boolean>) | undefined;

export function onStepUp(ask: (() => Promise<boolean>) | undefined): void {
  stepUp = ask;
}

// signedOut is called when an answer says that nobody is signed in any more.
let signedOut: ((p: Problem) => void) | undefined;

export function onSignedOut(tell: ((p: Problem) => void) | undefined): void {
  signedOut = tell;
}

interface Request {
  method: string;
  path: string;
  body?: unknown;
  options?: CallOptions;
}

// send asks the runner, and asks once more after a step-up.
export async function send<T>(r: Request): Promise<T> {
  try {
    return await once<T>(r);
  } catch (err) {
    const problem = problemOf(err);
    if (problem.code === 'step-up' && stepUp && (await stepUp())) return once<T>(r);
    if (problem.status === 401 && problem.code === 'sign-in' && r.path !== '/v1/session') signedOut?.(problem);
    throw problem;
  }
}

async function once<T>({ method, path, body, options = {} }: Request): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (options.ifMatch) headers.set('if-match', options.ifMatch);
  if (options.idempotencyKey) headers.set('idempotency-key', options.idempotencyKey);
  if (options.wait) headers.set('prefer', `wait=${options.wait}`);
  const answer = await fetch(path, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
    signal: options.signal ?? null,
    credentials: 'same-origin',
    cache: 'no-store',
  });
  if (!answer.ok) throw await readProblem(answer);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

// pathOf is the address of an action, of an instance or of the host.
export function pathOf(name: string, instance: string | null): string {
  return instance === null ? `/v1/actions/${name}` : `/v1/instances/${encodeURIComponent(instance)}/actions/${name}`;
}

// call invokes an action. Without an instance it is one of the host.
export function call<N extends ActionName>(name: N, instance: string | null, input: Input<N>, options?: CallOptions): Promise<Output<N>> {
  return send<Output<N>>({ method: 'POST', path: pathOf(name, instance), body: input, options });
}

// start invokes a flow: it answers the run, or the outcome if that came within
// options.wait seconds.
export function start<N extends ActionName>(name: N, instance: string, input: Input<N>, options?: CallOptions): Promise<Output<N> | Started> {
  return send<Output<N> | Started>({ method: 'POST', path: pathOf(name, instance), body: input, options: { idempotencyKey: newKey(), ...options } });
}

// isStarted tells a run that goes on from an outcome.
export function isStarted(answer: unknown): answer is Started {
  const run = (answer as { run?: { id?: unknown } } | null)?.run;
  return typeof run === 'object' && typeof run.id === 'string';
}

// newKey makes an idempotency key. crypto.randomUUID is missing where the
// console is served without TLS to another computer.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
