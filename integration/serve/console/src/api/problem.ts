import { plain } from '../app/commands';

// What is wrong with one member of an input, at a JSON pointer into it.
export interface Finding {
  pointer: string;
  message: string;
}

// Which ways of signing in there are; a 401 problem carries it.
export interface SignInWays {
  local: boolean;
  oidc: { title: string } | null;
  setup: boolean;
}

interface Body {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  do?: string;
  retryAfter?: number;
  problems?: Finding[];
  requestId?: string;
  signIn?: SignInWays;
}

// Problem is an answer that is no success: RFC 9457, with a code of the closed
// set, what happened, and what to do next.
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly do: string;
  readonly retryAfter: number | undefined;
  readonly findings: Finding[];
  readonly requestId: string;
  readonly signIn: SignInWays | undefined;

  constructor(status: number, body: Body) {
    super(sentence(body.detail ?? body.title ?? 'the request failed'));
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? '';
    this.title = body.title ?? '';
    this.do = body.do ?? '';
    this.retryAfter = body.retryAfter;
    this.findings = body.problems ?? [];
    this.requestId = body.requestId ?? '';
    this.signIn = body.signIn;
  }
}

// problemOf makes a Problem of whatever a promise was rejected with.
export function problemOf(err: unknown): Problem {
  if (err instanceof Problem) return err;
  if (err instanceof DOMException && err.name === 'AbortError') {
    return new Problem(0, { code: 'aborted', detail: 'the request was given up' });
  }
  return new Problem(0, {
    code: 'offline',
    detail: 'The runner did not answer. Nothing was changed by this request, as far as can be told.',
    do: 'Check that it is running and that this computer reaches it, then try again.',
  });
}

// readProblem reads the problem of an answer, whatever its body is.
export async function readProblem(answer: Response): Promise<Problem> {
  const type = answer.headers.get('content-type') ?? '';
  let body: Body = {};
  if (type.includes('json')) {
    try {
      body = (await answer.json()) as Body;
    } catch {
      body = {};
    }
  }
  body.requestId ??= answer.headers.get('x-request-id') ?? '';
  const wait = Number(answer.headers.get('retry-after'));
  if (body.retryAfter === undefined && wait > 0) body.retryAfter = wait;
  body.detail ??= `The runner answered ${answer.status} ${answer.statusText}`.trim() + '.';
  return new Problem(answer.status, body);
}

// sentence gives the runner's words as a sentence for this console: without
// commands, which Said turns into ways to pages.
export function sentence(words: string): string {
  return plain(finished(words));
}

// finished gives words a capital at the start and a full stop at the end. What
// is no word, such as a host's name, stays as it is.
export function finished(words: string): string {
  const w = words.trim();
  if (w === '') return w;
  const start = /^\p{Ll}+([\s,;!?’']|:\s|\.?$)/u.test(w) ? w.charAt(0).toUpperCase() + w.slice(1) : w;
  return /[.!?…]$/.test(start) ? start : start + '.';
}
