import { block, literal, quoted } from './sql-syntax';
import type { DatabaseFamily } from '../aws';

/** The statements of a database user. Each list can run repeatedly. */
export interface UserStatements {
  /** Creates the user, without a password: it authenticates with an IAM token. */
  readonly ensure: string[];
  /** Revokes privileges; `privileges` are the statements that revoke each one. */
  readonly revoke: (privileges: string[]) => string[];
  /** Drops the user, and reassigns its objects to the master user. */
  readonly drop: string[];
}

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
const QUEUE = "PERFORM pg_advisory_xact_lock(hashtext('cdk-production-lambda:DatabaseUser'));";

function postgresql(name: string, database: string): UserStatements {
  const role = quoted.postgresql(name);
  return {
    ensure: [
      block(`${QUEUE} IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)}) THEN CREATE ROLE ${role} LOGIN; END IF;`),
      `GRANT CONNECT ON DATABASE ${quoted.postgresql(database)} TO ${role}`,
      `GRANT rds_iam TO ${role}`,
    ],
    // Meanwhile a table can have been dropped or have another owner, and the user can have been dropped manually.
    revoke: privileges => privileges.map(statement =>
      block(`${QUEUE} ${statement}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL;`)),
    // The master user must be a member of the user to reassign its objects. It must not become a member of rds_iam, which would require
    // an IAM token of the master user too, so rds_iam is revoked first. Only a member of another grantor can revoke its grants.
    drop: [
      block(`${QUEUE} IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal(name)}) THEN `
        + `REVOKE rds_iam FROM ${role}; GRANT ${role} TO CURRENT_USER; REASSIGN OWNED BY ${role} TO CURRENT_USER; `
        + `DECLARE owner regrole; BEGIN FOR owner IN ${grantorsOf(role)} LOOP `
        + `EXECUTE 'GRANT ' || owner || ' TO CURRENT_USER'; DROP OWNED BY ${role}; EXECUTE 'REVOKE ' || owner || ' FROM CURRENT_USER'; `
        + `END LOOP; END; DROP OWNED BY ${role}; DROP ROLE ${role}; END IF;`),
    ],
  };
}

function mysql(name: string): UserStatements {
  const account = quoted.mysqlAccount(name);
  return {
    ensure: [`CREATE USER IF NOT EXISTS ${account} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`],
    revoke: () => [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account}`],
    drop: [`DROP USER IF EXISTS ${account}`],
  };
}

/** The owners of the objects on which the role has privileges in this database, unless the master user is a member of the owner. */
function grantorsOf(role: string): string {
  return 'SELECT DISTINCT owned.refobjid FROM pg_shdepend granted JOIN pg_shdepend owned USING (dbid, classid, objid) '
    + `WHERE granted.deptype = 'a' AND granted.refclassid = 'pg_authid'::regclass AND granted.refobjid = ${literal(role)}::regrole `
    + "AND granted.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owned.deptype = 'o' "
    + "AND NOT pg_has_role(owned.refobjid, 'USAGE')";
}
