import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct, IConstruct } from 'constructs';
import type { DatabaseProps } from './database-props';
import { type DatabaseFamily, DEFAULTS } from '../limits';
import { refuse } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.DataApiDatabase;

const PORT = { postgresql: 5432, mysql: 3306 };
export const FORCE_TLS: Record<DatabaseFamily, [name: string, value: string]> = {
  postgresql: ['rds.force_ssl', '1'],
  mysql: ['require_secure_transport', 'ON'],
};
export const MASTER_USERNAME = 'clusteradmin';
export const DATABASE_NAME = 'app';
/** In a public subnet CDK would give an instance a public address. */
export const INSTANCE = { publiclyAccessible: false };

export function familyOf(at: string, engine: rds.IClusterEngine): DatabaseFamily {
  const family = /^aurora-(postgresql|mysql)$/.exec(engine.engineType)?.[1] as DatabaseFamily | undefined;
  return family ?? refuse(at, `'engine' must be Aurora PostgreSQL or Aurora MySQL, got '${engine.engineType}'; use rds.DatabaseClusterEngine.auroraPostgres()`);
}

export function portOf(family: DatabaseFamily): number {
  return PORT[family];
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
    cloudwatchLogsRetention: props.cloudwatchLogsRetention ?? (props.cloudwatchLogsExports?.length ? profile.logRetention : undefined),
    databaseInsightsMode: props.databaseInsightsMode,
    performanceInsightRetention: insightsRetention(props),
    ...own,
  });
  if (familyOf(scope.node.path, props.engine) === 'mysql') acknowledge(cluster, MYSQL);
  if (props.cloudwatchLogsExports?.length) acknowledgeLogRetention(cluster);
  return cluster;
}

const MYSQL = {
  'AwsSolutions::AwsSolutions-RDS11': "RDS Proxy's port is fixed, and another one of the cluster hides nothing from who is in its security group",
  'AwsSolutions::AwsSolutions-RDS14': 'Backtrack is not to be had for Serverless v2; the backups restore to any second of their days',
};
const RETENTION = {
  'ProductionChecks::LP-F14': 'RDS makes the log groups by itself, so that only a custom resource can say how long they are kept',
};
/** The function of CDK that does it for the whole stack. */
const RETENTION_FUNCTION_ID = 'LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a';
const RETENTION_FUNCTION = {
  'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]': 'it may write its own log, and is made by CDK',
  'AwsSolutions::AwsSolutions-IAM5[Resource::*]': 'it may set for how long log groups are kept, whose names only RDS knows, and is made by CDK',
};

function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}

function acknowledgeLogRetention(cluster: rds.DatabaseCluster): void {
  acknowledge(cluster, RETENTION);
  const shared = Stack.of(cluster).node.tryFindChild(RETENTION_FUNCTION_ID);
  if (shared) acknowledge(shared, RETENTION_FUNCTION);
}

/** Advanced insights need the longest retention, of the cluster and of each instance. */
export function insightsRetention({ databaseInsightsMode }: DatabaseProps): rds.PerformanceInsightRetention | undefined {
  return databaseInsightsMode === rds.DatabaseInsightsMode.ADVANCED ? rds.PerformanceInsightRetention.MONTHS_15 : undefined;
}

/** Where instances and proxy stand. */
export function subnetsFor({ vpc, vpcSubnets }: Pick<DatabaseProps, 'vpc' | 'vpcSubnets'>): ec2.SubnetSelection {
  if (vpcSubnets) return vpcSubnets;
  return { subnetType: vpc.isolatedSubnets.length > 0 ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS };
}
