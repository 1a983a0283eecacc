import { block, forEachOwned, quoted } from './user-statements';
import type { DatabaseFamily } from '../limits';

/** What a table allows its users; the words are the same in PostgreSQL and MySQL. */
export enum TablePrivilege {
  /** Read rows. */
  SELECT = 'SELECT',
  /** Add rows. */
  INSERT = 'INSERT',
  /** Change rows. */
  UPDATE = 'UPDATE',
  /** Remove rows. */
  DELETE = 'DELETE',
}

/** The statements that give a privilege to a user, and those that take it back from one of PostgreSQL. */
interface PrivilegeStatements {
  readonly grant: string[];
  readonly revoke: string[];
}

type Render = (user: string, database: string) => PrivilegeStatements;

/**
 * What a login may do in its database.
 *
 * In PostgreSQL a schema is a part of the database, `public` where none is named; in MySQL it is the database itself.
 *
 * @see https://www.postgresql.org/docs/current/ddl-priv.html
 * @see https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html
 * @example
 * declare const database: ProxiedDatabase;
 * database.addUser('report', { privileges: [Privilege.readOnly()] });
 */
export class Privilege {
  /**
   * Reads all tables of a schema, also those that the master user makes later.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static readOnly(schema?: string): Privilege {
    return Privilege.ofAllTables([TablePrivilege.SELECT], 'SELECT', schema);
  }

  /**
   * Reads, adds, changes and removes rows in all tables of a schema, also in those that the master user makes later, and
   * uses its sequences. It can't make, change or drop tables.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static readWrite(schema?: string): Privilege {
    return Privilege.ofAllTables(Object.values(TablePrivilege), 'USAGE, SELECT', schema);
  }

  /**
   * Makes tables in a schema, and does all with those that it made, such as granting them to others: for migrations.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static migrate(schema?: string): Privilege {
    return new Privilege(
      user => {
        const [name, role] = [quoted.postgresql(schema ?? 'public'), quoted.postgresql(user)];
        return { grant: [`GRANT USAGE, CREATE ON SCHEMA ${name} TO ${role}`], revoke: [`REVOKE USAGE, CREATE ON SCHEMA ${name} FROM ${role}`] };
      },
      (user, database) => mysql('ALL PRIVILEGES', `${quoted.mysql(schema ?? database)}.*`, user, ' WITH GRANT OPTION'),
    );
  }

  /**
   * Sees a schema, and what others grant the user in it: for a user whose tables are granted by migrations.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL, where seeing needs no privilege
   */
  public static usage(schema?: string): Privilege {
    return new Privilege(
      user => {
        const [name, role] = [quoted.postgresql(schema ?? 'public'), quoted.postgresql(user)];
        return { grant: [`GRANT USAGE ON SCHEMA ${name} TO ${role}`], revoke: [`REVOKE USAGE ON SCHEMA ${name} FROM ${role}`] };
      },
      () => ({ grant: [], revoke: [] }),
    );
  }

  /**
   * Does with one table what is named. The table must exist before the deployment: on a new database use `usage` here and
   * grant the table where it is made.
   *
   * @param table The table, with its schema before a dot where that is not the default one
   * @param privileges What the user may do with it
   */
  public static on(table: string, ...privileges: TablePrivilege[]): Privilege {
    if (privileges.length === 0) throw new Error(`'privileges' must name at least one, got none for the table '${table}'; add for example TablePrivilege.SELECT`);
    const words = [...new Set(privileges)].join(', ');
    const parts = table.split('.');
    return new Privilege(
      user => {
        const [schema, name] = parts.length > 1 ? [parts[0], parts.slice(1).join('.')] : ['public', table];
        const [place, role] = [`${quoted.postgresql(schema)}.${quoted.postgresql(name)}`, quoted.postgresql(user)];
        return {
          grant: [`GRANT USAGE ON SCHEMA ${quoted.postgresql(schema)} TO ${role}`, `GRANT ${words} ON TABLE ${place} TO ${role}`],
          revoke: [`REVOKE ${words} ON TABLE ${place} FROM ${role}`, `REVOKE USAGE ON SCHEMA ${quoted.postgresql(schema)} FROM ${role}`],
        };
      },
      (user, database) => {
        const [schema, name] = parts.length > 1 ? [parts[0], parts.slice(1).join('.')] : [database, table];
        return mysql(words, `${quoted.mysql(schema)}.${quoted.mysql(name)}`, user);
      },
    );
  }

  private static ofAllTables(privileges: TablePrivilege[], sequences: string, schema?: string): Privilege {
    const words = privileges.join(', ');
    return new Privilege(
      user => {
        const [name, role] = [quoted.postgresql(schema ?? 'public'), quoted.postgresql(user)];
        const later = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${name}`;
        return {
          grant: [
            `GRANT USAGE ON SCHEMA ${name} TO ${role}`,
            block(`${forEachOwned('TABLE', name, `GRANT ${words} ON`, `TO ${role}`)};`),
            block(`${forEachOwned('SEQUENCE', name, `GRANT ${sequences} ON`, `TO ${role}`)};`),
            `${later} GRANT ${words} ON TABLES TO ${role}`,
            `${later} GRANT ${sequences} ON SEQUENCES TO ${role}`,
          ],
          revoke: [
            `${later} REVOKE ALL ON TABLES FROM ${role}`,
            `${later} REVOKE ALL ON SEQUENCES FROM ${role}`,
            forEachOwned('TABLE', name, 'REVOKE ALL ON', `FROM ${role}`),
            forEachOwned('SEQUENCE', name, 'REVOKE ALL ON', `FROM ${role}`),
            `REVOKE USAGE ON SCHEMA ${name} FROM ${role}`,
          ],
        };
      },
      (user, database) => mysql(words, `${quoted.mysql(schema ?? database)}.*`, user),
    );
  }

  private constructor(private readonly postgresql: Render, private readonly mysqlStatements: Render) {}

  /**
   * @internal
   */
  public _statements(family: DatabaseFamily, user: string, database: string): PrivilegeStatements {
    return family === 'postgresql' ? this.postgresql(user, database) : this.mysqlStatements(user, database);
  }
}

/** What a user of MySQL may do is taken back as a whole, by one statement of the user's own. */
function mysql(words: string, place: string, user: string, suffix = ''): PrivilegeStatements {
  return { grant: [`GRANT ${words} ON ${place} TO ${quoted.mysqlAccount(user)}${suffix}`], revoke: [] };
}
