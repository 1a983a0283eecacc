import { createHash } from 'node:crypto';
import { quoted } from './sql-syntax';

/**
 * The role of PostgreSQL without a login that has a user's privileges on all tables of a schema. Only the library grants to it, so that
 * all of its privileges can be revoked from tables of any owner, and what migrations have granted to the user remains.
 */
export function tableGroupOf(user: string): string {
  return `${user.slice(0, 40)}_tables_${createHash('sha256').update(user).digest('hex').slice(0, 8)}`;
}

/** The role as an identifier. */
export function quotedGroupOf(user: string): string {
  return quoted.postgresql(tableGroupOf(user));
}
