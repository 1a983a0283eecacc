export { IdempotencyKey } from './idempotency-key';
export { IdempotencyStore, type IdempotencyStoreAttributes, type IdempotencyStoreProps, type IIdempotencyStore } from './idempotency-store';
