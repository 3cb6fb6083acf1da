import { useQuery, useQueryClient } from '@tanstack/react-query';
import { send } from './client';
import type { components } from './openapi';
import { type Problem, type SignInWays, problemOf } from './problem';

export type Session = components['schemas']['Session'];
export type Role = Session['grants'][number]['roles'][number];
export type Access = 'view' | 'operate' | 'configure' | 'reveal' | 'administer';

// What each role may do.
const rights: Record<Role, Access[]> = {
  viewer: ['view'],
  operator: ['view', 'operate'],
  installer: ['view', 'operate', 'configure'],
  administrator: ['view', 'operate', 'configure', 'administer'],
  revealer: ['reveal'],
};

export const sessionKey = ['session'] as const;

// useSession is who is signed in. It fails with a 401 Problem, which names the
// ways to sign in, when nobody is.
export function useSession() {
  return useQuery<Session, Problem>({
    queryKey: sessionKey,
    queryFn: () => send<Session>({ method: 'GET', path: '/v1/session' }),
    staleTime: 60_000,
    retry: (count, err) => problemOf(err).status === 0 && count < 2,
  });
}

// can tells whether a session may do something with an instance ("*": with the
// host). The server decides; the console hides what it would refuse.
export function can(session: Session | undefined, instance: string, access: Access): boolean {
  return (session?.grants ?? []).some(
    (g) => (g.instance === '*' || g.instance === instance) && g.roles.some((r) => rights[r]?.includes(access)),
  );
}

// useCan is can for the signed-in person.
export function useCan(instance: string, access: Access): boolean {
  return can(useSession().data, instance, access);
}

export const waysWithoutAnswer: SignInWays = { local: true, oidc: null, setup: false };

// useSigning gives the ways in and out. Whoever signs in sees nothing of what
// the one before had loaded.
export function useSigning() {
  const queries = useQueryClient();
  const renewed = async () => {
    queries.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' });
    await queries.invalidateQueries({ queryKey: sessionKey });
  };
  return {
    signIn: async (name: string, password: string, code?: string) => {
      await send({ method: 'POST', path: '/v1/session', body: { name, password, ...(code ? { code } : {}) } });
      await renewed();
    },
    signOut: async () => {
      await send({ method: 'DELETE', path: '/v1/session' });
      queries.clear();
    },
    setUp: async (token: string, name: string, password: string) => {
      await send({ method: 'POST', path: '/v1/setup', body: { token, name, password } });
      await renewed();
    },
    stepUp: async (answer: { password?: string; code?: string }) => {
      await send({ method: 'POST', path: '/v1/session/step-up', body: answer });
      await queries.invalidateQueries({ queryKey: sessionKey });
    },
  };
}
