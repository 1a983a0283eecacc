import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseCapacity, Profile, ProxiedDatabase, type ProxiedDatabaseProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { only, resourcesOf } from '../support/production-function';

const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 });
const MYSQL = rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 });

function newDatabase(props: Partial<ProxiedDatabaseProps> = {}, stack = newStack()) {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  return { stack, vpc, database: new ProxiedDatabase(stack, 'Ledger', { engine: POSTGRES, vpc, ...props }) };
}

test('logs go to CloudWatch Logs where they are named, and are kept as long as is said', () => {
  const { stack } = newDatabase({ engine: MYSQL, cloudwatchLogsExports: ['error', 'slowquery'], cloudwatchLogsRetention: logs.RetentionDays.ONE_MONTH });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties.EnableCloudwatchLogsExports).toEqual(['error', 'slowquery']);
  const retained = Object.values<any>(resourcesOf(stack)).filter(({ Type }) => Type === 'Custom::LogRetention');
  expect(retained.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30]);
});

test.each([['production', 30], ['sandbox', 7]])('logs that are named are kept as long as others in a %s: %i days', (kind, days) => {
  const stack = newStack();
  if (kind === 'sandbox') Profile.sandbox({ owner: 'ana' }).applyTo(stack);
  newDatabase({ cloudwatchLogsExports: ['postgresql'] }, stack);
  expect(only(stack, 'Custom::LogRetention').Properties.RetentionInDays).toBe(days);
});

test.each([
  [DatabaseCapacity.serverless()],
  [DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE))],
])('advanced insights keep 15 months', capacity => {
  const { stack } = newDatabase({ capacity, databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties).toMatchObject({ DatabaseInsightsMode: 'advanced', PerformanceInsightsEnabled: true, PerformanceInsightsRetentionPeriod: 465 });
});

test('in a sandbox the cluster goes with its stack', () => {
  const stack = newStack();
  Profile.sandbox({ owner: 'ana' }).applyTo(stack);
  newDatabase({}, stack);
  expect(only(stack, 'AWS::RDS::DBCluster')).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false, BackupRetentionPeriod: 1 } });
});

test('standard insights are stated where they are chosen', () => {
  const { stack } = newDatabase({ databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD });
  expect(only(stack, 'AWS::RDS::DBCluster').Properties.DatabaseInsightsMode).toBe('standard');
});

test.each<[string, Partial<ProxiedDatabaseProps>]>([
  ["'cloudwatchLogsExports' must be among postgresql, iam-db-auth-error, instance, got slowquery; leave it out", { cloudwatchLogsExports: ['postgresql', 'slowquery'] }],
  ["'cloudwatchLogsRetention' must go with 'cloudwatchLogsExports', got none; name the logs or leave it out", { cloudwatchLogsRetention: logs.RetentionDays.ONE_DAY }],
])('fails when %s', (text, props) => {
  expect(() => newDatabase(props)).toThrow(new Error(`${text} (at Stack/Ledger)`));
});

describe('a function', () => {
  const connect = (home: 'same' | 'another' | 'imported') => () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const { database, vpc: imported } = newDatabase({ vpc }, stack);
    const other = home === 'another' ? new ec2.Vpc(stack, 'Other', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] }) : imported;
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    database.connect(plainFunction(stack, 'Pay', { vpc: home === 'same' ? vpc : other, vpcSubnets }), { user: 'pay' });
  };

  test.each(['same', 'imported'] as const)('in the %s VPC is connected', home => expect(connect(home)).not.toThrow());

  test('fails when it is in another VPC, where security groups can\'t let it in', () => {
    expect(connect('another')).toThrow(new Error("'fn' must be in the VPC of the database, got Stack/Pay, which is in another; give it the 'vpc' of the database (at Stack/Ledger)"));
  });
});
