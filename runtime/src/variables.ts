/**
 * The environment variables that the constructs of `cdk-production-lambda` set and this package reads: one contract, tested from both
 * ends by test/runtime-package/contract.test.ts.
 */
export const VARIABLES = {
  /** `IdempotencyStore.connect`. */
  idempotency: { table: 'IDEMPOTENCY_TABLE', keyPrefix: 'IDEMPOTENCY_KEY_PREFIX', expiresAfterSeconds: 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS' },
  /** `ProxiedDatabase.connect` with PostgreSQL; with an `environmentPrefix` in front of each name. */
  postgres: { host: 'PGHOST', port: 'PGPORT', database: 'PGDATABASE', user: 'PGUSER' },
  /** `ProxiedDatabase.connect` with MySQL; with an `environmentPrefix` in front of each name. */
  mysql: { host: 'MYSQL_HOST', port: 'MYSQL_PORT', database: 'MYSQL_DATABASE', user: 'MYSQL_USER' },
  /** `DataApiDatabase.connect`; with an `environmentPrefix` in front of each name. */
  dataApi: { clusterArn: 'DATABASE_CLUSTER_ARN', secretArn: 'DATABASE_SECRET_ARN', database: 'DATABASE_NAME' },
  /** `ProductionFunction`. */
  observed: { namespace: 'POWERTOOLS_METRICS_NAMESPACE', service: 'POWERTOOLS_SERVICE_NAME' },
} as const;

/** The value of an environment variable that the handler requires. Throws an error if it is missing or empty. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
}

/** The value of an environment variable that must be a positive whole number. */
export function requiredNumber(name: string): number {
  const text = required(name);
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Error(`environment variable ${name} must be a positive whole number, got '${text}'`);
  return Number(text);
}
