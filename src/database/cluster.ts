import { RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { DatabaseProps } from './database-props';
import { type DatabaseFamily, DEFAULTS, RDS } from '../limits';
import { refuse, requireRange } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.DataApiDatabase;

const PORT = { postgresql: 5432, mysql: 3306 };
const FORCE_TLS: Record<DatabaseFamily, [name: string, value: string]> = {
  postgresql: ['rds.force_ssl', '1'],
  mysql: ['require_secure_transport', 'ON'],
};
export const MASTER_USERNAME = 'clusteradmin';
export const DATABASE_NAME = 'app';

export function familyOf(at: string, engine: rds.IClusterEngine): DatabaseFamily {
  const family = /^aurora-(postgresql|mysql)$/.exec(engine.engineType)?.[1] as DatabaseFamily | undefined;
  return family ?? refuse(at, `'engine' must be Aurora PostgreSQL or Aurora MySQL, got '${engine.engineType}'; use rds.DatabaseClusterEngine.auroraPostgres()`);
}

export function portOf(family: DatabaseFamily): number {
  return PORT[family];
}

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

/** The cluster as every database here has it, with what it is for added. */
export function createCluster(scope: Construct, props: DatabaseProps, own: Partial<rds.DatabaseClusterProps>): rds.DatabaseCluster {
  const [parameter, value] = FORCE_TLS[familyOf(scope.node.path, props.engine)];
  const profile = Profile.of(scope);
  const unasked = profile.removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT;
  const removalPolicy = props.removalPolicy ?? unasked;
  const isDisposable = removalPolicy === RemovalPolicy.DESTROY;
  const securityGroup = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc: props.vpc,
    description: `The database of ${scope.node.path}`,
    allowAllOutbound: false,
  });
  const cluster = new rds.DatabaseCluster(scope, 'Cluster', {
    engine: props.engine,
    vpc: props.vpc,
    vpcSubnets: subnetsFor(props),
    securityGroups: [securityGroup],
    defaultDatabaseName: props.databaseName ?? DATABASE_NAME,
    credentials: rds.Credentials.fromUsername(props.masterUsername ?? MASTER_USERNAME, { encryptionKey: props.encryptionKey }),
    manageMasterUserPassword: D.manageMasterUserPassword.value,
    parameters: { ...props.parameters, [parameter]: value },
    storageEncrypted: D.storageEncrypted.value,
    storageEncryptionKey: props.encryptionKey,
    backup: { retention: props.backupRetention ?? profile.backupRetention },
    copyTagsToSnapshot: true,
    deletionProtection: props.deletionProtection ?? (profile.deletionProtection && !isDisposable),
    removalPolicy,
    iamAuthentication: DEFAULTS.ProxiedDatabase.iamAuthentication.value,
    enableDataApi: D.enableDataApi.value,
    cloudwatchLogsExports: props.cloudwatchLogsExports && [...props.cloudwatchLogsExports],
    cloudwatchLogsRetention: props.cloudwatchLogsRetention,
    databaseInsightsMode: props.databaseInsightsMode,
    performanceInsightRetention: insightsRetention(props),
    ...own,
  });
  if (familyOf(scope.node.path, props.engine) === 'mysql') acknowledgeMysql(cluster);
  return cluster;
}

function acknowledgeMysql(cluster: rds.DatabaseCluster): void {
  const reasons = {
    'AwsSolutions::AwsSolutions-RDS11': "RDS Proxy's port is fixed, and another one of the cluster hides nothing from who is in its security group",
    'AwsSolutions::AwsSolutions-RDS14': 'Backtrack is not to be had for Serverless v2; the backups restore to any second of their days',
  };
  for (const [id, reason] of Object.entries(reasons)) Validations.of(cluster).acknowledge({ id, reason });
}

/** Advanced insights need the longest retention, of the cluster and of each instance. */
export function insightsRetention({ databaseInsightsMode }: DatabaseProps): rds.PerformanceInsightRetention | undefined {
  return databaseInsightsMode === rds.DatabaseInsightsMode.ADVANCED ? rds.PerformanceInsightRetention.MONTHS_15 : undefined;
}

/** Where instances and proxy stand. */
export function subnetsFor({ vpc, vpcSubnets }: DatabaseProps): ec2.SubnetSelection {
  if (vpcSubnets) return vpcSubnets;
  return { subnetType: vpc.isolatedSubnets.length > 0 ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS };
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
