/** The environment variables that configure a function with its idempotency store. */
export const IDEMPOTENCY_VARIABLES = {
  table: 'IDEMPOTENCY_TABLE',
  keyPrefix: 'IDEMPOTENCY_KEY_PREFIX',
  expiresAfterSeconds: 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS',
} as const;
