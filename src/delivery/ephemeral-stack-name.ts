import { createHash } from 'node:crypto';
import { STACK_NAME } from '../aws';

/** The number of characters of a branch or developer that remain readable in the stack name. */
const READABLE_LENGTH = 40;
const HASH_LENGTH = 8;

/** The longest construct id that leaves room for the other parts of the stack name and their hyphens. */
export const STACK_ID_MAX_LENGTH = STACK_NAME.maxLength - READABLE_LENGTH - HASH_LENGTH - 2;

/** A stack name from the construct id and the branch or developer, for example `Payments-feature-a-0b6d4f2e`. */
export function ephemeralStackName(id: string, branchOrDeveloper: string): string {
  const readable = branchOrDeveloper.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, READABLE_LENGTH).replace(/-$/, '');
  const hash = createHash('sha256').update(JSON.stringify([id, branchOrDeveloper])).digest('hex').slice(0, HASH_LENGTH);
  return [id, readable, hash].filter(part => part !== '').join('-');
}
