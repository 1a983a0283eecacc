import { Token } from 'aws-cdk-lib';
import type { DatabaseUserProps } from './database-user-props';
import { refuse } from '../private/validation';

const NAME = { postgresql: /^[a-z_][a-z0-9_]{0,62}$/, mysql: /^[a-z_][a-z0-9_]{0,31}$/ };
const LENGTH = { postgresql: 63, mysql: 32 };
const RESERVED = {
  postgresql: /^(pg_.*|rds.*|postgres|public|none|user|current_user|session_user|current_role)$/,
  mysql: /^(rds.*|root|admin|mysql.*)$/,
};

type User = Pick<DatabaseUserProps, 'family' | 'username' | 'masterUsername'>;

/** Validates the name of a database user, which the caller passed as that prop. */
export function validateUsername(path: string, prop: 'user' | 'username', { family, username, masterUsername }: User): void {
  if (Token.isUnresolved(username)) refuse(path, `'${prop}' must be known at synth, got a token; it is a part of SQL statements and of permissions`);
  if (!NAME[family].test(username)) {
    refuse(path, `'${prop}' must be 1 to ${LENGTH[family]} lowercase letters, digits and underscores and not start with a digit, `
      + `got '${username}'; rename the user`);
  }
  if (username === masterUsername) refuse(path, `'${prop}' must not be the master user, got '${username}'; use one user for each function`);
  if (RESERVED[family].test(username)) {
    refuse(path, `'${prop}' must not be a name that RDS or the database reserves, got '${username}'; rename the user`);
  }
}
