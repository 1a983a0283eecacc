import { Token } from 'aws-cdk-lib';
import { type PrivilegeSpec, type PrivilegeStatements, privilegeStatements } from './privilege-statements';
import { problemOfName } from './schema-name';
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

/**
 * A privilege of a database user.
 *
 * In PostgreSQL, a schema is a part of the database, and `public` is the default. In MySQL, a schema is a database.
 *
 * Names of schemas and tables are literal: `_` in a name of MySQL is escaped, and wildcards throw an error in `addUser`.
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
    return new DatabasePrivilege({ kind: 'readOnly', schema });
  }

  /**
   * Read, insert, update and delete rows in all tables of a schema, including tables that the master user creates later, and
   * use its sequences. The user cannot create, alter or drop tables.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static readWrite(schema?: string): DatabasePrivilege {
    return new DatabasePrivilege({ kind: 'readWrite', schema });
  }

  /**
   * Create tables in a schema. The user owns these tables and can grant privileges on them to other users. For migrations.
   *
   * @param schema The schema; by default `public` in PostgreSQL, the database in MySQL
   */
  public static migrate(schema?: string): DatabasePrivilege {
    return new DatabasePrivilege({ kind: 'migrate', schema });
  }

  /**
   * Use a schema without privileges on its tables. For a user to whom migrations grant privileges on each table.
   *
   * @param schema The schema; by default `public` in PostgreSQL, no effect in MySQL, which has no such privilege
   */
  public static usage(schema?: string): DatabasePrivilege {
    return new DatabasePrivilege({ kind: 'usage', schema });
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
    const dot = table.indexOf('.');
    const place = dot < 0 ? { table } : { schema: table.slice(0, dot), table: table.slice(dot + 1) };
    return new DatabasePrivilege({ kind: 'on', ...place, words: [...new Set(privileges)] });
  }

  private constructor(private readonly spec: PrivilegeSpec) {}

  /**
   * Throws an error if the schema or the table cannot have been intended, such as `%`.
   *
   * @internal
   */
  public _statements(family: DatabaseFamily, user: string, database: string, path = 'DatabasePrivilege'): PrivilegeStatements {
    const { schema, table } = this.spec;
    validateName(path, family, 'schema', schema);
    validateName(path, family, 'table', table);
    return privilegeStatements(family, this.spec, user, database);
  }
}

function validateName(path: string, family: DatabaseFamily, kind: 'schema' | 'table', name: string | undefined): void {
  if (name === undefined) return;
  if (Token.isUnresolved(name)) {
    if (family === 'mysql') refuse(path, `'${kind}' must be known at synth, got a token; MySQL reads its _ and % as wildcards, use a literal name`);
    return;
  }
  const problem = problemOfName(family, kind, name);
  if (problem) refuse(path, `'${kind}' ${problem}, got '${name}'; name one ${kind} of your own`);
}
