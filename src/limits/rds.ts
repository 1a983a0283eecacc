/**
 * Quotas and ranges of Aurora and RDS Proxy.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connections.html
 */
export const RDS = {
  proxyConnectionsPercentMin: 1,
  proxyConnectionsPercentMax: 100,
  borrowTimeoutUnsetSeconds: 120,
  borrowTimeoutMaxSeconds: 300,
  autoPauseMinSeconds: 300,
  autoPauseMaxSeconds: 86_400,
  capacityMaxAcu: 256,
  /** How long a paused cluster takes to come back, after a pause of more than a day. */
  resumeSeconds: 30,
  backupRetentionUnsetDays: 1,
  backupRetentionProductionDays: 7,
  backupRetentionMaxDays: 35,
  /** The share of the connections that functions may take; the rest is for rotation, migrations and people. */
  functionShare: 0.8,
  availabilityZonesMin: 2,
} as const;

/**
 * Default `max_connections` of Aurora Serverless v2 by its largest capacity.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
const MAX_CONNECTIONS: Record<'mysql' | 'postgresql', [acu: number, connections: number][]> = {
  mysql: [[1, 90], [4, 135], [8, 1_000], [16, 2_000], [32, 3_000], [64, 4_000], [128, 5_000], [192, 6_000], [256, 6_000]],
  postgresql: [[1, 189], [4, 823], [8, 1_669], [16, 3_360], [32, 5_000], [64, 5_000], [128, 5_000], [192, 5_000], [256, 5_000]],
};

/** PostgreSQL that may shrink to half an ACU or to nothing keeps fewer connections, whatever its maximum. */
const SMALL_POSTGRES = { minAcu: 0.5, connections: 2_000 };

/** An upper bound of `max_connections`: between the documented capacities, that of the next larger one. */
export function maxConnections(family: 'mysql' | 'postgresql', minAcu: number, maxAcu: number): number | undefined {
  const connections = MAX_CONNECTIONS[family].find(([acu]) => acu >= maxAcu)?.[1];
  if (connections === undefined) return undefined;
  return family === 'postgresql' && minAcu <= SMALL_POSTGRES.minAcu ? Math.min(connections, SMALL_POSTGRES.connections) : connections;
}
