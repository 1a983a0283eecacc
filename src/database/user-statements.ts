import { asMember, block, cast, literal, quoted } from './sql-syntax';
import { quotedGroupOf, tableGroupOf } from './table-group';
import type { DatabaseFamily } from '../aws';

/** The statements of a database user. Each list can run repeatedly. */
export interface UserStatements {
  /** Creates the user, without a password: it authenticates with an IAM token. In PostgreSQL, fails for a user without the marker. */
  readonly ensure: string[];
  /** Revokes privileges; `privileges` are the statements that revoke each one. */
  readonly revoke: (privileges: string[]) => string[];
  /** Drops the user, and reassigns its objects to the master user. In PostgreSQL, fails for a user without the marker. */
  readonly drop: string[];
  /** Adds the marker to a user that an earlier version of this library created without one. */
  readonly mark: string[];
}

/**
 * The comment on each user that this library creates. A user without it belongs to someone else: it gets no privileges, and is never
 * dropped. It contains no colon, which the Data API reads as a parameter.
 */
export const MARKER = 'cdk-production-lambda DatabaseUser';
/** The errors of the statements of PostgreSQL for a user without the marker. */
export const EXISTS_WITHOUT_MARKER = 'a database user of this name exists and was not created by cdk-production-lambda';
export const NOT_DROPPED = 'the database user was not created by cdk-production-lambda and is not dropped';

/**
 * The statements that create and drop a database user, to be run as the master user.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
 */
export function userStatements(family: DatabaseFamily, name: string, database: string): UserStatements {
  return family === 'postgresql' ? postgresql(name, database) : mysql(name);
}

/**
 * CloudFormation creates all users of a stack concurrently, and PostgreSQL fails the later of two concurrent transactions that grant on the
 * same schema or database. A lock makes each transaction wait for the one before it.
 */
const QUEUE = `PERFORM pg_advisory_xact_lock(hashtext(${literal(MARKER)}));`;
/**
 * Before version 15, and in a database that was upgraded from it, every user may create tables in the schema `public`. Our users may
 * create tables only if they have the privilege to migrate.
 */
const CLOSE_PUBLIC = 'IF EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) acl '
  + "WHERE nspname = 'public' AND acl.grantee = 0 AND acl.privilege_type = 'CREATE') THEN REVOKE CREATE ON SCHEMA public FROM PUBLIC; END IF;";

function postgresql(name: string, database: string): UserStatements {
  const role = quoted.postgresql(name);
  const exists = `EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)})`;
  const isMarked = `EXISTS (SELECT FROM pg_roles WHERE ${hasMarker(name)})`;
  const mark = `COMMENT ON ROLE ${role} IS ${literal(MARKER)};`;
  return {
    ensure: [
      block(`${QUEUE} IF NOT ${exists} THEN CREATE ROLE ${role} LOGIN; ${mark} `
        + `ELSIF NOT ${isMarked} THEN ${raise(EXISTS_WITHOUT_MARKER, name)} END IF; ${CLOSE_PUBLIC}`),
      `GRANT CONNECT ON DATABASE ${quoted.postgresql(database)} TO ${role}`,
      `GRANT rds_iam TO ${role}`,
    ],
    // Meanwhile a table can have been dropped, and the user can have been dropped manually.
    revoke: privileges => privileges.map(statement =>
      block(`${QUEUE} ${statement}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL;`)),
    // The master user must be a member of the user to reassign its objects. It must not become a member of rds_iam, which would require
    // an IAM token of the master user too, so rds_iam is revoked first. Only a member of another grantor can revoke its grants.
    drop: [
      block(`${QUEUE} IF ${isMarked} OR NOT ${exists} THEN ${withTableGroup(name, `DROP ROLE ${quotedGroupOf(name)};`)} END IF; `
        + `IF ${isMarked} THEN REVOKE rds_iam FROM ${role}; ${releaseObjects(role)} DROP ROLE ${role}; `
        + `ELSIF ${exists} THEN ${raise(NOT_DROPPED, name)} END IF;`),
    ],
    mark: [block(`${QUEUE} IF ${exists} THEN ${mark} END IF;`)],
  };
}

/**
 * The statement that takes a user out of another database than its own: PostgreSQL does not drop a user that owns objects or has privileges
 * in any database, and a statement reaches its own database only.
 */
export function releaseStatement(name: string): string {
  return block(`${QUEUE} ${releaseObjects(quoted.postgresql(name))} ${withTableGroup(name)}`);
}

/** The query for the other databases in which a user of PostgreSQL with the marker owns objects or has privileges. */
export function otherDatabasesQuery(name: string): string {
  return 'SELECT DISTINCT CAST(datname AS text) FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid JOIN pg_roles ON pg_roles.oid = refobjid '
    + `WHERE refclassid = ${cast('pg_authid', 'regclass')} AND datname <> current_database() AND (${hasMarker(name)} OR ${hasMarker(tableGroupOf(name))})`;
}

/** The statement that takes from a user of PostgreSQL what every user of a database gets. */
export function connectRevoke(name: string, database: string): string {
  return userStatements('postgresql', name, database)
    .revoke([`REVOKE CONNECT ON DATABASE ${quoted.postgresql(database)} FROM ${quoted.postgresql(name)}`])[0];
}

/** The statement that creates the table group of a user, and makes the user a member of it. */
export function ensureTableGroup(name: string): string {
  const group = quotedGroupOf(name);
  const exists = `EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(tableGroupOf(name))})`;
  const isMarked = `EXISTS (SELECT FROM pg_roles WHERE ${hasMarker(tableGroupOf(name))})`;
  return block(`${QUEUE} IF NOT ${exists} THEN CREATE ROLE ${group} NOLOGIN; COMMENT ON ROLE ${group} IS ${literal(`${MARKER}, tables of ${name}`)}; `
    + `ELSIF NOT ${isMarked} THEN ${raise(EXISTS_WITHOUT_MARKER, tableGroupOf(name))} END IF; GRANT ${group} TO ${quoted.postgresql(name)};`);
}

/** PL/pgSQL that revokes what the table group of a user has in this database, if there is a group. */
function withTableGroup(name: string, then = ''): string {
  return `IF EXISTS (SELECT FROM pg_roles WHERE ${hasMarker(tableGroupOf(name))}) THEN ${releaseObjects(quotedGroupOf(name))} ${then} END IF;`;
}

function hasMarker(name: string): string {
  return `rolname = ${literal(name)} AND strpos(shobj_description(pg_roles.oid, 'pg_authid'), ${literal(MARKER)}) > 0`;
}

function releaseObjects(role: string): string {
  return `GRANT ${role} TO CURRENT_USER; REASSIGN OWNED BY ${role} TO CURRENT_USER; `
    + `DECLARE owner regrole; BEGIN FOR owner IN ${grantorsOf(role)} LOOP ${asMember(`DROP OWNED BY ${role};`)} END LOOP; END; `
    + `DROP OWNED BY ${role}; REVOKE ${role} FROM CURRENT_USER;`;
}

/** The owners of the objects on which the role has privileges in this database, unless the master user is a member of the owner. */
function grantorsOf(role: string): string {
  return 'SELECT DISTINCT owned.refobjid FROM pg_shdepend granted JOIN pg_shdepend owned USING (dbid, classid, objid) '
    + `WHERE granted.deptype = 'a' AND granted.refclassid = ${cast('pg_authid', 'regclass')} AND granted.refobjid = ${cast(role, 'regrole')} `
    + "AND granted.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owned.deptype = 'o' "
    + "AND NOT pg_has_role(owned.refobjid, 'USAGE')";
}

function raise(message: string, name: string): string {
  return `RAISE EXCEPTION USING MESSAGE = ${literal(`${message} (${name})`)};`;
}

function mysql(name: string): UserStatements {
  const account = quoted.mysqlAccount(name);
  const mark = `COMMENT '${MARKER}'`;
  return {
    // One statement creates and marks the user, so that none is left without a marker. MariaDB, which has no comments on users, ignores
    // the versioned part, so that the tests can run the statement there.
    ensure: [`CREATE USER IF NOT EXISTS ${account} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL /*!80021 ${mark} */`],
    revoke: privileges => privileges,
    drop: [`DROP USER IF EXISTS ${account}`],
    mark: [`ALTER USER ${account} ${mark}`],
  };
}

/** The query for a user of MySQL: no row if there is none, otherwise its attributes as JSON, which contain the marker as the comment. */
export function mysqlAttributesQuery(name: string): string {
  return `SELECT attribute FROM information_schema.user_attributes WHERE user = '${name.replaceAll('\\', '\\\\').replaceAll("'", "''")}' AND host = '%'`;
}
