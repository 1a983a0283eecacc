import { Cluster, DATABASE, loginAs, MASTER, REFUSED, USERS } from './cluster';
import { rowsOf, run } from './sessions';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import { connectRevoke, otherDatabasesQuery, releaseStatement, userStatements } from '../../src/database/user-statements';

const HOSTILE = ['a"b', 'a\'b', 'x"; DROP ROLE clusteradmin; --', '$user$', '$user$ END; $user1$', 'with space', 'ünï-😀', 'back\\slash', '/* not a comment', 'SELECT'];
const cluster = new Cluster();

beforeAll(async () => cluster.start());
beforeEach(async () => cluster.createDatabase());
afterEach(async () => cluster.dropDatabases());

test('all users of a stack are created, updated and dropped concurrently, as by CloudFormation', async () => {
  const masters = await Promise.all(USERS.map(() => loginAs(MASTER)));
  const each = (listOf: (name: string) => string[]) => Promise.all(USERS.map((name, i) => run(masters[i], listOf(name))));
  const grantOf = (name: string) => [...userStatements('postgresql', name, DATABASE).ensure, ...DatabasePrivilege.readWrite()._statements('postgresql', name, DATABASE).grant];
  const revokeOf = (name: string) => userStatements('postgresql', name, DATABASE).revoke(DatabasePrivilege.readWrite()._statements('postgresql', name, DATABASE).revoke);

  await each(grantOf);
  expect(await rowsOf(await loginAs('login7'), 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
  await each(name => [...revokeOf(name), ...grantOf(name)]);
  await each(name => userStatements('postgresql', name, DATABASE).drop);
  expect(await rowsOf(cluster.server, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'login%'")).toEqual([]);
});

test.each<[string, DatabasePrivilege]>([
  ['readWrite', DatabasePrivilege.readWrite()], ['migrate', DatabasePrivilege.migrate()], ['usage', DatabasePrivilege.usage()], ['on', DatabasePrivilege.on('orders', TablePrivilege.SELECT)],
])('no statement of a user with %s contains a colon, which the Data API reads as a parameter', (_, privilege) => {
  const { ensure, revoke, drop, mark } = userStatements('postgresql', 'pay', DATABASE);
  const { grant, revoke: revokes } = privilege._statements('postgresql', 'pay', DATABASE);
  const own = [otherDatabasesQuery('pay'), releaseStatement('pay'), connectRevoke('pay', DATABASE)];
  expect([...ensure, ...drop, ...mark, ...grant, ...revoke(revokes), ...own].filter(sql => sql.includes(':'))).toEqual([]);
});

test('the master user is not a superuser, as in RDS', async () => {
  expect(await rowsOf(cluster.master, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user')).toEqual([{ rolsuper: false, rolcreaterole: true }]);
});

describe('ensure', () => {
  test('creates a user of RDS, and can run again', async () => {
    const pay = cluster.resourceOf('pay');
    await pay.create();
    const once = await cluster.knownOf('pay');
    await pay.create();
    expect(await cluster.knownOf('pay')).toEqual(once);
    expect(once).toEqual(['database users CONNECT', 'role rds_iam']);
    expect(await rowsOf(cluster.master, "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'pay'"))
      .toEqual([{ rolcanlogin: true, rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false }]);
    expect((await rowsOf<{ n: string }>(await loginAs('pay'), 'SELECT 1 AS n'))).toHaveLength(1);
  });

  test('rejects a user that someone else created, and leaves it as it is', async () => {
    await cluster.master.query("CREATE ROLE pay LOGIN; COMMENT ON ROLE pay IS 'the reports of another team'");
    const before = await cluster.knownOf('pay');
    await expect(cluster.resourceOf('pay', DatabasePrivilege.readOnly()).create()).rejects.toMatchObject({
      message: 'a database user of this name exists and was not created by cdk-production-lambda (pay)',
    });
    expect(await cluster.knownOf('pay')).toEqual(before);
  });

  test('accepts a user that an earlier version created, once it is marked', async () => {
    await cluster.master.query('CREATE ROLE pay LOGIN');
    await run(cluster.master, userStatements('postgresql', 'pay', DATABASE).mark);
    await cluster.resourceOf('pay', DatabasePrivilege.readOnly()).create();
    expect(await rowsOf(await loginAs('pay'), 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
  });

  test('marks no user that does not exist', async () => {
    await run(cluster.master, userStatements('postgresql', 'pay', DATABASE).mark);
    expect(await cluster.exists('pay')).toBe(false);
  });

  test('takes the right to create tables in the schema public from every user, which databases before version 15 grant', async () => {
    await cluster.master.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
    await cluster.resourceOf('pay', DatabasePrivilege.readWrite()).create();
    await expect((await loginAs('pay')).query('CREATE TABLE mine (id int)')).rejects.toMatchObject(REFUSED);
    await cluster.master.query('DROP SCHEMA public CASCADE');
    await cluster.resourceOf('other').create();
  });

  test('is rolled back if a grant fails', async () => {
    await expect(cluster.resourceOf('pay', DatabasePrivilege.on('missing', TablePrivilege.SELECT)).create()).rejects.toMatchObject({ code: '42P01' }); // undefined_table
    expect(await cluster.exists('pay')).toBe(false);
  });
});

describe('a user with', () => {
  test('readOnly can read, also tables that the master user creates later, and nothing else', async () => {
    await cluster.resourceOf('pay', DatabasePrivilege.readOnly()).create();
    await cluster.master.query('CREATE TABLE later (id serial, note text)');
    const pay = await loginAs('pay');
    expect(await rowsOf(pay, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    expect(await rowsOf(pay, 'SELECT note FROM later')).toEqual([]);
    for (const sql of ['INSERT INTO orders (amount) VALUES (2)', 'UPDATE orders SET amount = 2', 'DELETE FROM orders', 'TRUNCATE orders', 'DROP TABLE orders', 'CREATE TABLE mine (id int)', 'CREATE ROLE mine', "SELECT nextval('orders_id_seq')"]) {
      await expect(pay.query(sql)).rejects.toMatchObject(REFUSED);
    }
  });

  test('readWrite can change rows, also of tables that the master user creates later, but not tables', async () => {
    await cluster.resourceOf('pay', DatabasePrivilege.readWrite()).create();
    await cluster.master.query('CREATE TABLE later (id serial, note text)');
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
    await cluster.resourceOf('pay', DatabasePrivilege.usage()).create();
    await cluster.resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const migrator = await loginAs('migrator');
    await migrator.query('CREATE TABLE ledger (id int)');
    await migrator.query('INSERT INTO ledger VALUES (7)');
    await migrator.query('GRANT SELECT ON ledger TO pay');
    await migrator.query('ALTER TABLE ledger ADD COLUMN note text');
    expect(await rowsOf(await loginAs('pay'), 'SELECT id FROM ledger')).toEqual([{ id: 7 }]);
    await expect(migrator.query('SELECT FROM orders')).rejects.toMatchObject(REFUSED);
  });

  test.each<[string, () => DatabasePrivilege]>([['readOnly', () => DatabasePrivilege.readOnly()], ['readWrite', () => DatabasePrivilege.readWrite()]])('%s is created, updated and dropped beside tables of a migration user, which grants privileges on them', async (_, create) => {
    await cluster.resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const migrator = await loginAs('migrator');
    await migrator.query('CREATE TABLE ledger (id serial)');
    const pay = cluster.resourceOf('pay', create());
    await pay.create();
    const session = await loginAs('pay');
    expect(await rowsOf(session, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    await expect(session.query('SELECT id FROM ledger')).rejects.toMatchObject(REFUSED);
    await migrator.query('GRANT SELECT ON ledger TO pay');
    await migrator.query('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pay');
    await pay.updateTo(pay);
    expect(await rowsOf(session, 'SELECT id FROM ledger')).toEqual([]);
    const before = await cluster.mastersRoles();
    await pay.remove();
    expect(await cluster.exists('pay')).toBe(false);
    expect(await cluster.mastersRoles()).toEqual(before.filter(role => !role.startsWith('role pay'))); // since version 16 it administers what it created
  });

  test('on has the listed privileges on one table, and can run again', async () => {
    await cluster.master.query('CREATE TABLE private (id int)');
    const pay = cluster.resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.SELECT, TablePrivilege.UPDATE));
    await pay.create();
    await pay.create();
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'relation orders SELECT', 'relation orders UPDATE', 'role rds_iam', 'schema public USAGE']);
    const session = await loginAs('pay');
    await session.query('UPDATE orders SET amount = 5');
    for (const sql of ['DELETE FROM orders', 'INSERT INTO orders (amount) VALUES (2)', 'SELECT FROM private']) {
      await expect(session.query(sql)).rejects.toMatchObject(REFUSED);
    }
  });

  test('usage has no access to tables in a schema until it is granted', async () => {
    await cluster.master.query('CREATE SCHEMA audit; CREATE TABLE audit.log (id int)');
    await cluster.resourceOf('pay', DatabasePrivilege.usage('audit')).create();
    const pay = await loginAs('pay');
    await expect(pay.query('SELECT FROM audit.log')).rejects.toMatchObject({ ...REFUSED, message: 'permission denied for table log' });
    await cluster.master.query('GRANT SELECT ON audit.log TO pay');
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
    await cluster.resourceOf('other', ...after).create();
    const old = cluster.resourceOf('pay', ...before);
    await old.create();
    await old.updateTo(cluster.resourceOf('pay', ...after));
    expect(await cluster.knownOf('pay')).toEqual(await cluster.knownOf('other'));
  });

  test.each<[string, DatabasePrivilege, string]>([
    ['table', DatabasePrivilege.on('orders', TablePrivilege.SELECT), 'DROP TABLE orders'],
    ['table and its schema', DatabasePrivilege.on('audit.log', TablePrivilege.SELECT), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.readWrite('audit'), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.migrate('audit'), 'DROP SCHEMA audit CASCADE'],
    ['schema', DatabasePrivilege.usage('audit'), 'DROP SCHEMA audit CASCADE'],
  ])('succeeds if the %s was dropped meanwhile', async (_, before, drop) => {
    await cluster.master.query('CREATE SCHEMA audit; CREATE TABLE audit.log (id int)');
    const old = cluster.resourceOf('pay', before);
    await old.create();
    await cluster.master.query(drop);
    await old.updateTo(cluster.resourceOf('pay'));
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam']);
  });

  test('revokes and grants privileges on a table that has another owner meanwhile', async () => {
    await cluster.resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const old = cluster.resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await old.create();
    await cluster.server.query('ALTER TABLE orders OWNER TO migrator');
    const before = await cluster.mastersRoles();
    await old.updateTo(cluster.resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.INSERT)));
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'relation orders INSERT', 'role rds_iam', 'schema public USAGE']);
    await cluster.resourceOf('pay', DatabasePrivilege.on('orders', TablePrivilege.INSERT)).updateTo(cluster.resourceOf('pay'));
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam']);
    expect(await cluster.mastersRoles()).toEqual(before);
  });

  test.each<[string, () => DatabasePrivilege]>([['readOnly', () => DatabasePrivilege.readOnly()], ['readWrite', () => DatabasePrivilege.readWrite()]])('revokes %s on tables that have another owner meanwhile, and not what migrations have granted', async (_, create) => {
    await cluster.resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const old = cluster.resourceOf('pay', create());
    await old.create();
    await cluster.master.query('CREATE TABLE later (id serial)'); // by the default privileges
    await cluster.server.query('ALTER TABLE orders OWNER TO migrator; ALTER TABLE later OWNER TO migrator');
    await (await loginAs('migrator')).query('CREATE TABLE ledger (id int); GRANT SELECT ON ledger TO pay');
    const [session, before] = [await loginAs('pay'), await cluster.mastersRoles()];
    expect(await rowsOf(session, 'SELECT amount FROM orders, later')).toEqual([]);
    await old.updateTo(cluster.resourceOf('pay', DatabasePrivilege.usage()));
    for (const table of ['orders', 'later']) await expect(session.query(`SELECT FROM ${table}`)).rejects.toMatchObject(REFUSED);
    expect(await rowsOf(session, 'SELECT id FROM ledger')).toEqual([]);
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'relation ledger SELECT', 'role rds_iam', 'schema public USAGE']);
    expect(await cluster.mastersRoles()).toEqual(before);
    await cluster.resourceOf('pay').remove();
    expect(await cluster.exists('pay')).toBe(false);
  });

  test('an update that retains the privilege retains what migrations have granted', async () => {
    await cluster.resourceOf('migrator', DatabasePrivilege.migrate()).create();
    const old = cluster.resourceOf('pay', DatabasePrivilege.readWrite());
    await old.create();
    await (await loginAs('migrator')).query('CREATE TABLE ledger (id int); GRANT SELECT ON ledger TO pay');
    await old.updateTo(cluster.resourceOf('pay', DatabasePrivilege.readWrite(), DatabasePrivilege.usage()));
    expect(await rowsOf(await loginAs('pay'), 'SELECT id FROM ledger')).toEqual([]);
  });

  test('succeeds if the user was dropped manually', async () => {
    const old = cluster.resourceOf('pay', DatabasePrivilege.readWrite(), DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await old.create();
    await run(cluster.master, userStatements('postgresql', 'pay', DATABASE).drop);
    await old.updateTo(cluster.resourceOf('pay', DatabasePrivilege.usage()));
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam', 'schema public USAGE']);
  });

  test('that fails leaves the old privileges', async () => {
    const old = cluster.resourceOf('pay', DatabasePrivilege.readOnly());
    await old.create();
    const before = await cluster.knownOf('pay');
    await expect(old.updateTo(cluster.resourceOf('pay', DatabasePrivilege.on('missing', TablePrivilege.SELECT)))).rejects.toMatchObject({ code: '42P01' });
    expect(await cluster.knownOf('pay')).toEqual(before);
  });

  test('is atomic: a session that reads meanwhile can always read', async () => {
    const old = cluster.resourceOf('pay', DatabasePrivilege.readWrite());
    await old.create();
    const pay = await loginAs('pay');
    await cluster.master.query('BEGIN');
    for (const statement of userStatements('postgresql', 'pay', DATABASE).revoke(DatabasePrivilege.readWrite()._statements('postgresql', 'pay', DATABASE).revoke)) await cluster.master.query(statement);
    expect(await rowsOf(pay, 'SELECT amount FROM orders')).toEqual([{ amount: 1 }]);
    await cluster.master.query('COMMIT');
    await expect(pay.query('SELECT FROM orders')).rejects.toMatchObject(REFUSED);
  });
});

describe.each(HOSTILE)('a schema and a table called %j', name => {
  const quote = (id: string) => `"${id.replaceAll('"', '""')}"`;

  beforeEach(() => cluster.master.query(`CREATE SCHEMA ${quote(name)} CREATE TABLE ${quote(name)} (id serial)`));

  test.each<[string, () => DatabasePrivilege, string[]]>([
    ['readOnly', () => DatabasePrivilege.readOnly(name), ['SELECT']],
    ['readWrite', () => DatabasePrivilege.readWrite(name), ['DELETE', 'INSERT', 'SELECT', 'UPDATE']],
    ['migrate', () => DatabasePrivilege.migrate(name), []],
    ['on', () => DatabasePrivilege.on(`${name}.${name}`, TablePrivilege.SELECT), ['SELECT']],
  ])('%s is granted, revoked and dropped', async (_, create, privileges) => {
    const pay = cluster.resourceOf('pay', create());
    await pay.create();
    const known = await cluster.knownOf('pay');
    expect(known.filter(what => what.startsWith(`relation ${name} `))).toEqual(privileges.map(privilege => `relation ${name} ${privilege}`));
    expect(known).toContain(`schema ${name} USAGE`);
    await pay.updateTo(cluster.resourceOf('pay'));
    expect(await cluster.knownOf('pay')).toEqual(['database users CONNECT', 'role rds_iam']);
    await pay.remove();
    expect([await cluster.exists('pay'), await cluster.exists(MASTER)]).toEqual([false, true]);
  });
});
