import { asOwner, block, forEachOwned, quoted, revokeEverywhere } from './sql-syntax';
import { quotedGroupOf } from './table-group';
import { ensureTableGroup } from './user-statements';
import type { DatabaseFamily } from '../aws';

type PrivilegeKind = 'readOnly' | 'readWrite' | 'migrate' | 'usage' | 'on';

/** A privilege, without its words of SQL. */
export interface PrivilegeSpec {
  readonly kind: PrivilegeKind;
  /** @default - `public` in PostgreSQL, the database in MySQL */
  readonly schema?: string;
  /** @default - all tables of the schema */
  readonly table?: string;
  /** The privileges on the table. */
  readonly words?: readonly string[];
}

/** The statements that grant a privilege to a user, and the statements that revoke it. */
export interface PrivilegeStatements {
  readonly grant: string[];
  readonly revoke: string[];
}

const ALL_TABLES = {
  readOnly: { tables: 'SELECT', sequences: 'SELECT' },
  readWrite: { tables: 'SELECT, INSERT, UPDATE, DELETE', sequences: 'USAGE, SELECT' },
};

/** The statements of a privilege. The function that creates users contains this file too: it runs only what this file can write. */
export function privilegeStatements(family: DatabaseFamily, spec: PrivilegeSpec, user: string, database: string): PrivilegeStatements {
  return family === 'postgresql' ? postgresql(spec, user) : mysql(spec, user, database);
}

function postgresql({ kind, schema = 'public', table, words }: PrivilegeSpec, user: string): PrivilegeStatements {
  const [place, role] = [quoted.postgresql(schema), quoted.postgresql(user)];
  if (kind === 'usage') return { grant: [`GRANT USAGE ON SCHEMA ${place} TO ${role}`], revoke: [`REVOKE USAGE ON SCHEMA ${place} FROM ${role}`] };
  if (kind === 'migrate') {
    return { grant: [`GRANT USAGE, CREATE ON SCHEMA ${place} TO ${role}`], revoke: [`REVOKE USAGE, CREATE ON SCHEMA ${place} FROM ${role}`] };
  }
  if (kind === 'on') {
    const [one, list] = [`${place}.${quoted.postgresql(table!)}`, words!.join(', ')];
    return {
      grant: [`GRANT USAGE ON SCHEMA ${place} TO ${role}`, block(`${asOwner(one, `GRANT ${list} ON TABLE ${one} TO ${role}`)};`)],
      revoke: [asOwner(one, `REVOKE ${list} ON TABLE ${one} FROM ${role}`), `REVOKE USAGE ON SCHEMA ${place} FROM ${role}`],
    };
  }
  const { tables, sequences } = ALL_TABLES[kind];
  const later = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${place}`;
  const group = quotedGroupOf(user);
  return {
    grant: [
      `GRANT USAGE ON SCHEMA ${place} TO ${role}`,
      ensureTableGroup(user),
      block(`${forEachOwned('TABLE', place, `GRANT ${tables} ON`, `TO ${group}`)};`),
      block(`${forEachOwned('SEQUENCE', place, `GRANT ${sequences} ON`, `TO ${group}`)};`),
      `${later} GRANT ${tables} ON TABLES TO ${group}`,
      `${later} GRANT ${sequences} ON SEQUENCES TO ${group}`,
    ],
    revoke: [
      `${later} REVOKE ALL ON TABLES FROM ${group}`,
      `${later} REVOKE ALL ON SEQUENCES FROM ${group}`,
      revokeEverywhere(place, group),
      `REVOKE ${group} FROM ${role}`,
      // An earlier version granted to the user itself.
      `${later} REVOKE ALL ON TABLES FROM ${role}`,
      `${later} REVOKE ALL ON SEQUENCES FROM ${role}`,
      forEachOwned('TABLE', place, 'REVOKE ALL ON', `FROM ${role}`),
      forEachOwned('SEQUENCE', place, 'REVOKE ALL ON', `FROM ${role}`),
      `REVOKE USAGE ON SCHEMA ${place} FROM ${role}`,
    ],
  };
}

function mysql({ kind, schema, table, words }: PrivilegeSpec, user: string, database: string): PrivilegeStatements {
  const all = `${quoted.mysqlDatabase(schema ?? database)}.*`;
  switch (kind) {
    case 'usage': return { grant: [], revoke: [] };
    // A grant on one table has no wildcards.
    case 'on': return mysqlGrant(words!.join(', '), `${quoted.mysql(schema ?? database)}.${quoted.mysql(table!)}`, user);
    case 'migrate': return mysqlGrant('ALL PRIVILEGES', all, user, true);
    default: return mysqlGrant(ALL_TABLES[kind].tables, all, user);
  }
}

function mysqlGrant(words: string, place: string, user: string, withGrantOption = false): PrivilegeStatements {
  const account = quoted.mysqlAccount(user);
  return {
    grant: [`GRANT ${words} ON ${place} TO ${account}${withGrantOption ? ' WITH GRANT OPTION' : ''}`],
    revoke: [...withGrantOption ? [`REVOKE GRANT OPTION ON ${place} FROM ${account}`] : [], `REVOKE ${words} ON ${place} FROM ${account}`],
  };
}
