import type { Access } from '../api/session';

export interface Place {
  name: string;
  title: string;
  // Where it is: below the instance, or of the host.
  to: (instance: string) => string;
  ofInstance: boolean;
  access: Access;
  // The keys that go there, after g.
  key: string;
}

const below = (page: string) => (instance: string) => `/instances/${encodeURIComponent(instance)}${page ? '/' + page : ''}`;
const at = (path: string) => () => path;

// places are the pages that the navigation, the palette and the keys lead to.
export const places: Place[] = [
  { name: 'overview', title: 'Overview', to: below(''), ofInstance: true, access: 'view', key: 'o' },
  { name: 'links', title: 'Links', to: below('links'), ofInstance: true, access: 'view', key: 'l' },
  { name: 'assets', title: 'Assets', to: below('assets'), ofInstance: true, access: 'view', key: 'a' },
  { name: 'conflicts', title: 'Conflicts', to: below('conflicts'), ofInstance: true, access: 'view', key: 'c' },
  { name: 'passwords', title: 'Passwords', to: below('passwords'), ofInstance: true, access: 'view', key: 'p' },
  { name: 'customers', title: 'Customers', to: below('customers'), ofInstance: true, access: 'view', key: 'u' },
  { name: 'runs', title: 'Runs', to: below('runs'), ofInstance: true, access: 'view', key: 'r' },
  { name: 'settings', title: 'Settings', to: below('settings'), ofInstance: true, access: 'view', key: 's' },
  { name: 'marketplace', title: 'Marketplace', to: at('/marketplace'), ofInstance: false, access: 'view', key: 'm' },
  { name: 'instances', title: 'Instances', to: at('/instances'), ofInstance: false, access: 'view', key: 'i' },
  { name: 'access', title: 'People and tokens', to: at('/access'), ofInstance: false, access: 'view', key: 'e' },
  { name: 'audit', title: 'Audit', to: at('/audit'), ofInstance: false, access: 'view', key: 'd' },
];
