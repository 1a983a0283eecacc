/** Quotes a name, which may contain any characters but NUL. */
export const quoted = {
  postgresql: (name: string) => `"${checked(name).replaceAll('"', '""')}"`,
  mysql: (name: string) => `\`${checked(name).replaceAll('`', '``')}\``,
  /** In a grant on a whole database, MySQL reads `_` and `%` as wildcards, and a backslash as their escape character. */
  mysqlDatabase: (name: string) => quoted.mysql(name.replace(/[\\_%]/g, '\\$&')),
  mysqlAccount: (name: string) => `'${checked(name).replaceAll('\\', '\\\\').replaceAll("'", "''")}'@'%'`,
};

/** Quotes a text as a literal of PostgreSQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Wraps PL/pgSQL into a DO statement, between dollar quotes that do not occur in the text. */
export function block(body: string): string {
  let tag = '$user$';
  for (let n = 1; body.includes(tag); n++) tag = `$user${n}$`;
  return `DO ${tag} BEGIN ${body} END ${tag}`;
}

/** A cast without colons: the Data API reads a colon as the start of a parameter. */
export function cast(text: string, type: 'regclass' | 'regnamespace' | 'regrole'): string {
  return `CAST(${literal(text)} AS ${type})`;
}

const KINDS = { TABLE: 'r,p,v,m,f', SEQUENCE: 'S' };

/**
 * PL/pgSQL that runs a statement for each table or sequence of a schema that the master user owns. `ON ALL TABLES` would fail as soon as a
 * migration user owns a table, because the master user cannot grant privileges on it.
 */
export function forEachOwned(kind: 'TABLE' | 'SEQUENCE', schema: string, before: string, after: string): string {
  return `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = ${cast(schema, 'regnamespace')} `
    + `AND relkind = ANY ('{${KINDS[kind]}}') AND pg_has_role(relowner, 'USAGE') `
    + `LOOP EXECUTE ${literal(`${before} ${kind} `)} || place || ${literal(` ${after}`)}; END LOOP; END`;
}

/**
 * PL/pgSQL that revokes all privileges of a role on the tables and sequences of a schema, also on tables with another owner than at the
 * time of the grant. A table whose owner the master user may not act for is left as it is.
 */
export function revokeEverywhere(schema: string, role: string): string {
  const revoke = `EXECUTE 'REVOKE ALL ON ' || kind || ' ' || place || ${literal(` FROM ${role}`)};`;
  return "DECLARE place regclass; owner regrole; kind text; BEGIN FOR place, owner, kind IN SELECT oid, relowner, CASE relkind WHEN 'S' THEN "
    + `'SEQUENCE' ELSE 'TABLE' END FROM pg_class WHERE relnamespace = ${cast(schema, 'regnamespace')} `
    + `AND EXISTS (SELECT FROM aclexplode(relacl) acl WHERE acl.grantee = ${cast(role, 'regrole')}) `
    + `LOOP BEGIN IF pg_has_role(owner, 'USAGE') THEN ${revoke} ELSE ${asMember(revoke)} END IF; `
    + 'EXCEPTION WHEN insufficient_privilege THEN NULL; END; END LOOP; END';
}

/**
 * PL/pgSQL that runs a statement on a table as its owner. Only the owner can grant and revoke privileges on a table, and a migration user
 * can own the table, or have become its owner since the last deployment.
 */
export function asOwner(table: string, statement: string): string {
  return `DECLARE owner regrole; BEGIN SELECT relowner INTO owner FROM pg_class WHERE oid = ${cast(table, 'regclass')}; `
    + `IF pg_has_role(owner, 'USAGE') THEN ${statement}; ELSE ${asMember(`${statement};`)} END IF; END`;
}

/** PL/pgSQL that runs statements while the master user is a member of the role in the variable `owner`. */
export function asMember(statements: string): string {
  return `EXECUTE 'GRANT ' || owner || ' TO CURRENT_USER'; ${statements} EXECUTE 'REVOKE ' || owner || ' FROM CURRENT_USER';`;
}

function checked(name: string): string {
  if (name === '' || name.includes('\0')) throw new Error(`a name in SQL must not be empty or contain NUL, got ${JSON.stringify(name)}`);
  return name;
}
