import { Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { validateUsername } from '../../src/database/database-user-validation';

describe('the name of a user', () => {
  const check = (family: 'postgresql' | 'mysql', username: string, masterUsername?: string) => () =>
    validateUsername('Stack/Db', 'username', { family, username, masterUsername });

  test.each<['postgresql' | 'mysql', string]>([
    ['postgresql', 'a'], ['postgresql', '_'], ['postgresql', 'pay_2'], ['postgresql', 'a'.repeat(63)], ['postgresql', 'root'], ['postgresql', 'admin'], ['postgresql', 'users'],
    ['postgresql', 'page'], ['mysql', 'a'], ['mysql', '_'], ['mysql', 'a'.repeat(32)], ['mysql', 'postgres'], ['mysql', 'public'], ['mysql', 'administrator'],
  ])('of %s may be %s', (family, user) => {
    expect(check(family, user, 'clusteradmin')).not.toThrow();
  });

  test.each<['postgresql' | 'mysql', string, number]>([
    ['postgresql', 'a'.repeat(64), 63], ['mysql', 'a'.repeat(33), 32],
    ...['', 'Pay', '2pay', 'pay-2', 'pay 2', 'pay"', "pay'", 'pay;', 'päy', 'pay\n'].flatMap(user => [['postgresql', user, 63], ['mysql', user, 32]] as ['postgresql' | 'mysql', string, number][]),
  ])('of %s fails when it is %j', (family, user, length) => {
    expect(check(family, user)).toThrow(new Error(
      `'username' must be 1 to ${length} lowercase letters, digits and underscores and not start with a digit, got '${user}'; rename the user (at Stack/Db)`));
  });

  test.each<['postgresql' | 'mysql', string]>([
    ...['pg_monitor', 'pg_', 'rds_iam', 'rdsadmin', 'rds', 'postgres', 'public', 'none', 'user', 'current_user', 'session_user', 'current_role'].map(user => ['postgresql', user] as ['postgresql', string]),
    ...['rdsadmin', 'rds_superuser_role', 'root', 'admin', 'mysql', 'mysql_sys'].map(user => ['mysql', user] as ['mysql', string]),
  ])('of %s fails when it is reserved: %s', (family, user) => {
    expect(check(family, user)).toThrow(new Error(`'username' must not be a name that RDS or the database reserves, got '${user}'; rename the user (at Stack/Db)`));
  });

  test.each(['postgresql', 'mysql'] as const)('of %s fails when it is the master user', family => {
    expect(check(family, 'boss', 'boss')).toThrow(new Error("'username' must not be the master user, got 'boss'; use one user for each function (at Stack/Db)"));
    expect(check(family, 'boss', 'Boss')).toThrow("'username' must not be the master user, got 'boss'");
    expect(check(family, 'boss')).not.toThrow();
  });

  test('fails when it is a token', () => {
    expect(check('postgresql', Lazy.string({ produce: () => 'pay' }))).toThrow(new Error(
      "'username' must be known at synth, got a token; it is a part of SQL statements and of permissions (at Stack/Db)"));
  });

  test('is never one that could break out of SQL', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('postgresql' as const, 'mysql' as const), (user, family) => {
      try {
        check(family, user)();
      } catch {
        return true;
      }
      return /^[a-z0-9_]+$/.test(user);
    }));
  });
});
