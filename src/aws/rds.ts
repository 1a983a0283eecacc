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
  idleClientTimeoutMaxSeconds: 28_800,
  readersMax: 15,
  proxyNameMaxLength: 63,
  /** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html */
  autoPauseMinSeconds: 300,
  autoPauseMaxSeconds: 86_400,
  capacityMaxAcu: 256,
  /**
   * The resume of a cluster that was paused for more than a day.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
   */
  resumeSeconds: 30,
  /** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html */
  backupRetentionUnsetDays: 1,
  backupRetentionProductionDays: 7,
  backupRetentionMaxDays: 35,
  /** The share of the connections for functions, a choice of this library; the rest is for rotation, migrations and people. */
  functionShare: 0.8,
  availabilityZonesMin: 2,
} as const;

/** The engines of Aurora. */
export type DatabaseFamily = 'mysql' | 'postgresql';

/**
 * The default `max_connections` of Aurora Serverless v2, by maximum capacity.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
const MAX_CONNECTIONS: Record<DatabaseFamily, [acu: number, connections: number][]> = {
  mysql: [[1, 90], [4, 135], [8, 1_000], [16, 2_000], [32, 3_000], [64, 4_000], [128, 5_000], [192, 6_000], [256, 6_000]],
  postgresql: [[1, 189], [4, 823], [8, 1_669], [16, 3_360], [32, 5_000], [64, 5_000], [128, 5_000], [192, 5_000], [256, 5_000]],
};

/** PostgreSQL with a minimum capacity of 0.5 ACU or less has at most this number of connections. */
const SMALL_POSTGRES = { minAcu: 0.5, connections: 2_000 };

/** An upper bound of `max_connections`: between two documented capacities, the value of the larger one. */
export function maxConnections(family: DatabaseFamily, minAcu: number, maxAcu: number): number | undefined {
  const connections = MAX_CONNECTIONS[family].find(([acu]) => acu >= maxAcu)?.[1];
  if (connections === undefined) return undefined;
  return family === 'postgresql' && minAcu <= SMALL_POSTGRES.minAcu ? Math.min(connections, SMALL_POSTGRES.connections) : connections;
}

/**
 * A lower bound of `max_connections`. Between two documented capacities, PostgreSQL is linear in the memory, and MySQL has at
 * least the value of the smaller one (its formula is logarithmic, with a step).
 */
export function leastMaxConnections(family: DatabaseFamily, minAcu: number, maxAcu: number): number | undefined {
  const known = MAX_CONNECTIONS[family];
  const place = known.findIndex(([acu]) => acu >= maxAcu);
  if (place < 0) return undefined;
  const [[acu, connections], [below, fewer]] = [known[place], known[Math.max(place - 1, 0)]];
  if (acu === maxAcu || place === 0) return maxConnections(family, minAcu, maxAcu);
  const between = family === 'mysql' ? fewer : Math.floor(fewer + ((connections - fewer) * (maxAcu - below)) / (acu - below));
  return Math.min(between, maxConnections(family, minAcu, maxAcu)!);
}

const GIB = 2 ** 30;
/** GiB of memory for each vCPU, by instance class. Each size of class T has its own ratio. */
const GIB_PER_VCPU: Record<string, number> = { r: 8, x: 16 };
const VCPUS: Record<string, number> = { large: 2, xlarge: 4 };

/**
 * An upper bound of the default `max_connections` of an Aurora instance, from its total memory; the formulas use the memory
 * that the system leaves free. Undefined for unknown instance types.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html
 */
export function instanceMaxConnections(family: DatabaseFamily, instanceType: string): number | undefined {
  const [, letter, times, size] = /^(?:db\.)?([a-z])[0-9a-z]+\.(\d*)(x?large)$/.exec(instanceType) ?? [];
  const vcpus = times ? Number(times) * 4 : VCPUS[size];
  if (GIB_PER_VCPU[letter] === undefined || vcpus === undefined) return undefined;
  const bytes = GIB_PER_VCPU[letter] * vcpus * GIB;
  if (family === 'postgresql') return Math.min(Math.floor(bytes / 9_531_392), 5_000);
  return Math.floor(Math.max(Math.log2(bytes / 805_306_368) * 45, Math.log2(bytes / 8_187_281_408) * 1_000));
}

/** Features that not every version of Aurora has. */
export type DatabaseFeature = 'Data API' | 'auto-pause';

/**
 * The first minor version of each major version that has a feature.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.Data_API.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
 */
const FIRST: Record<DatabaseFeature, Record<DatabaseFamily, Record<number, number>>> = {
  'Data API': { postgresql: { 13: 11, 14: 8, 15: 3, 16: 1, 17: 4, 18: 3 }, mysql: { 3: 7 } },
  'auto-pause': { postgresql: { 13: 15, 14: 12, 15: 7, 16: 3 }, mysql: { 3: 8 } },
};

/** The versions with a feature, if a version is known to be too old for it. Undefined for newer major versions. */
export function versionsInstead(feature: DatabaseFeature, family: DatabaseFamily, version: string): string[] | undefined {
  const [, major, minor] = (family === 'mysql' ? /mysql_aurora\.(\d+)\.(\d+)/ : /^(\d+)\.(\d+)/).exec(version) ?? [];
  const firsts = FIRST[feature][family];
  const isTooOld = Number(major) < Math.min(...Object.keys(firsts).map(Number)) || Number(minor) < firsts[Number(major)];
  return isTooOld ? Object.entries(firsts).map(([known, first]) => `${known}.${family === 'mysql' ? `${first}`.padStart(2, '0') : first}`) : undefined;
}
