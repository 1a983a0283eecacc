import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct, IConstruct } from 'constructs';
import { familyOf, FORCE_TLS } from './database-engine';
import type { DatabaseProps } from './database-props';
import { subnetsFor } from './database-subnets';
import { DEFAULTS } from '../defaults';
import { acknowledgeOwn } from '../private/acknowledgements';
import { logRetentionFunctionOf } from '../private/cdk-internals';
import { Profile } from '../profile';

const D = DEFAULTS.DataApiDatabase;

export const MASTER_USERNAME = 'clusteradmin';
export const DATABASE_NAME = 'app';
/** In a public subnet CDK would make an instance publicly accessible. */
export const INSTANCE = { publiclyAccessible: false };

/** Creates the cluster of a database: the defaults of all databases, and the props of this kind of database. */
export function createCluster(scope: Construct, props: DatabaseProps, own: Partial<rds.DatabaseClusterProps>): rds.DatabaseCluster {
  const family = familyOf(scope.node.path, props.engine);
  const [parameter, value] = FORCE_TLS[family];
  const profile = Profile.of(scope);
  const byProfile = profile.removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT;
  const removalPolicy = props.removalPolicy ?? byProfile;
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
  if (family === 'mysql') acknowledge(cluster, MYSQL);
  if (props.cloudwatchLogsExports?.length) acknowledgeLogRetention(cluster);
  return cluster;
}

const MYSQL = {
  'AwsSolutions::AwsSolutions-RDS11':
    'the port of RDS Proxy is fixed, and security groups, not the port number, control access to the cluster',
  'AwsSolutions::AwsSolutions-RDS14':
    'Aurora Serverless v2 does not support backtrack; automatic backups restore to any second of their retention period',
};
const RETENTION = {
  'ProductionChecks::LP-F14': 'RDS creates the log groups itself, so only a custom resource can set their retention',
};
const RETENTION_FUNCTION = {
  'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
    'CDK creates the function, which writes its own log',
  'AwsSolutions::AwsSolutions-IAM5[Resource::*]': 'CDK creates the function, which sets the retention of log groups whose names only RDS knows',
};

function acknowledge(construct: IConstruct, reasons: Record<string, string>): void {
  for (const [id, reason] of Object.entries(reasons)) acknowledgeOwn(construct, id, reason);
}

function acknowledgeLogRetention(cluster: rds.DatabaseCluster): void {
  acknowledge(cluster, RETENTION);
  const shared = logRetentionFunctionOf(Stack.of(cluster));
  if (shared) acknowledge(shared, RETENTION_FUNCTION);
}

/** Advanced Database Insights requires the longest retention, on the cluster and on each instance. */
export function insightsRetention({ databaseInsightsMode }: DatabaseProps): rds.PerformanceInsightRetention | undefined {
  return databaseInsightsMode === rds.DatabaseInsightsMode.ADVANCED ? rds.PerformanceInsightRetention.MONTHS_15 : undefined;
}
