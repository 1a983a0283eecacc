import type { DatabaseFamily } from '../aws';

export const USERNAME_LENGTH = { postgresql: 63, mysql: 32 };
const NAME = /^[a-z_][a-z0-9_]*$/;
const RESERVED = {
  postgresql: /^(pg_.*|rds.*|postgres|public|none|user|current_user|session_user|current_role)$/,
  mysql: /^(rds.*|root|admin|mysql.*)$/,
};

/** Whether a user can have this name: one that no database quotes, folds or shortens. */
export function isUsername(family: DatabaseFamily, name: string): boolean {
  return NAME.test(name) && name.length <= USERNAME_LENGTH[family];
}

/** Whether RDS or the database reserves the name. */
export function isReservedUsername(family: DatabaseFamily, name: string): boolean {
  return RESERVED[family].test(name);
}
