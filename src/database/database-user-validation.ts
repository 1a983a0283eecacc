import { Token } from 'aws-cdk-lib';
import type { DatabaseUserProps } from './database-user-props';
import { isReservedUsername, isUsername, USERNAME_LENGTH } from './username';
import { refuse } from '../private/validation';

/** Validates the props of a DatabaseUser. */
export function validateDatabaseUserProps(path: string, props: DatabaseUserProps): void {
  validateUsername(path, 'username', props);
  if (props.family === 'mysql' && Token.isUnresolved(props.database)) {
    refuse(path, "'databaseName' must be known at synth to add a user, got a token; MySQL reads its _ as a wildcard, use a literal name");
  }
}

type User = Pick<DatabaseUserProps, 'family' | 'username' | 'masterUsername'>;

/** Validates the name of a database user, which the caller passed as that prop. */
export function validateUsername(path: string, prop: 'user' | 'username', { family, username, masterUsername }: User): void {
  if (Token.isUnresolved(username)) refuse(path, `'${prop}' must be known at synth, got a token; it is a part of SQL statements and of permissions`);
  if (!isUsername(family, username)) {
    refuse(path, `'${prop}' must be 1 to ${USERNAME_LENGTH[family]} lowercase letters, digits and underscores and not start with a digit, `
      + `got '${username}'; rename the user`);
  }
  // RDS stores the name of the master user in lower case.
  if (username === masterUsername?.toLowerCase()) refuse(path, `'${prop}' must not be the master user, got '${username}'; use one user for each function`);
  if (isReservedUsername(family, username)) {
    refuse(path, `'${prop}' must not be a name that RDS or the database reserves, got '${username}'; rename the user`);
  }
}
