/** Quotes a name, which may contain any characters. */
export const quoted = {
  postgresql: (name: string) => `"${checked(name).replaceAll('"', '""')}"`,
  mysql: (name: string) => `\`${checked(name).replaceAll('`', '``')}\``,
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

const KINDS = { TABLE: 'r,p,v,m,f', SEQUENCE: 'S' };

/**
 * PL/pgSQL that runs a statement for each table or sequence of a schema that the master user owns. `ON ALL TABLES` would fail as soon as a
 * migration user owns a table, because the master user cannot grant privileges on it.
 */
export function forEachOwned(kind: 'TABLE' | 'SEQUENCE', schema: string, before: string, after: string): string {
  return `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = ${literal(schema)}::regnamespace `
    + `AND relkind = ANY ('{${KINDS[kind]}}') AND pg_has_role(relowner, 'USAGE') `
    + `LOOP EXECUTE ${literal(`${before} ${kind} `)} || place || ${literal(` ${after}`)}; END LOOP; END`;
}

function checked(name: string): string {
  if (name === '' || name.includes('\0')) throw new Error(`a name in SQL must not be empty or contain NUL, got ${JSON.stringify(name)}`);
  return name;
}
