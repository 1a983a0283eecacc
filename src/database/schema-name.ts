import type { DatabaseFamily } from '../aws';

/** Schemas of the database itself. In MySQL a schema is a database. */
const OF_THE_SYSTEM = {
  postgresql: /^(pg_.*|information_schema)$/,
  mysql: /^(mysql|sys|information_schema|performance_schema|innodb)$/i,
};
const LIMIT = { postgresql: 63, mysql: 64 };

/**
 * Why a name cannot be that of a schema or table on which a user gets privileges, as the end of `must ...`; undefined if it can.
 *
 * @see https://dev.mysql.com/doc/refman/8.0/en/identifiers.html
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
export function problemOfName(family: DatabaseFamily, kind: 'schema' | 'table', name: string): string | undefined {
  if (name === '' || name.includes('\0')) return 'must not be empty or contain NUL';
  if (name.includes(':')) return 'must not contain a colon, which the Data API reads as a parameter';
  if (name === '*') return 'must be one name, not a wildcard';
  if (kind === 'schema' && OF_THE_SYSTEM[family].test(name)) return 'must not be a schema of the database system';
  return family === 'mysql' ? problemInMysql(name) : problemInPostgres(name);
}

function problemInPostgres(name: string): string | undefined {
  // PostgreSQL cuts a longer name off, and would grant the privilege on another schema or table.
  return Buffer.byteLength(name) > LIMIT.postgresql ? `must be at most ${LIMIT.postgresql} bytes` : undefined;
}

function problemInMysql(name: string): string | undefined {
  // They are rarely part of a name. They were probably meant as wildcards, which are not supported.
  if (/[%\\]/.test(name)) return 'must be a literal name without % and backslashes: wildcards are not supported, and _ is escaped for you';
  if (/[\u{10000}-\u{10ffff}]/u.test(name)) return 'must not contain characters beyond U+FFFF';
  if (name.endsWith(' ')) return 'must not end with a space';
  return [...name].length > LIMIT.mysql ? `must be at most ${LIMIT.mysql} characters` : undefined;
}
