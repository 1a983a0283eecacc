import { PAYMENTS, PAYMENTS_PRIVILEGES } from './001-payments';
import type { Migration } from '../migrate';

/** In the order of their making. What stands here has been run somewhere: add, don't change. */
export const MIGRATIONS: readonly Migration[] = [
  { id: '001-payments', sql: PAYMENTS },
  { id: '001-payments-privileges', sql: PAYMENTS_PRIVILEGES },
];
