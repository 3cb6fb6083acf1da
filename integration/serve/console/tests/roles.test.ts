import { describe, expect, test } from 'vitest';
import { type Grant, hasRole, withRole } from '../src/pages/people/roles';

const grants: Grant[] = [{ instance: '*', roles: ['viewer'] }, { instance: 'a', roles: ['operator', 'revealer'] }];

describe('roles of an account', () => {
  test('a role is given on one instance and nowhere else', () => {
    const given = withRole(grants, 'a', 'viewer', true);
    expect(given).toEqual([{ instance: '*', roles: ['viewer'] }, { instance: 'a', roles: ['viewer', 'operator', 'revealer'] }]);
    expect(hasRole(given, 'a', 'viewer') && !hasRole(given, '*', 'operator')).toBe(true);
  });
  test('an instance without a role is left out', () => {
    expect(withRole(grants, '*', 'viewer', false)).toEqual([{ instance: 'a', roles: ['operator', 'revealer'] }]);
  });
  test('a new instance gets its first role', () => {
    expect(withRole([], 'b', 'installer', true)).toEqual([{ instance: 'b', roles: ['installer'] }]);
  });
});
