import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Resources, Subject } from './subject';
import { DataApiDatabase, DatabaseCapacity, DatabasePrivilege, ProxiedDatabase } from '../../src';

const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });
const PROVISIONED = 'provisioned';

function networkOf(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
}

/** The plain cluster with the plain proxy, with what both require. */
function plain(stack: Stack): void {
  const vpc = networkOf(stack);
  const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', { engine, vpc, vpcSubnets, writer: rds.ClusterInstance.serverlessV2('Writer') });
  cluster.addProxy('Proxy', { vpc, vpcSubnets, secrets: [cluster.secret!] });
}

const cluster = (r: Resources) => r.props('RDS::DBCluster', 'Cluster');
const capacity = (r: Resources) => cluster(r)?.ServerlessV2ScalingConfiguration;
const proxy = (r: Resources) => r.props('RDS::DBProxy', 'Proxy');
const pool = (r: Resources) => r.props('RDS::DBProxyTargetGroup')?.ConnectionPoolConfigurationInfo;
const NO_ALARM = { unset: 'no alarm' };

const CLUSTER_ALARMS = {
  connectionsThreshold: { read: (r: Resources) => r.alarm('AlarmsConnections')?.Threshold, ...NO_ALARM },
  cpuThreshold: { read: (r: Resources) => r.alarm('AlarmsCpu')?.Threshold, ...NO_ALARM },
  capacityThreshold: { read: (r: Resources) => r.alarm('AlarmsCapacity')?.Threshold, ...NO_ALARM },
  deadlocksThreshold: { read: (r: Resources) => r.alarm('AlarmsDeadlocks')?.Threshold, ...NO_ALARM },
  alarmEvaluationPeriods: { read: (r: Resources) => r.alarm('AlarmsCpu')?.EvaluationPeriods, ...NO_ALARM },
  alarmDatapoints: { read: (r: Resources) => r.alarm('AlarmsCpu')?.DatapointsToAlarm, ...NO_ALARM },
};

const CLUSTER = {
  databaseName: { read: (r: Resources) => cluster(r).DatabaseName, unset: 'none' },
  masterUsername: { read: (r: Resources) => [cluster(r).MasterUsername].find(name => typeof name === 'string'), unset: 'admin, on PostgreSQL postgres' },
  forceTls: { read: (r: Resources) => (r.props('RDS::DBClusterParameterGroup')?.Parameters['rds.force_ssl'] === '1') },
};

export const DATABASES: Record<string, Subject> = {
  DatabaseUser: {
    ours: stack => new ProxiedDatabase(stack, 'Ledger', { engine, vpc: networkOf(stack) }).addUser('pay', { privileges: [DatabasePrivilege.readOnly()] }),
    plain,
    contains: ['ProxiedDatabase', 'DataApiDatabase', 'ProductionFunction', 'Alarm'],
    probes: {
      memorySize: { read: r => r.props('Lambda::Function', 'DatabaseUsers')?.MemorySize, unset: 'no login' },
      timeoutSeconds: { read: r => r.props('Lambda::Function', 'DatabaseUsers')?.Timeout, unset: 'no login' },
      logRetentionDays: { read: r => r.props('Logs::LogGroup', 'DatabaseUsers')?.RetentionInDays, unset: 'no login' },
      logRemovalPolicy: { read: r => r.first('Logs::LogGroup', 'DatabaseUsers')?.DeletionPolicy, unset: 'no login' },
    },
  },
  ProxiedDatabase: {
    ours: (stack, build) => new ProxiedDatabase(stack, 'Ledger', {
      engine,
      vpc: networkOf(stack),
      capacity: build === PROVISIONED ? DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE)) : undefined,
    }),
    plain,
    contains: ['DataApiDatabase', 'Alarm'],
    probes: {
      minCapacity: { read: r => capacity(r).MinCapacity },
      maxCapacity: { read: r => capacity(r).MaxCapacity },
      readers: { read: r => ['Reader', 'Reader2'].filter(id => r.props('RDS::DBInstance', `${id}`)).length },
      performanceInsightsDays: { read: r => r.props('RDS::DBInstance')?.PerformanceInsightsRetentionPeriod, unset: '7 days' },
      ...CLUSTER,
      iamAuthentication: { read: r => cluster(r).EnableIAMDatabaseAuthentication, unset: 'false' },
      proxyAuthScheme: { read: r => proxy(r).DefaultAuthScheme, unset: 'NONE, with secrets' },
      requireTLS: { read: r => proxy(r).RequireTLS },
      maxConnectionsPercent: { read: r => pool(r).MaxConnectionsPercent, unset: '100 %' },
      borrowTimeoutSeconds: { read: r => pool(r).ConnectionBorrowTimeout, unset: '120 s' },
      idleClientTimeoutSeconds: { read: r => proxy(r).IdleClientTimeout, unset: '1,800 s' },
      ...CLUSTER_ALARMS,
      borrowLatencyMillis: { read: r => r.alarm('AlarmsBorrowLatency')?.Threshold / 1_000 || undefined, ...NO_ALARM },
      queryLatencyMillis: { read: r => r.alarm('AlarmsQueryLatency')?.Threshold / 1_000 || undefined, ...NO_ALARM },
      pinnedThreshold: { read: r => r.alarm('AlarmsPinnedSessions')?.Threshold, ...NO_ALARM },
      failedLoginsThreshold: { read: r => r.alarm('AlarmsFailedLogins')?.Threshold, ...NO_ALARM },
      freeableMemoryMib: { read: r => r.alarm('AlarmsCapacity')?.Threshold / 2 ** 20 || undefined, build: PROVISIONED, ...NO_ALARM },
    },
  },
  DataApiDatabase: {
    ours: stack => new DataApiDatabase(stack, 'Reports', { engine, vpc: networkOf(stack) }),
    plain,
    contains: ['ProxiedDatabase', 'Alarm'],
    probes: {
      minCapacity: { read: r => capacity(r).MinCapacity },
      maxCapacity: { read: r => capacity(r).MaxCapacity },
      autoPauseSeconds: { read: r => capacity(r).SecondsUntilAutoPause, unset: '300 s' },
      ...CLUSTER,
      enableDataApi: { read: r => cluster(r).EnableHttpEndpoint, unset: 'false' },
      manageMasterUserPassword: { read: r => cluster(r).ManageMasterUserPassword, unset: 'false' },
      storageEncrypted: { read: r => cluster(r).StorageEncrypted || undefined, unset: 'false' },
      backupRetentionDays: { read: r => cluster(r).BackupRetentionPeriod, unset: '1 day' },
      ...CLUSTER_ALARMS,
      connectionsThreshold: { read: r => Math.round((100 * r.alarm('AlarmsClusterConnections')?.Threshold) / 823) || undefined, ...NO_ALARM },
      deletionProtection: { read: r => cluster(r).DeletionProtection, unset: 'false' },
      removalPolicy: { read: r => r.first('RDS::DBCluster', 'Cluster').DeletionPolicy },
    },
  },
};
