import { DataApi, errorOf, sql } from './server';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import type { UserEvent, UserProperties } from '../../src/database/database-users-function/user-event';
import { serve } from '../../src/database/database-users-function/user-requests';
import { propertiesOf } from '../database/database-users-function/properties';

/** Databases whose names match `tenant_1` and `shop_db` as patterns, and names that SQL could misread. */
const SIMILAR = ['tenant_1', 'tenantA1', 'tenantX1', 'shop_db', 'shopXdb', 'payroll'];
const HOSTILE = ['a`b', "a'b", 'x`.* TO root; DROP DATABASE payroll; #', 'ünï', 'with space', '__', 'SELECT'];
const { SELECT, INSERT } = TablePrivilege;
const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;

let api: DataApi;

beforeEach(() => {
  api = new DataApi();
  for (const name of [...SIMILAR, ...HOSTILE]) {
    sql('root', `DROP DATABASE IF EXISTS ${quote(name)}; CREATE DATABASE ${quote(name)}; CREATE TABLE ${quote(name)}.t (secret text); CREATE TABLE ${quote(name)}.other (id int)`);
  }
  sql('root', "DROP USER IF EXISTS 'pay'@'%'");
});

async function request(RequestType: UserEvent['RequestType'], properties: UserProperties, event: Partial<UserEvent> = {}): Promise<void> {
  await serve(api.client, {
    RequestType, ResponseURL: '', StackId: 's', RequestId: 'r', LogicalResourceId: 'l', ResourceProperties: properties, ...event,
  }, new AbortController().signal);
}
const propertiesIn = (database: string, ...privileges: DatabasePrivilege[]) => propertiesOf('mysql', 'pay', database, ...privileges);
const update = (before: UserProperties, now: UserProperties) => request('Update', now, { PhysicalResourceId: 'user:pay', OldResourceProperties: before });
const readable = () => [...SIMILAR, ...HOSTILE].filter(name => errorOf('pay', `SELECT secret FROM ${quote(name)}.t`) === undefined);
const exists = () => sql('root', "SELECT user FROM mysql.user WHERE user = 'pay'").length === 1;

test('a name in a grant on a whole database is a pattern for this server, unless it is escaped', () => {
  sql('root', "CREATE USER 'pay'@'%'; GRANT SELECT ON `tenant_1`.* TO 'pay'@'%'");
  expect(readable()).toEqual(['tenant_1', 'tenantA1', 'tenantX1']);
});

test.each<[string, () => DatabasePrivilege]>([
  ['readOnly', () => DatabasePrivilege.readOnly('tenant_1')], ['readWrite', () => DatabasePrivilege.readWrite('tenant_1')], ['migrate', () => DatabasePrivilege.migrate('tenant_1')],
  ['on', () => DatabasePrivilege.on('tenant_1.t', SELECT)],
])('%s opens one database and no similar one', async (_, create) => {
  await request('Create', propertiesIn('payroll', create()));
  expect(readable()).toEqual(['tenant_1']);
});

test('the default schema opens the database and no similar one', async () => {
  await request('Create', propertiesIn('shop_db', DatabasePrivilege.migrate()));
  expect(readable()).toEqual(['shop_db']);
  expect(errorOf('pay', 'DROP TABLE shopXdb.t')).toContain('denied');
  expect(errorOf('pay', 'DROP TABLE shop_db.other')).toBeUndefined();
});

test.each(HOSTILE)('a database called %j is opened, and nothing else happens', async name => {
  const properties = propertiesIn('app', DatabasePrivilege.readWrite(name));
  await request('Create', properties);
  expect(readable()).toEqual([name]);
  expect(errorOf('pay', `INSERT INTO ${quote(name)}.t VALUES ('x')`)).toBeUndefined();
  await update(properties, propertiesIn('app'));
  expect(readable()).toEqual([]);
  await request('Delete', properties, { PhysicalResourceId: 'user:pay' });
  expect(exists()).toBe(false);
});

test.each<[string, () => DatabasePrivilege, string[]]>([
  ['readOnly', () => DatabasePrivilege.readOnly(), ['INSERT INTO shop_db.t VALUES (1)', 'DROP TABLE shop_db.t', 'CREATE TABLE shop_db.mine (id int)']],
  ['readWrite', () => DatabasePrivilege.readWrite(), ['DROP TABLE shop_db.t', 'CREATE TABLE shop_db.mine (id int)', 'TRUNCATE shop_db.t']],
  ['on', () => DatabasePrivilege.on('t', SELECT), ['INSERT INTO shop_db.t VALUES (1)', 'SELECT id FROM shop_db.other']],
])('%s has no other privileges', async (_, create, denied) => {
  await request('Create', propertiesIn('shop_db', create()));
  for (const statement of denied) expect(errorOf('pay', statement)).toContain('denied');
});

test('an update leaves what it has in common with the old privileges, and what migrations granted', async () => {
  const before = propertiesIn('shop_db', DatabasePrivilege.readWrite(), DatabasePrivilege.migrate('tenant_1'), DatabasePrivilege.on('payroll.t', SELECT));
  await request('Create', before);
  sql('root', "GRANT SELECT ON tenantA1.t TO 'pay'@'%'");
  await update(before, propertiesIn('shop_db', DatabasePrivilege.readOnly(), DatabasePrivilege.on('payroll.t', SELECT, INSERT)));
  expect(readable()).toEqual(['tenantA1', 'shop_db', 'payroll']);
  expect(errorOf('pay', 'INSERT INTO shop_db.t VALUES (1)')).toContain('denied');
  expect(errorOf('pay', 'INSERT INTO payroll.t VALUES (1)')).toBeUndefined();
});

test('an update takes the wildcards from a user of an earlier version', async () => {
  const now = propertiesIn('shop_db', DatabasePrivilege.readOnly());
  const earlier = { ...now, grant: ["CREATE USER IF NOT EXISTS 'pay'@'%'", "GRANT SELECT ON `shop_db`.* TO 'pay'@'%'"], revoke: ["REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'"] };
  for (const statement of earlier.grant) sql('root', statement);
  expect(readable()).toEqual(['shop_db', 'shopXdb']);
  await update(earlier, now);
  expect(readable()).toEqual(['shop_db']);
  await request('Delete', now, { PhysicalResourceId: 'user:pay' });
  expect(exists()).toBe(false);
});

test('an update succeeds if the user, its table or its grant no longer exists', async () => {
  const before = propertiesIn('shop_db', DatabasePrivilege.on('t', SELECT), DatabasePrivilege.readWrite('tenant_1'));
  const now = propertiesIn('shop_db', DatabasePrivilege.readOnly());
  for (const meanwhile of ['DROP TABLE shop_db.t', "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'", "DROP USER 'pay'@'%'"]) {
    await request('Create', before);
    sql('root', meanwhile);
    await update(before, now);
    expect(errorOf('pay', 'SELECT id FROM shop_db.other')).toBeUndefined();
    await request('Delete', now, { PhysicalResourceId: 'user:pay' });
    sql('root', 'CREATE TABLE IF NOT EXISTS shop_db.t (secret text)');
  }
});

test('a user of someone else gets no privilege and remains', async () => {
  sql('root', "CREATE USER 'pay'@'%'; GRANT SELECT ON payroll.* TO 'pay'@'%'");
  await expect(request('Create', propertiesIn('shop_db', DatabasePrivilege.readOnly()))).rejects.toThrow('was not created by cdk-production-lambda (pay)');
  await request('Delete', propertiesIn('shop_db'), { PhysicalResourceId: 'not-made' });
  await expect(request('Delete', propertiesIn('shop_db'), { PhysicalResourceId: 'user:pay' })).rejects.toThrow('is not dropped (pay)');
  expect(readable()).toEqual(['payroll']);
});

test('half of a user is dropped, immediately or by the deletion', async () => {
  const properties = propertiesIn('shop_db', DatabasePrivilege.on('missing', SELECT));
  await expect(request('Create', properties)).rejects.toThrow("doesn't exist");
  expect(exists()).toBe(false);
  api.failing = statement => statement.startsWith('DROP');
  await expect(request('Create', properties)).rejects.toThrow("doesn't exist");
  expect(exists()).toBe(true);
  api.failing = undefined;
  await request('Delete', properties, { PhysicalResourceId: 'not-made' });
  expect(exists()).toBe(false);
});
