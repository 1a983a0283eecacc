import * as fc from 'fast-check';
import { propertiesOf } from './properties';
import { DatabasePrivilege, TablePrivilege } from '../../../src/database/database-privilege';
import { isKnown } from '../../../src/database/database-users-function/known-statements';
import { problemOfName } from '../../../src/database/schema-name';

const FAMILIES = ['postgresql', 'mysql'] as const;
const part = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '_', ' TO ', '$user$', 'a'), minLength: 1, maxLength: 8 }),
);
const schema = part.map(text => text.replaceAll('.', ''));
const words = fc.uniqueArray(fc.constantFrom(...Object.values(TablePrivilege)), { minLength: 1 });
const { readOnly, readWrite, migrate, usage, on } = DatabasePrivilege;
const privileges = fc.tuple(schema, part, words).map(([place, table, list]) => ({
  names: [place, table],
  list: () => [readOnly(place), readWrite(place), migrate(place), usage(place), on(`${place}.${table}`, ...list)],
}));

test.each(FAMILIES)('in %s, every statement that this library writes is known, for every name', family => {
  const valid = privileges.filter(({ names }) => names.every(name => problemOfName(family, 'schema', name) === undefined));
  fc.assert(fc.property(valid, ({ list }) => {
    const user = propertiesOf(family, 'pay', 'app', ...list());
    expect(user.grant.filter(statement => !isKnown(user, statement, 'grant'))).toEqual([]);
    expect(user.revoke.filter(statement => !isKnown(user, statement, 'revoke'))).toEqual([]);
  }));
});

const USER = propertiesOf('postgresql', 'pay', 'app', DatabasePrivilege.readWrite('shop'), DatabasePrivilege.on('shop.orders', TablePrivilege.SELECT), DatabasePrivilege.migrate());
const MYSQL_USER = propertiesOf('mysql', 'pay', 'app', DatabasePrivilege.readWrite('shop_db'), DatabasePrivilege.on('orders', TablePrivilege.SELECT), DatabasePrivilege.migrate());

test('a statement with any text in it, or without any part of it, is unknown', () => {
  const statement = fc.constantFrom(...[USER, MYSQL_USER].flatMap(user => user.grant.map(sql => ({ user, sql }))));
  fc.assert(fc.property(statement, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('; DROP TABLE x', ' ', '"', '--', ' OR TRUE', 'DROP ROLE a; '), ({ user, sql }, where, text) => {
    const at = Math.floor(sql.length * where);
    const [longer, shorter] = [sql.slice(0, at) + text + sql.slice(at), sql.slice(0, at) + sql.slice(at + 1)];
    // A change inside of a name is another name.
    for (const changed of [longer, shorter].filter(each => each !== sql && namesOf(each) === namesOf(sql))) expect([changed, isKnown(user, changed, 'grant')]).toEqual([changed, false]);
  }), { numRuns: 500 });
});
const namesOf = (sql: string) => JSON.stringify(sql.match(/"[^"]*"|`[^`]*`/g));

test.each<[string, string]>([
  ['postgresql', 'DROP TABLE orders'], ['postgresql', 'GRANT rds_superuser TO "pay"'], ['postgresql', 'GRANT USAGE ON SCHEMA "shop" TO "other"'], ['postgresql', 'GRANT USAGE ON SCHEMA "shop" TO PUBLIC'],
  ['postgresql', 'GRANT USAGE ON SCHEMA "pg_catalog" TO "pay"'], ['postgresql', 'GRANT CONNECT ON DATABASE "other" TO "pay"'], ['postgresql', 'CREATE ROLE "pay" SUPERUSER'], ['postgresql', ''],
  ['mysql', "GRANT SELECT ON *.* TO 'pay'@'%'"], ['mysql', "GRANT SELECT ON `shop_db`.* TO 'pay'@'%'"], ['mysql', "GRANT SELECT ON `%`.* TO 'pay'@'%'"], ['mysql', "GRANT SELECT ON `mysql`.* TO 'pay'@'%'"],
  ['mysql', "GRANT SELECT ON `mysql`.`user` TO 'pay'@'%'"], ['mysql', "GRANT SUPER ON `app`.* TO 'pay'@'%'"], ['mysql', "CREATE USER 'pay'@'%' IDENTIFIED BY 'x'"],
])('in %s, not %s', (family, statement) => {
  expect(isKnown(family === 'mysql' ? MYSQL_USER : USER, statement, 'grant')).toBe(false);
});

test.each([undefined, null, 7, ['GRANT rds_iam TO "pay"'], { toString: () => 'GRANT rds_iam TO "pay"' }])('what is not text is unknown: %j', statement => {
  expect(isKnown(USER, statement, 'grant')).toBe(false);
});

test('a statement that revokes is unknown among the grants, and the other way round', () => {
  expect(USER.revoke.some(statement => isKnown(USER, statement, 'grant'))).toBe(false);
  expect(USER.grant.some(statement => isKnown(USER, statement, 'revoke'))).toBe(false);
});
