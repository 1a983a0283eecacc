import { RemovalPolicy, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { ServerlessRange } from './database-capacity';
import { familyOf, FORCE_TLS } from './database-engine';
import type { DatabaseProps } from './database-props';
import { subnetsFor } from './database-subnets';
import { type DatabaseFamily, RDS, versionsInstead } from '../aws';
import { refuse, requireDuration, requireProps, requireRange } from '../private/validation';
import { zonesFix } from '../private/zones-fix';

/** Validates the props that both kinds of database share. */
export function validateDatabaseProps(path: string, props: DatabaseProps): void {
  requireProps(path, props, 'engine', 'vpc');
  const family = familyOf(path, props.engine);
  const [parameter] = FORCE_TLS[family];
  if (props.parameters?.[parameter] !== undefined) {
    refuse(path, `'parameters' must not contain '${parameter}', got '${props.parameters[parameter]}'; TLS is always forced, remove the parameter`);
  }
  if (props.deletionProtection && props.removalPolicy === RemovalPolicy.DESTROY) {
    refuse(path, "'deletionProtection' must not be combined with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; remove one");
  }
  requireDuration(path, 'backupRetention', props.backupRetention, 86_400, RDS.backupRetentionMaxDays * 86_400);
  validateVersion(path, family, props.engine);
  validateSubnets(path, props);
  validateLogs(path, props);
  validateName(path, 'databaseName', props.databaseName, family === 'postgresql' ? 63 : 64);
  validateName(path, 'masterUsername', props.masterUsername, family === 'postgresql' ? 63 : 32);
}

/** Validates a range of Aurora Serverless v2. */
export function validateServerlessRange(path: string, { min, max }: ServerlessRange): void {
  requireRange(path, 'capacity.min', min, 0, RDS.capacityMaxAcu, 'it is a number of capacity units');
  requireRange(path, 'capacity.max', max, 1, RDS.capacityMaxAcu, 'it is a number of capacity units');
  for (const [prop, value] of Object.entries({ min, max })) {
    if (Token.isUnresolved(value) || Number.isInteger(value * 2)) continue;
    refuse(path, `'capacity.${prop}' must be a multiple of 0.5, got ${value}; round it`);
  }
  if (!Token.isUnresolved(min) && !Token.isUnresolved(max) && min > max) {
    refuse(path, `'capacity.min' must be at most 'capacity.max', got ${min} and ${max}; lower it or raise 'capacity.max'`);
  }
}

function validateVersion(path: string, family: DatabaseFamily, { engineType, engineVersion }: rds.IClusterEngine): void {
  const version = engineVersion?.fullVersion;
  if (version === undefined) {
    const factory = family === 'mysql' ? 'auroraMysql' : 'auroraPostgres';
    return refuse(path, `'engine' must state its version, got ${engineType} without one; use rds.DatabaseClusterEngine.${factory}({ version })`);
  }
  const others = versionsInstead('Data API', family, version);
  if (others) refuse(path, `'engine' must support the Data API, got ${engineType} ${version}; use version ${others.join(', ')} or later`);
}

function validateSubnets(path: string, { vpc, vpcSubnets }: DatabaseProps): void {
  if (!vpcSubnets && vpc.isolatedSubnets.length === 0 && vpc.privateSubnets.length === 0) {
    refuse(path, `'vpc' must have isolated or private subnets, got ${vpc.node.path} without any; `
      + "use a VPC that has them, or select subnets with 'vpcSubnets'");
  }
  const zones = zonesOf(vpc.selectSubnets(subnetsFor({ vpc, vpcSubnets })).subnets);
  if (zones.length < RDS.availabilityZonesMin) {
    const prop = vpcSubnets ? 'vpcSubnets' : 'vpc';
    refuse(path, `'${prop}' must have subnets in at least ${RDS.availabilityZonesMin} Availability Zones, got ${zones.length}; `
      + `Aurora requires them, ${vpcSubnets ? 'select subnets in more zones' : zonesFix(vpc, RDS.availabilityZonesMin)}`);
  }
}

/** The Availability Zones of subnets. A subnet whose zone is unknown, such as one imported by its id, counts as a zone of its own. */
function zonesOf(subnets: readonly ec2.ISubnet[]): unknown[] {
  const zones = subnets.flatMap<unknown>(subnet => {
    try {
      return isListToken(subnet.subnetId) || isListToken(subnet.availabilityZone) ? [subnet, {}] : [subnet.availabilityZone];
    } catch {
      return [subnet];
    }
  });
  return [...new Set(zones)];
}

/** Whether a string is an encoded list token, whose length is unknown at synth. */
function isListToken(text: string): boolean {
  return Token.isUnresolved([text]) && !Token.isUnresolved(text);
}

function validateLogs(path: string, { engine, cloudwatchLogsExports: exported, cloudwatchLogsRetention }: DatabaseProps): void {
  if (cloudwatchLogsRetention !== undefined && !exported?.length) {
    refuse(path, "'cloudwatchLogsRetention' must be combined with 'cloudwatchLogsExports', got no exports; name the logs or remove it");
  }
  if (exported === undefined || Token.isUnresolved(exported)) return;
  const { supportedLogTypes } = engine;
  const unknown = exported.filter(log => !Token.isUnresolved(log) && !supportedLogTypes.includes(log));
  if (unknown.length > 0) refuse(path, `'cloudwatchLogsExports' must be among ${supportedLogTypes.join(', ')}, got ${unknown.join(', ')}; remove it`);
}

function validateName(path: string, prop: string, name: string | undefined, length: number): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || name.length > length) {
    refuse(path, `'${prop}' must be 1 to ${length} letters, digits and underscores and start with a letter, got '${name}'; rename it`);
  }
}
