import type { DatabaseFamily } from '../limits';

/** How each database writes names, whatever is in them. */
export const quoted = {
  postgresql: (name: string) => `"${checked(name).replaceAll('"', '""')}"`,
  mysql: (name: string) => `\`${checked(name).replaceAll('`', '``')}\``,
  mysqlAccount: (name: string) => `'${checked(name).replaceAll('\\', '\\\\').replaceAll("'", "''")}'@'%'`,
};

/** What is done to a login. Each list may be run again and again. */
export interface UserStatements {
  /** Makes the login, without a password: it is known by its IAM token. */
  readonly ensure: string[];
  /** Takes back what it was granted; `privileges` are the statements for what it was granted. */
  readonly revoke: (privileges: string[]) => string[];
  /** Takes it away. What it owns is the master user's from then on. */
  readonly drop: string[];
}

/**
 * The statements that make a login and take it away, to be run as the master user.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
 */
export function userStatements(family: DatabaseFamily, name: string, database: string): UserStatements {
  return family === 'postgresql' ? postgresql(name, database) : mysql(name);
}

/**
 * CloudFormation asks for all logins of a stack at once, and PostgreSQL fails all but the first of two transactions that
 * grant on the same schema or database. So each waits until the one before has ended.
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
    // A table may have been dropped or be somebody else's by now, or the login dropped by hand.
    revoke: privileges => privileges.map(statement =>
      block(`${QUEUE} ${statement}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL;`)),
    // The master user must be a member to give away what the login owns, and must not be one of rds_iam, which would ask a
    // token of the master user too: so that is taken first. What others granted only a member of them can take back.
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

/** Who owns what the role was granted in this database, but for those of whom the master user is one. */
function grantorsOf(role: string): string {
  return 'SELECT DISTINCT owned.refobjid FROM pg_shdepend granted JOIN pg_shdepend owned USING (dbid, classid, objid) '
    + `WHERE granted.deptype = 'a' AND granted.refclassid = 'pg_authid'::regclass AND granted.refobjid = ${literal(role)}::regrole `
    + "AND granted.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owned.deptype = 'o' AND NOT pg_has_role(owned.refobjid, 'USAGE')";
}

const KINDS = { TABLE: 'r,p,v,m,f', SEQUENCE: 'S' };

/**
 * A part of PL/pgSQL that does the same to each table or sequence of a schema that is the master user's. `ON ALL TABLES`
 * fails as soon as a login for migrations has made one, which is not the master user's to grant.
 */
export function forEachOwned(kind: 'TABLE' | 'SEQUENCE', schema: string, before: string, after: string): string {
  return `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = ${literal(schema)}::regnamespace `
    + `AND relkind = ANY ('{${KINDS[kind]}}') AND pg_has_role(relowner, 'USAGE') `
    + `LOOP EXECUTE ${literal(`${before} ${kind} `)} || place || ${literal(` ${after}`)}; END LOOP; END`;
}

/** PL/pgSQL as a statement, between tags that stand nowhere in it. */
export function block(body: string): string {
  let tag = '$user$';
  for (let n = 1; body.includes(tag); n++) tag = `$user${n}$`;
  return `DO ${tag} BEGIN ${body} END ${tag}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function checked(name: string): string {
  if (name === '' || name.includes('\0')) throw new Error(`a name in SQL must have characters and no NUL, got ${JSON.stringify(name)}`);
  return name;
}
