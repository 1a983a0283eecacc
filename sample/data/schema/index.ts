import { PAYMENTS, PAYMENTS_PRIVILEGES } from './001-payments';
import { REVIEWS } from './002-reviews';
import { DAYS } from './003-days';
import { ANSWERS } from './004-answers';
import type { Migration } from '../migrate';

/** In the order of creation. Databases have run these migrations: add new ones, do not change existing ones. */
export const MIGRATIONS: readonly Migration[] = [
  { id: '001-payments', sql: PAYMENTS },
  { id: '001-payments-privileges', sql: PAYMENTS_PRIVILEGES },
  { id: '002-reviews', sql: REVIEWS },
  { id: '003-days', sql: DAYS },
  { id: '004-answers', sql: ANSWERS },
];
