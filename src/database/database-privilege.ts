import { block, forEachOwned, quoted } from './sql-syntax';
import type { DatabaseFamily } from '../aws';
import { refuse } from '../private/validation';

/** A privilege on a table. PostgreSQL and MySQL use the same words. */
export enum TablePrivilege {
  /** Read rows. */
  SELECT = 'SELECT',
  /** Insert rows. */
  INSERT = 'INSERT',
  /** Update rows. */
  UPDATE = 'UPDATE',
  /** Delete rows. */
  DELETE = 'DELETE',
}

/** The statements that grant a privilege to a user, and in PostgreSQL the statements that revoke it. */
interface PrivilegeStatements {
  readonly grant: string[];
  readonly revoke: string[];
}

type Render = (user: string, database: string) => PrivilegeStatements;

/**
 * A privilege of a database user.
 *
 * In PostgreSQL, a schema is a part of the database, and `public` is the default. In MySQL, a schema is a database.
 *
 * @see https://www.postgresql.org/docs/current/ddl-priv.html
 * @see https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html
 * @example
 * declare const database: ProxiedDatabase;
 * database.addUser('report', { privileges: [DatabasePrivilege.readOnly()] });
 */
export class DatabasePrivilege {
  /**
   * Read all tables of a schema, including tables that the master user creates later.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static readOnly(schema?: string): DatabasePrivilege {
    return DatabasePrivilege.ofAllTables([TablePrivilege.SELECT], 'SELECT', schema);
  }

  /**
   * Read, insert, update and delete rows in all tables of a schema, including tables that the master user creates later, and
   * use its sequences. The user cannot create, alter or drop tables.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static readWrite(schema?: string): DatabasePrivilege {
    return DatabasePrivilege.ofAllTables(Object.values(TablePrivilege), 'USAGE, SELECT', schema);
  }

  /**
   * Create tables in a schema. The user owns these tables and can grant privileges on them to other users. For migrations.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static migrate(schema?: string): DatabasePrivilege {
    return new DatabasePrivilege(
      user => {
        const [name, role] = [quoted.postgresql(schema ?? 'public'), quoted.postgresql(user)];
        return { grant: [`GRANT USAGE, CREATE ON SCHEMA ${name} TO ${role}`], revoke: [`REVOKE USAGE, CREATE ON SCHEMA ${name} FROM ${role}`] };
      },
      (user, database) => mysql('ALL PRIVILEGES', `${quoted.mysql(schema ?? database)}.*`, user, ' WITH GRANT OPTION'),
    );
  }

  /**
   * Use a schema without privileges on its tables. For a user to whom migrations grant privileges on each table.
   *
   * @param schema The schema; by default `public` in PostgreSQL, no effect in MySQL, which has no such privilege
   */
  public static usage(schema?: string): DatabasePrivilege {
    return new DatabasePrivilege(
      user => {
        const [name, role] = [quoted.postgresql(schema ?? 'public'), quoted.postgresql(user)];
        return { grant: [`GRANT USAGE ON SCHEMA ${name} TO ${role}`], revoke: [`REVOKE USAGE ON SCHEMA ${name} FROM ${role}`] };
      },
      () => ({ grant: [], revoke: [] }),
    );
  }

  /**
   * Privileges on one table. The table must exist before the deployment: for a new database use `usage`, and grant the privileges
   * in the migration that creates the table.
   *
   * @param table The table, with its schema before a dot if that is not the default schema
   * @param privileges At least one privilege
   */
  public static on(table: string, ...privileges: TablePrivilege[]): DatabasePrivilege {
    if (privileges.length === 0) {
      refuse('DatabasePrivilege', `'privileges' must have at least one item, got none for the table '${table}'; `
        + 'add for example TablePrivilege.SELECT');
    }
    const words = [...new Set(privileges)].join(', ');
    const parts = table.split('.');
    return new DatabasePrivilege(
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

  private static ofAllTables(privileges: TablePrivilege[], sequences: string, schema?: string): DatabasePrivilege {
    const words = privileges.join(', ');
    return new DatabasePrivilege(
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

/** In MySQL one statement of `userStatements` revokes all privileges of the user. */
function mysql(words: string, place: string, user: string, suffix = ''): PrivilegeStatements {
  return { grant: [`GRANT ${words} ON ${place} TO ${quoted.mysqlAccount(user)}${suffix}`], revoke: [] };
}
