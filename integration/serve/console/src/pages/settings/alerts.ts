import type { Input, Output } from '../../api/types';

type Alerts = Input<'alerts.set'>['alerts'];
type Mail = NonNullable<Alerts['mail']>;
type Kind = NonNullable<Alerts['kinds']>[number];

// What stands for a stored secret; sent back, it keeps it.
export const sealed = '${sealed}';

// Typed is what the form holds.
export interface Typed {
  hook: boolean;
  url: string;
  secret: string;
  secretStored: boolean;
  mail: boolean;
  server: string;
  security: NonNullable<Mail['security']>;
  from: string;
  to: string;
  username: string;
  password: string;
  passwordStored: boolean;
  kinds: Kind[];
  overdue: string;
}

// typedOf fills the form; stored secrets are not in it.
export function typedOf({ alerts: a, kinds }: Pick<Output<'alerts.show'>, 'alerts' | 'kinds'>): Typed {
  return {
    hook: a.webhook !== undefined,
    url: a.webhook?.url ?? '',
    secret: '',
    secretStored: a.webhook?.secret === sealed,
    mail: a.mail !== undefined,
    server: a.mail?.server ?? '',
    security: a.mail?.security ?? 'starttls',
    from: a.mail?.from ?? '',
    to: (a.mail?.to ?? []).join(', '),
    username: a.mail?.username ?? '',
    password: '',
    passwordStored: a.mail?.password === sealed,
    kinds: a.kinds && a.kinds.length > 0 ? [...a.kinds] : kinds.map((k) => k.name as Kind),
    overdue: a.overdueHours ? String(a.overdueHours) : '',
  };
}

const secretOf = (typed: string, stored: boolean) => typed || (stored ? sealed : '');

// alertsOf is what the form says: what is empty is left out, and all kinds are
// written as none.
export function alertsOf(t: Typed, all: number): Alerts {
  const secret = secretOf(t.secret, t.secretStored);
  const password = secretOf(t.password, t.passwordStored);
  return {
    ...(t.hook ? { webhook: { url: t.url.trim(), ...(secret ? { secret } : {}) } } : {}),
    ...(t.mail
      ? {
          mail: {
            server: t.server.trim(),
            security: t.security,
            from: t.from.trim(),
            to: t.to.split(',').map((a) => a.trim()).filter(Boolean),
            ...(t.username ? { username: t.username } : {}),
            ...(password ? { password } : {}),
          },
        }
      : {}),
    ...(t.kinds.length < all ? { kinds: t.kinds } : {}),
    ...(t.overdue ? { overdueHours: Number(t.overdue) } : {}),
  };
}
