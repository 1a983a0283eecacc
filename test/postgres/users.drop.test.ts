import { Cluster, DATABASE, loginAs, MASTER } from './cluster';
import { rowsOf, run } from './sessions';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import { connectRevoke, otherDatabasesQuery, releaseStatement } from '../../src/database/user-statements';

const cluster = new Cluster();

beforeAll(async () => cluster.start());
beforeEach(async () => cluster.createDatabase());
afterEach(async () => cluster.dropDatabases());

describe('drop', () => {
  test('drops the user with any privileges, and can run again', async () => {
    const pay = cluster.resourceOf('pay', DatabasePrivilege.readWrite(), DatabasePrivilege.migrate(), DatabasePrivilege.on('orders', TablePrivilege.SELECT));
    await pay.create();
    await pay.remove();
    expect(await cluster.exists('pay')).toBe(false);
    expect(await rowsOf(cluster.master, 'SELECT defaclacl::text FROM pg_default_acl')).toEqual([]);
    await pay.remove();
  });

  test('deletes no data: the master user owns the objects of the user, with the privileges granted on them', async () => {
    const migrator = cluster.resourceOf('migrator', DatabasePrivilege.migrate());
    await migrator.create();
    await cluster.resourceOf('pay', DatabasePrivilege.usage()).create();
    const session = await loginAs('migrator');
    await session.query('CREATE TABLE ledger (id serial, note text)');
    await session.query("INSERT INTO ledger (note) VALUES ('kept')");
    await session.query('GRANT SELECT ON ledger TO pay');
    await migrator.remove();
    expect(await rowsOf(cluster.master, "SELECT tableowner FROM pg_tables WHERE tablename = 'ledger'")).toEqual([{ tableowner: MASTER }]);
    expect(await rowsOf(cluster.master, 'SELECT id, note FROM ledger')).toEqual([{ id: 1, note: 'kept' }]);
    expect(await rowsOf(await loginAs('pay'), 'SELECT note FROM ledger')).toEqual([{ note: 'kept' }]);
    await cluster.master.query("INSERT INTO ledger (note) VALUES ('more')");
  });

  test('leaves the master user without membership in any user', async () => {
    const before = await cluster.mastersRoles();
    const pay = cluster.resourceOf('pay', DatabasePrivilege.migrate());
    await pay.create();
    await pay.remove();
    expect(await cluster.mastersRoles()).toEqual(before);
  });

  test('leaves a user that someone else created', async () => {
    await cluster.master.query('CREATE ROLE pay LOGIN');
    await expect(cluster.resourceOf('pay').remove()).rejects.toMatchObject({ message: 'the database user was not created by cdk-production-lambda and is not dropped (pay)' });
    expect(await cluster.exists('pay')).toBe(true);
  });

  test('drops a user with objects and privileges in another database after they were released there', async () => {
    await cluster.server.query(`CREATE DATABASE elsewhere OWNER ${MASTER}`);
    const pay = cluster.resourceOf('pay', DatabasePrivilege.migrate());
    await pay.create();
    const elsewhere = await loginAs(MASTER, 'elsewhere');
    await elsewhere.query('CREATE TABLE given (id int); GRANT SELECT ON given TO pay; CREATE TABLE own (id int)');
    await (await loginAs('master', 'elsewhere')).query('ALTER TABLE own OWNER TO pay');
    await expect(pay.remove()).rejects.toMatchObject({ code: '2BP01' }); // dependent_objects_still_exist
    expect(await rowsOf(cluster.master, otherDatabasesQuery('pay'))).toEqual([{ datname: 'elsewhere' }]);
    const before = await cluster.mastersRoles();
    await run(elsewhere, [releaseStatement('pay')]);
    expect(await cluster.mastersRoles()).toEqual(before);
    expect(await rowsOf(cluster.master, otherDatabasesQuery('pay'))).toEqual([]);
    await pay.remove();
    expect(await cluster.exists('pay')).toBe(false);
    expect(await rowsOf(elsewhere, "SELECT tableowner FROM pg_tables WHERE tablename = 'own'")).toEqual([{ tableowner: MASTER }]);
  });

  test('does not release the objects of a user that someone else created', async () => {
    await cluster.server.query('CREATE DATABASE elsewhere');
    await cluster.master.query('CREATE ROLE pay LOGIN');
    await (await loginAs('master', 'elsewhere')).query('CREATE TABLE own (id int); ALTER TABLE own OWNER TO pay');
    expect(await rowsOf(cluster.master, otherDatabasesQuery('pay'))).toEqual([]);
  });

  test('the privilege to connect to a database is revoked with one statement', async () => {
    const pay = cluster.resourceOf('pay');
    await pay.create();
    await run(cluster.master, [connectRevoke('pay', DATABASE)]);
    expect(await cluster.knownOf('pay')).toEqual(['role rds_iam']);
  });
});
