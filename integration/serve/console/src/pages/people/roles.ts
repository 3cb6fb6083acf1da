import type { Role, Session } from '../../api/session';

export type Grant = Session['grants'][number];

export const roles: Record<Role, string> = {
  viewer: 'Sees everything but passwords',
  operator: 'Also decides links and conflicts, and syncs',
  installer: 'Also changes the setup and the rules',
  administrator: 'Also people and tokens',
  revealer: 'May reveal passwords',
};

export const roleNames = Object.keys(roles) as Role[];

// withRole gives grants in which an instance has a role, or has it no more; what
// has no role is left out.
export function withRole(grants: readonly Grant[], instance: string, role: Role, has: boolean): Grant[] {
  const known = grants.find((g) => g.instance === instance);
  const of = roleNames.filter((r) => (r === role ? has : known?.roles.includes(r)));
  const others = grants.filter((g) => g.instance !== instance);
  return of.length === 0 ? others : [...others, { instance, roles: of }];
}

// hasRole tells whether grants hold a role on exactly that instance.
export const hasRole = (grants: readonly Grant[], instance: string, role: Role) => grants.some((g) => g.instance === instance && g.roles.includes(role));
