import type { StatementTarget } from './run-statements';
import type { DatabaseFamily } from '../../aws';
import { type PrivilegeSpec, privilegeStatements } from '../privilege-statements';
import { problemOfName } from '../schema-name';
import { userStatements } from '../user-statements';
import { isReservedUsername, isUsername } from '../username';

/** Whose privileges the statements are about. */
export interface User extends Pick<StatementTarget, 'transaction' | 'database'> {
  readonly name: string;
}

/** PostgreSQL runs the statements in a transaction. */
export function familyOf({ transaction }: Pick<StatementTarget, 'transaction'>): DatabaseFamily {
  return transaction === 'true' ? 'postgresql' : 'mysql';
}

/** Throws an error unless the properties of a resource are such as `DatabaseUser` creates: it is not possible to run other SQL as the master user. */
export function validateUser(user: User | undefined): asserts user is User {
  const family = familyOf({ transaction: user?.transaction ?? 'false' });
  const isComplete = typeof user?.name === 'string' && typeof user.database === 'string' && ['true', 'false'].includes(user.transaction);
  if (!isComplete || !isUsername(family, user.name) || isReservedUsername(family, user.name)) {
    throw new Error(`'ResourceProperties' must be the properties of a DatabaseUser, got the user ${JSON.stringify(user?.name)}`);
  }
}

/** Throws an error if a statement is not one that this library writes for the user. */
export function validateStatements(user: User, statements: string[], list: 'grant' | 'revoke'): void {
  const unknown = Array.isArray(statements) ? statements.find(statement => !isKnown(user, statement, list)) : statements;
  if (unknown !== undefined || statements === undefined) {
    throw new Error(`'${list}' must contain only statements of cdk-production-lambda for the user ${user.name}, got ${JSON.stringify(unknown)}`);
  }
}

/** Whether this library writes the statement for the user. The names are read from the statement, and the statement is written again. */
export function isKnown(user: User, statement: unknown, list: 'grant' | 'revoke'): boolean {
  if (typeof statement !== 'string') return false;
  const family = familyOf(user);
  const { ensure, revoke } = userStatements(family, user.name, user.database);
  if (list === 'grant' && ensure.includes(statement)) return true;
  return specsIn(family, statement).some(spec => {
    const privilege = privilegeStatements(family, spec, user.name, user.database);
    return (list === 'grant' ? privilege.grant : revoke(privilege.revoke)).includes(statement);
  });
}

const WORDS = /((?:SELECT|INSERT|UPDATE|DELETE)(?:, (?:SELECT|INSERT|UPDATE|DELETE))*) ON/;
const NAME = { postgresql: /"((?:[^"]|"")+)"/g, mysql: /`((?:[^`]|``)+)`/g };
const KINDS = ['readOnly', 'readWrite', 'migrate', 'usage'] as const;

/** The privileges that a statement can be of. Quotes are double in a literal of PL/pgSQL. */
function specsIn(family: DatabaseFamily, statement: string): PrivilegeSpec[] {
  const quote = family === 'mysql' ? '`' : '"';
  const words = WORDS.exec(statement)?.[1].split(', ');
  return [...new Set([statement, statement.replaceAll("''", "'")])].flatMap<PrivilegeSpec>(text => {
    const [schema, table] = [...text.matchAll(NAME[family])].map(([, name]) => name.replaceAll(quote.repeat(2), quote));
    if (schema === undefined) return [];
    const whole = family === 'mysql' ? schema.replace(/\\([\\_%])/g, '$1') : schema;
    const specs: PrivilegeSpec[] = KINDS.map(kind => ({ kind, schema: whole }));
    if (words && table !== undefined) specs.push({ kind: 'on', schema, table, words });
    return specs.filter(spec => !hasForbiddenName(family, spec));
  });
}

function hasForbiddenName(family: DatabaseFamily, { schema, table }: PrivilegeSpec): boolean {
  const isForbidden = (kind: 'schema' | 'table', name?: string) => name !== undefined && problemOfName(family, kind, name) !== undefined;
  return isForbidden('schema', schema) || isForbidden('table', table);
}
