import type { Client } from 'pg';
import { endSessions, loginAs as sessionOf, rowsOf, run } from './sessions';
import type { DatabasePrivilege } from '../../src/database/database-privilege';
import { tableGroupOf } from '../../src/database/table-group';
import { userStatements } from '../../src/database/user-statements';

/** Runs the statements of DatabaseUser like its function: one list in one transaction, as a master user that is not a superuser, as in RDS. */
export const MASTER = 'clusteradmin';
export const DATABASE = 'users';
export const USERS = Array.from({ length: 8 }, (_, i) => `login${i}`);
export const REFUSED = { code: '42501' }; // insufficient_privilege

export const loginAs = (user: string, database = DATABASE) => sessionOf(user, database);

/** A database with a table, before each test, and the sessions of the superuser and the master user. */
export class Cluster {
  public server!: Client;
  public master!: Client;

  public async start(): Promise<void> {
    const setUp = await loginAs('master', 'postgres');
    for (const role of [`${MASTER} LOGIN CREATEROLE CREATEDB`, 'rds_iam NOLOGIN']) {
      await setUp.query(`DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    }
    await setUp.query(`GRANT rds_iam TO ${MASTER} WITH ADMIN OPTION`);
  }

  public async createDatabase(): Promise<void> {
    const setUp = await loginAs('master', 'postgres');
    await setUp.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await setUp.query(`CREATE DATABASE ${DATABASE} OWNER ${MASTER}`);
    this.server = await loginAs('master');
    // Before version 15 the superuser owns the schema. In RDS the master user may revoke its privileges, as the owner may.
    await this.server.query(`ALTER SCHEMA public OWNER TO ${MASTER}`);
    this.master = await loginAs(MASTER);
    await this.master.query('CREATE TABLE orders (id serial PRIMARY KEY, amount int)');
    await this.master.query('INSERT INTO orders (amount) VALUES (1)');
  }

  public async dropDatabases(): Promise<void> {
    const left = await loginAs('master', 'postgres');
    for (const database of [DATABASE, 'elsewhere']) await left.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    for (const role of ['pay', 'migrator', 'other', ...USERS].flatMap(name => [name, tableGroupOf(name)])) await left.query(`DROP ROLE IF EXISTS ${role}`);
    await endSessions();
  }

  /** The statements of CloudFormation's three requests for a user with these privileges. */
  public resourceOf(name: string, ...privileges: DatabasePrivilege[]) {
    const user = userStatements('postgresql', name, DATABASE);
    const given = privileges.map(privilege => privilege._statements('postgresql', name, DATABASE));
    const grant = [...user.ensure, ...given.flatMap(each => each.grant)];
    const revoke = user.revoke(given.flatMap(each => each.revoke));
    return {
      create: () => run(this.master, grant),
      updateTo: (next: { grant: string[] }) => run(this.master, [...revoke, ...next.grant]),
      remove: () => run(this.master, user.drop),
      grant,
    };
  }

  /** The privileges of a user and its table group in the catalog: on tables, sequences and schemas, and default privileges. */
  public async knownOf(name: string): Promise<string[]> {
    const rows = await rowsOf<{ what: string }>(this.server, `
      SELECT 'relation ' || relname || ' ' || acl.privilege_type AS what FROM pg_class, aclexplode(relacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname IN ($1, $2)
      UNION ALL SELECT 'schema ' || nspname || ' ' || acl.privilege_type FROM pg_namespace, aclexplode(nspacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname IN ($1, $2)
      UNION ALL SELECT 'later ' || defaclobjtype::text || ' ' || acl.privilege_type FROM pg_default_acl, aclexplode(defaclacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname IN ($1, $2)
      UNION ALL SELECT 'database ' || datname || ' ' || acl.privilege_type FROM pg_database, aclexplode(datacl) acl JOIN pg_roles r ON r.oid = acl.grantee WHERE r.rolname IN ($1, $2)
      UNION ALL SELECT 'role ' || g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1 AND g.rolname <> $2`, name, tableGroupOf(name));
    return rows.map(({ what }) => what).sort();
  }

  public async mastersRoles(): Promise<string[]> {
    return (await this.knownOf(MASTER)).filter(what => what.startsWith('role '));
  }

  public async exists(name: string): Promise<boolean> {
    return (await rowsOf(this.server, 'SELECT FROM pg_roles WHERE rolname = $1', name)).length === 1;
  }
}
