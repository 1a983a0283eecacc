import type { Client } from 'pg';
import { endSessions, loginAs as sessionOf, rowsOf, run } from './sessions';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import { userStatements } from '../../src/database/user-statements';

/**
 * Runs the statements of DatabaseUser like its function: one list in one transaction, as a master user that is not a superuser, as
 * in RDS.
 */
const MASTER = 'clusteradmin';
const DATABASE = 'users';
const HOSTILE = ['a"b', 'a\'b', 'x"; DROP ROLE clusteradmin; --', '$user$', '$user$ END; $user1$', 'with space', 'ünï-😀', 'back\\slash', '/* not a comment', 'SELECT'];
const USERS = Array.from({ length: 8 }, (_, i) => `login${i}`);
const REFUSED = { code: '42501' }; // insufficient_privilege

const loginAs = (user: string, database = DATABASE) => sessionOf(user, database);

/** The statements of CloudFormation's three requests for a user with these privileges. */
function resourceOf(name: string, ...privileges: DatabasePrivilege[]) {
  const user = userStatements('postgresql', name, DATABASE);
  const given = privileges.map(privilege => privilege._statements('postgresql', name, DATABASE));
  const grant = [...user.ensure, ...given.flatMap(each => each.grant)];
  const revoke = user.revoke(given.flatMap(each => each.revoke));
  return {
    create: () => run(master, grant),
    updateTo: (next: { grant: string[] }) => run(master, [...revoke, ...next.grant]),
    remove: () => run(master, user.drop),
    grant,
  };
}

/** The privileges of a user in the catalog: on tables, sequences and schemas, and default privileges. */
async function knownOf(name: string): Promise<string[]> {
  const rows = await rowsOf<{ what: string }>(server, `
    SELECT 'relation ' || relname || ' ' || acl.privilege_type AS what FROM pg_class, aclexplode(relacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname = $1
    UNION ALL SELECT 'schema ' || nspname || ' ' || acl.privilege_type FROM pg_namespace, aclexplode(nspacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname = $1
    UNION ALL SELECT 'later ' || defaclobjtype::text || ' ' || acl.privilege_type FROM pg_default_acl, aclexplode(defaclacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname = $1
    UNION ALL SELECT 'database ' || datname || ' ' || acl.privilege_type FROM pg_database, aclexplode(datacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname = $1
    UNION ALL SELECT 'role ' || g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1`, name);
  return rows.map(({ what }) => what).sort();
}
const mastersRoles = async () => (await knownOf(MASTER)).filter(what => what.startsWith('role '));
const exists = async (name: string) => (await rowsOf(server, 'SELECT FROM pg_roles WHERE rolname = $1', name)).length === 1;

let server: Client;
let master: Client;

beforeAll(async () => {
  const setUp = await loginAs('master', 'postgres');
  for (const role of [`${MASTER} LOGIN CREATEROLE CREATEDB`, 'rds_iam NOLOGIN']) {
    await setUp.query(`DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  }
  await setUp.query(`GRANT rds_iam TO ${MASTER} WITH ADMIN OPTION`);
});
beforeEach(async () => {
  const setUp = await loginAs('master', 'postgres');
  await setUp.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await setUp.query(`CREATE DATABASE ${DATABASE} OWNER ${MASTER}`);
  server = await loginAs('master');
  master = await loginAs(MASTER);
  await master.query('CREATE TABLE orders (id serial PRIMARY KEY, amount int)');
  await master.query('INSERT INTO orders (amount) VALUES (1)');
});
afterEach(async () => {
  const left = await loginAs('master', 'postgres');
  await left.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  for (const role of ['pay', 'migrator', 'other', ...USERS]) await left.query(`DROP ROLE IF EXISTS ${role}`);
  await endSessions();
});

test('all users of a stack are created, updated and dropped concurrently, as by CloudFormation', async () => {
  const masters = await Promise.all(USERS.map(() => loginAs(MASTER)));
  const each = (listOf: (name: string) => string[]) => Promise.all(USERS.map((name, i) => run(masters[i], listOf(name))));
  const grantOf = (name: string) => [...userStatements('postgresql', name, DATABASE).ensure, ...DatabasePrivilege.readWrite()._statements('postgresql', name, DATABASE).grant];
  const revokeOf = (name: string) => userStatements('postgresql', name, DATABASE).revoke(DatabasePrivilege.readWrite()._statements('postgresql', name, DATABASE).revoke);

  await each(grantOf);
  expect(await rowsOf(await loginAs('login7'), 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
  await each(name => [...revokeOf(name), ...grantOf(name)]);
  await each(name => userStatements('postgresql', name, DATABASE).drop);
  expect(await rowsOf(server, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'login%'")).toEqual([]);
});

test('the master user is not a superuser, as in RDS', async () => {
  expect(await rowsOf(master, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user')).toEqual([{ rolsuper: false, rolcreaterole: true }]);
});

describe('ensure', () => {
  test('creates a user of RDS, and can run again', async () => {
    const pay = resourceOf('pay');
    await pay.create();
    const once = await knownOf('pay');
    await pay.create();
    expect(await knownOf('pay')).toEqual(once);
    expect(once).toEqual(['database users CONNECT', 'role rds_iam']);
    expect(await rowsOf(master, "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'pay'"))
      .toEqual([{ rolcanlogin: true, rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false }]);
    expect((await rowsOf<{ n: string }>(await loginAs('pay'), 'SELECT 1 AS n'))).toHaveLength(1);
  });

  test('reuses a user that was created manually', async () => {
    await master.query('CREATE ROLE pay LOGIN');
    await resourceOf('pay', DatabasePrivilege.readOnly()).create();
    expect(await rowsOf(await loginAs('pay'), 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
  });

  test('is rolled back if a grant fails', async () => {
    await expect(resourceOf('pay', DatabasePrivilege.on('missing', TablePrivilege.SELECT)).create()).rejects.toMatchObject({ code: '42P01' }); // undefined_table
    expect(await exists('pay')).toBe(false);
  });
});

describe('a user with', () => {
  test('readOnly can read, also tables that the master user creates later, and nothing else', async () => {
    await resourceOf('pay', DatabasePrivilege.readOnly()).create();
    await master.query('CREATE TABLE later (id serial, note text)');
    const pay = await loginAs('pay');
    expect(await rowsOf(pay, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    expect(await rowsOf(pay, 'SELECT note FROM later')).toEqual([]);
    for (const sql of ['INSERT INTO orders (amount) VALUES (2)', 'UPDATE orders SET amount = 2', 'DELETE FROM orders', 'TRUNCATE orders', 'DROP TABLE orders', 'CREATE TABLE mine (id int)', 'CREATE ROLE mine', "SELECT nextval('orders_id_seq')"]) {
      await expect(pay.query(sql)).rejects.toMatchObject(REFUSED);
    }
  });

  test('readWrite can change rows, also of tables that the master user creates later, but not tables', async () => {
    await resourceOf('pay', DatabasePrivilege.readWrite()).create();
    await master.query('CREATE TABLE later (id serial, note text)');
    const pay = await loginAs('pay');
    await pay.query("INSERT INTO later (note) VALUES ('a')");
    await pay.query('INSERT INTO orders (amount) VALUES (2)');
    await pay.query('UPDATE orders SET amount = amount + 1');
    await pay.query('DELETE FROM orders WHERE amount = 2');
    expect(await rowsOf(pay, 'SELECT id, amount FROM orders')).toEqual([{ id: 2, amount: 3 }]);
    for (const sql of ['TRUNCATE orders', 'DROP TABLE orders', 'ALTER TABLE orders ADD COLUMN mine int', 'CREATE TABLE mine (id int)']) {
      await expect(pay.query(sql)).rejects.toMatchObject(REFUSED);
    }
  });

  test('migrate can create tables and grant privileges on them, but not read tables of other users', async () => {
    await resourceOf('pay', DatabasePrivilege.usage()).create();
    await resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const migrator = await loginAs('migrator');
    await migrator.query('CREATE TABLE ledger (id int)');
    await migrator.query('INSERT INTO ledger VALUES (7)');
    await migrator.query('GRANT SELECT ON ledger TO pay');
    await migrator.query('ALTER TABLE ledger ADD COLUMN note text');
    expect(await rowsOf(await loginAs('pay'), 'SELECT id FROM ledger')).toEqual([{ id: 7 }]);
    await expect(migrator.query('SELECT FROM orders')).rejects.toMatchObject(REFUSED);
  });

  test.each<[string, () => DatabasePrivilege]>([['readOnly', () => DatabasePrivilege.readOnly()], ['readWrite', () => DatabasePrivilege.readWrite()]])('%s is created, updated and dropped beside tables of a migration user, which grants privileges on them', async (_, create) => {
    await resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const migrator = await loginAs('migrator');
    await migrator.query('CREATE TABLE ledger (id serial)');
    const pay = resourceOf('pay', create());
    await pay.create();
    const session = await loginAs('pay');
    expect(await rowsOf(session, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    await expect(session.query('SELECT id FROM ledger')).rejects.toMatchObject(REFUSED);
    await migrator.query('GRANT SELECT ON ledger TO pay');
    await migrator.query('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pay');
    await pay.updateTo(pay);
    expect(await rowsOf(session, 'SELECT id FROM ledger')).toEqual([]);
    const before = await mastersRoles();
    await pay.remove();
    expect(await exists('pay')).toBe(false);
    expect(await mastersRoles()).toEqual(before);
  });

  test('on has the listed privileges on one table, and can run again', async () => {
    await master.query('CREATE TABLE private (id int)');
    const pay = resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.SELECT, TablePrivilege.UPDATE));
    await pay.create();
    await pay.create();
    expect(await knownOf('pay')).toEqual(['database users CONNECT', 'relation orders SELECT', 'relation orders UPDATE', 'role rds_iam', 'schema public USAGE']);
    const session = await loginAs('pay');
    await session.query('UPDATE orders SET amount = 5');
    for (const sql of ['DELETE FROM orders', 'INSERT INTO orders (amount) VALUES (2)', 'SELECT FROM private']) {
      await expect(session.query(sql)).rejects.toMatchObject(REFUSED);
    }
  });

  test('usage has no access to tables in a schema until it is granted', async () => {
    await master.query('CREATE SCHEMA audit; CREATE TABLE audit.log (id int)');
    await resourceOf('pay', DatabasePrivilege.usage('audit')).create();
    const pay = await loginAs('pay');
    await expect(pay.query('SELECT FROM audit.log')).rejects.toMatchObject({ ...REFUSED, message: 'permission denied for table log' });
    await master.query('GRANT SELECT ON audit.log TO pay');
    expect(await rowsOf(pay, 'SELECT id FROM audit.log')).toEqual([]);
  });
});

describe('an update', () => {
  test.each<[string, DatabasePrivilege[], DatabasePrivilege[]]>([
    ['readWrite to readOnly', [DatabasePrivilege.readWrite()], [DatabasePrivilege.readOnly()]],
    ['readOnly to one table', [DatabasePrivilege.readOnly()], [DatabasePrivilege.on('orders', TablePrivilege.INSERT)]],
    ['migrate to nothing', [DatabasePrivilege.migrate()], []],
    ['one table to usage', [DatabasePrivilege.on('orders', TablePrivilege.DELETE)], [DatabasePrivilege.usage()]],
    ['two that overlap to one of them', [DatabasePrivilege.readOnly(), DatabasePrivilege.on('orders', TablePrivilege.UPDATE)], [DatabasePrivilege.readOnly()]],
    ['one to two that overlap', [DatabasePrivilege.usage()], [DatabasePrivilege.readOnly(), DatabasePrivilege.usage(), DatabasePrivilege.on('orders', TablePrivilege.SELECT)]],
  ])('from %s results in the privileges of a new user', async (_, before, after) => {
    await resourceOf('other', ...after).create();
    const old = resourceOf('pay', ...before);
    await old.create();
    await old.updateTo(resourceOf('pay', ...after));
    expect(await knownOf('pay')).toEqual(await knownOf('other'));
  });

  test.each<[string, DatabasePrivilege, string]>([
    ['table', DatabasePrivilege.on('orders', TablePrivilege.SELECT), 'DROP TABLE orders'],
    ['table and its schema', DatabasePrivilege.on('audit.log', TablePrivilege.SELECT), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.readWrite('audit'), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.migrate('audit'), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.usage('audit'), 'DROP SCHEMA audit CASCADE'],
  ])('succeeds if the %s was dropped meanwhile', async (_, before, drop) => {
    await master.query('CREATE SCHEMA audit; CREATE TABLE audit.log (id int)');
    const old = resourceOf('pay', before);
    await old.create();
    await master.query(drop);
    await old.updateTo(resourceOf('pay'));
    expect(await knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam']);
  });

  test('succeeds if the table has another owner meanwhile', async () => {
    await resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const old = resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await old.create();
    await server.query('ALTER TABLE orders OWNER TO migrator');
    await old.updateTo(resourceOf('pay'));
    expect(await knownOf('pay')).toEqual(['database users CONNECT', 'relation orders SELECT', 'role rds_iam']); // only the new owner can revoke it
  });

  test('succeeds if the user was dropped manually', async () => {
    const old = resourceOf('pay', DatabasePrivilege.readWrite(), DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await old.create();
    await run(master, userStatements('postgresql', 'pay', DATABASE).drop);
    await old.updateTo(resourceOf('pay', DatabasePrivilege.usage()));
    expect(await knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam', 'schema public USAGE']);
  });

  test('that fails leaves the old privileges', async () => {
    const old = resourceOf('pay', DatabasePrivilege.readOnly());
    await old.create();
    const before = await knownOf('pay');
    await expect(old.updateTo(resourceOf('pay', DatabasePrivilege.on('missing', TablePrivilege.SELECT)))).rejects.toMatchObject({ code: '42P01' });
    expect(await knownOf('pay')).toEqual(before);
  });

  test('is atomic: a session that reads meanwhile can always read', async () => {
    const old = resourceOf('pay', DatabasePrivilege.readWrite());
    await old.create();
    const pay = await loginAs('pay');
    await master.query('BEGIN');
    for (const statement of userStatements('postgresql', 'pay', DATABASE).revoke(DatabasePrivilege.readWrite()._statements('postgresql', 'pay', DATABASE).revoke)) await master.query(statement);
    expect(await rowsOf(pay, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    await master.query('COMMIT');
    await expect(pay.query('SELECT FROM orders')).rejects.toMatchObject(REFUSED);
  });
});

describe('drop', () => {
  test('drops the user with any privileges, and can run again', async () => {
    const pay = resourceOf('pay', DatabasePrivilege.readWrite(), DatabasePrivilege.migrate(), DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await pay.create();
    await pay.remove();
    expect(await exists('pay')).toBe(false);
    expect(await rowsOf(master, 'SELECT defaclacl::text FROM pg_default_acl')).toEqual([]);
    await pay.remove();
  });

  test('deletes no data: the master user owns the objects of the user, with the privileges granted on them', async () => {
    const migrator = resourceOf('migrator', DatabasePrivilege.migrate());
    await migrator.create();
    await resourceOf('pay', DatabasePrivilege.usage()).create();
    const session = await loginAs('migrator');
    await session.query('CREATE TABLE ledger (id serial, note text)');
    await session.query("INSERT INTO ledger (note) VALUES ('kept')");
    await session.query('GRANT SELECT ON ledger TO pay');
    await migrator.remove();
    expect(await rowsOf(master, "SELECT tableowner FROM pg_tables WHERE tablename = 'ledger'")).toEqual([{ tableowner: MASTER }]);
    expect(await rowsOf(master, 'SELECT id, note FROM ledger')).toEqual([{ id: 1, note: 'kept' }]);
    expect(await rowsOf(await loginAs('pay'), 'SELECT note FROM ledger')).toEqual([{ note: 'kept' }]);
    await master.query("INSERT INTO ledger (note) VALUES ('more')");
  });

  test('leaves the master user without membership in any user', async () => {
    const before = await mastersRoles();
    const pay = resourceOf('pay', DatabasePrivilege.migrate());
    await pay.create();
    await pay.remove();
    expect(await mastersRoles()).toEqual(before);
  });

  test('fails if the user owns objects in another database', async () => {
    await server.query('CREATE DATABASE elsewhere');
    try {
      const pay = resourceOf('pay', DatabasePrivilege.migrate());
      await pay.create();
      await (await loginAs('master', 'elsewhere')).query('CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO pay');
      await expect(pay.remove()).rejects.toMatchObject({ code: '2BP01' }); // dependent_objects_still_exist
      expect(await exists('pay')).toBe(true);
    } finally {
      await server.query('DROP DATABASE elsewhere WITH (FORCE)');
    }
  });
});

describe.each(HOSTILE)('a schema and a table called %j', name => {
  const quote = (id: string) => `"${id.replaceAll('"', '""')}"`;

  beforeEach(() => master.query(`CREATE SCHEMA ${quote(name)} CREATE TABLE ${quote(name)} (id serial)`));

  test.each<[string, () => DatabasePrivilege, string[]]>([
    ['readOnly', () => DatabasePrivilege.readOnly(name), ['SELECT']],
    ['readWrite', () => DatabasePrivilege.readWrite(name), ['DELETE', 'INSERT', 'SELECT', 'UPDATE']],
    ['migrate', () => DatabasePrivilege.migrate(name), []],
    ['on', () => DatabasePrivilege.on(`${name}.${name}`, TablePrivilege.SELECT), ['SELECT']],
  ])('%s is granted, revoked and dropped', async (_, create, privileges) => {
    const pay = resourceOf('pay', create());
    await pay.create();
    const known = await knownOf('pay');
    expect(known.filter(what => what.startsWith(`relation ${name} `))).toEqual(privileges.map(privilege => `relation ${name} ${privilege}`));
    expect(known).toContain(`schema ${name} USAGE`);
    await pay.updateTo(resourceOf('pay'));
    expect(await knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam']);
    await pay.remove();
    expect([await exists('pay'), await exists(MASTER)]).toEqual([false, true]);
  });
});
