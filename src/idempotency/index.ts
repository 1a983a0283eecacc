export { IdempotencyKey } from './idempotency-key';
export { IdempotencyStore } from './idempotency-store';
export type { IIdempotencyStore } from './idempotency-store-interface';
export type { IdempotencyStoreAttributes, IdempotencyStoreProps } from './idempotency-store-props';
