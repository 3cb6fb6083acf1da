// A token that a host's server asked for: it lets a page in the host's site show
// one customer and sync it, for a few minutes.
export interface Token {
  value: string;
  instance: string;
  // In epoch milliseconds.
  expires: number;
}

// tokenOf reads the token in an address's fragment, as #token=… or alone. Only
// the runner can check it: what is read here says where to ask, and until when.
export function tokenOf(fragment: string): Token | undefined {
  const text = fragment.replace(/^#/, '');
  const value = text.includes('=') ? (new URLSearchParams(text).get('token') ?? '') : text;
  const claims = value.split('.')[1];
  if (!claims) return undefined;
  try {
    const raw = Uint8Array.from(atob(claims.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const { instance, exp } = JSON.parse(new TextDecoder().decode(raw)) as { instance?: unknown; exp?: unknown };
    if (typeof instance !== 'string' || instance === '' || typeof exp !== 'number') return undefined;
    return { value, instance, expires: exp * 1000 };
  } catch {
    return undefined;
  }
}
