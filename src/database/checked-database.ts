import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { familyOf, FORCE_TLS, subnetsFor } from './cluster';
import type { DatabaseProps } from './database-props';
import { type DatabaseFamily, RDS, versionsInstead } from '../limits';
import { refuse, requireRange } from '../private/validation';

/** Refuses what both databases refuse. */
export function checkDatabaseProps(at: string, props: DatabaseProps): void {
  const family = familyOf(at, props.engine);
  const [parameter] = FORCE_TLS[family];
  if (props.parameters?.[parameter] !== undefined) {
    refuse(at, `'parameters' must not have '${parameter}', got '${props.parameters[parameter]}'; TLS is forced, leave it out`);
  }
  if (props.deletionProtection && props.removalPolicy === RemovalPolicy.DESTROY) {
    refuse(at, "'deletionProtection' must not go with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; leave one out");
  }
  if (!props.backupRetention?.isUnresolved()) {
    requireRange(at, 'backupRetention', props.backupRetention?.toDays({ integral: false }), 1, RDS.backupRetentionMaxDays, 'it is a number of days');
  }
  checkVersion(at, family, props.engine);
  checkSubnets(at, props);
  checkLogs(at, props);
  checkName(at, 'databaseName', props.databaseName, family === 'postgresql' ? 63 : 64);
  checkName(at, 'masterUsername', props.masterUsername, family === 'postgresql' ? 63 : 32);
}

/** Refuses capacities that Aurora Serverless v2 does not have. */
export function checkCapacity(at: string, minCapacity: number, maxCapacity: number): void {
  requireRange(at, 'minCapacity', minCapacity, 0, RDS.capacityMaxAcu, 'it is a number of capacity units');
  requireRange(at, 'maxCapacity', maxCapacity, 1, RDS.capacityMaxAcu, 'it is a number of capacity units');
  for (const [prop, value] of Object.entries({ minCapacity, maxCapacity })) {
    if (!Token.isUnresolved(value) && !Number.isInteger(value * 2)) refuse(at, `'${prop}' must be in halves, got ${value}; round it`);
  }
  if (!Token.isUnresolved(minCapacity) && !Token.isUnresolved(maxCapacity) && minCapacity > maxCapacity) {
    refuse(at, `'minCapacity' must be at most 'maxCapacity', got ${minCapacity} and ${maxCapacity}; lower it or raise the other`);
  }
}

function checkVersion(at: string, family: DatabaseFamily, { engineType, engineVersion }: rds.IClusterEngine): void {
  const version = engineVersion?.fullVersion;
  if (version === undefined) {
    return refuse(at, `'engine' must state its version, got ${engineType} without one; use rds.DatabaseClusterEngine.${family === 'mysql' ? 'auroraMysql' : 'auroraPostgres'}({ version })`);
  }
  const others = versionsInstead('Data API', family, version);
  if (others) refuse(at, `'engine' must have the Data API, got ${engineType} ${version}; take ${others.join(', ')} or later`);
}

function checkSubnets(at: string, { vpc, vpcSubnets }: DatabaseProps): void {
  if (!vpcSubnets && vpc.isolatedSubnets.length === 0 && vpc.privateSubnets.length === 0) {
    refuse(at, `'vpc' must have isolated or private subnets, got ${vpc.node.path} with neither; take one that has, or name others by 'vpcSubnets'`);
  }
  const zones = zonesOf(vpc.selectSubnets(subnetsFor({ vpc, vpcSubnets })).subnets);
  if (zones.length < RDS.availabilityZonesMin) {
    const prop = vpcSubnets ? 'vpcSubnets' : 'vpc';
    refuse(at, `'${prop}' must have subnets in at least ${RDS.availabilityZonesMin} availability zones, got ${zones.length}; Aurora takes no fewer, so add one`);
  }
}

/** The zones of subnets; each that can't be told, as of a subnet that is known by its id alone, counts for itself. */
function zonesOf(subnets: readonly ec2.ISubnet[]): unknown[] {
  const zones = subnets.flatMap<unknown>(subnet => {
    try {
      return isList(subnet.subnetId) || isList(subnet.availabilityZone) ? [subnet, {}] : [subnet.availabilityZone];
    } catch {
      return [subnet];
    }
  });
  return [...new Set(zones)];
}

/** Whether a text stands for a list whose length nobody knows yet. */
function isList(text: string): boolean {
  return Token.isUnresolved([text]) && !Token.isUnresolved(text);
}

function checkLogs(at: string, { engine, cloudwatchLogsExports: exported, cloudwatchLogsRetention }: DatabaseProps): void {
  if (cloudwatchLogsRetention !== undefined && !exported?.length) {
    refuse(at, "'cloudwatchLogsRetention' must go with 'cloudwatchLogsExports', got none; name the logs or leave it out");
  }
  if (exported === undefined || Token.isUnresolved(exported)) return;
  const unknown = exported.filter(log => !Token.isUnresolved(log) && !engine.supportedLogTypes.includes(log));
  if (unknown.length > 0) refuse(at, `'cloudwatchLogsExports' must be among ${engine.supportedLogTypes.join(', ')}, got ${unknown.join(', ')}; leave it out`);
}

function checkName(at: string, prop: string, name: string | undefined, length: number): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || name.length > length) {
    refuse(at, `'${prop}' must be 1 to ${length} letters, digits and underscores, beginning with a letter, got '${name}'; rename it`);
  }
}
