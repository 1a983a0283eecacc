import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DataApiDatabase, type DataApiDatabaseProps, DatabaseCapacity, type ServerlessCapacityOptions } from '../../src';
import { networkOf } from '../support/databases';
import { newStack, plainFunction } from '../support/plain-function';
import { grantedStatements, only, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });

function newDatabase(stack: Stack, props: Partial<DataApiDatabaseProps> = {}): DataApiDatabase {
  return new DataApiDatabase(stack, 'Reports', { engine: POSTGRES, vpc: networkOf(stack), ...props });
}
const clusterOf = (props: Partial<DataApiDatabaseProps>) => {
  const stack = newStack();
  newDatabase(stack, props);
  return only(stack, 'AWS::RDS::DBCluster');
};

describe('by default', () => {
  let stack: Stack;
  beforeAll(() => {
    stack = newStack();
    newDatabase(stack).connect(production(stack));
  });

  test('the cluster pauses, has the Data API, and is encrypted, protected and backed up', () => {
    expect(only(stack, 'AWS::RDS::DBCluster')).toMatchObject({
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        BackupRetentionPeriod: 7,
        DeletionProtection: true,
        EnableHttpEndpoint: true,
        ManageMasterUserPassword: true,
        ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 600 },
        StorageEncrypted: true,
      },
    });
    expect(only(stack, 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({ 'rds.force_ssl': '1' });
  });

  test('the cluster has one instance without a public address, and no proxy', () => {
    expect(only(stack, 'AWS::RDS::DBInstance').Properties).toMatchObject({ DBInstanceClass: 'db.serverless', PubliclyAccessible: false });
    expect(Object.values(resourcesOf(stack)).filter(({ Type }) => Type.startsWith('AWS::RDS::DBProxy'))).toEqual([]);
    expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress).toBeUndefined();
  });

  test('the function may run statements on this cluster and read its secret', () => {
    const cluster = Object.keys(resourcesOf(stack)).find(id => resourcesOf(stack)[id].Type === 'AWS::RDS::DBCluster')!;
    const statements = grantedStatements(stack);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'rds-data:BatchExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction',
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue',
    ]);
    for (const { Resource } of statements) expect(JSON.stringify(Resource)).toContain(cluster);
  });

  test('the function gets the variables of cluster, secret and database, and is outside the VPC', () => {
    const { Environment, VpcConfig } = only(stack, 'AWS::Lambda::Function', /^Pay/).Properties;
    expect(Environment.Variables).toMatchObject({ DATABASE_CLUSTER_ARN: expect.anything(), DATABASE_SECRET_ARN: expect.anything(), DATABASE_NAME: 'app' });
    expect(VpcConfig).toBeUndefined();
    expectNoCycle(stack);
  });

  test('four alarms watch the cluster', () => {
    const alarms = Object.entries(resourcesOf(stack)).filter(([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.startsWith('Reports'));
    expect(Object.fromEntries(alarms.map(([id, { Properties: p }]) => [id.slice('ReportsAlarms'.length, -8), [p.MetricName, p.Threshold]]))).toEqual({
      ClusterConnections: ['DatabaseConnections', 740],
      Cpu: ['CPUUtilization', 80],
      Capacity: ['ACUUtilization', 90],
      Deadlocks: ['Deadlocks', 0],
    });
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({
        Dimensions: [{ Name: 'DBClusterIdentifier', Value: { Ref: 'ReportsCluster5537EFF9' } }],
        EvaluationPeriods: 5,
        DatapointsToAlarm: 3,
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.stringContaining('Stack/Reports'),
      });
    }
  });

  test('stateful resources retain their logical ids', () => {
    const ids = Object.keys(resourcesOf(stack)).filter(id => /^AWS::RDS::DB(Cluster|Instance)$/.test(resourcesOf(stack)[id].Type));
    expect(ids).toEqual(['ReportsCluster5537EFF9', 'ReportsClusterWriter6BB7D930']);
  });
});

const PATHS = { cpuAlarm: 'Cpu', capacityAlarm: 'Capacity', clusterConnectionsAlarm: 'ClusterConnections', deadlocksAlarm: 'Deadlocks' };

describe('props', () => {
  test('capacity.autoPause sets the idle time before a pause', () => {
    const capacity = DatabaseCapacity.serverless({ autoPause: Duration.hours(1) });
    expect(clusterOf({ capacity }).Properties.ServerlessV2ScalingConfiguration.SecondsUntilAutoPause).toBe(3_600);
  });

  test('capacity.min above 0 disables auto-pause', () => {
    const capacity = DatabaseCapacity.serverless({ min: 0.5, max: 1 });
    expect(clusterOf({ capacity }).Properties.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 0.5, MaxCapacity: 1 });
  });

  test('capacity uses the defaults of this database, not those of a ProxiedDatabase', () => {
    expect(clusterOf({ capacity: DatabaseCapacity.serverless() }).Properties.ServerlessV2ScalingConfiguration)
      .toEqual({ MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 600 });
    expect(clusterOf({ capacity: DatabaseCapacity.serverless({ max: 8 }) }).Properties.ServerlessV2ScalingConfiguration)
      .toEqual({ MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 600 });
  });

  test('removalPolicy DESTROY disables deletion protection', () => {
    expect(clusterOf({ removalPolicy: RemovalPolicy.DESTROY })).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
  });

  test('databaseInsightsMode ADVANCED retains 15 months', () => {
    expect(clusterOf({ databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED }).Properties).toMatchObject({ DatabaseInsightsMode: 'advanced', PerformanceInsightsRetentionPeriod: 465 });
  });

  test.each(['cpuAlarm', 'capacityAlarm', 'clusterConnectionsAlarm', 'deadlocksAlarm'] as const)('%s is a property of the database', alarm => {
    const stack = newStack();
    expect(newDatabase(stack)[alarm]).toBe(stack.node.findAll().find(({ node }) => node.path === `Stack/Reports/Alarms/${PATHS[alarm]}`));
  });

  test('a capacity that is a token has no alarm on connections', () => {
    const capacity = DatabaseCapacity.serverless({ max: Token.asNumber({ Ref: 'Max' }) });
    expect(newDatabase(newStack(), { capacity }).clusterConnectionsAlarm).toBeUndefined();
  });

  test('environmentPrefix separates two databases of one function', () => {
    const stack = newStack();
    const fn = plainFunction(stack, 'Pay');
    const database = newDatabase(stack);
    database.connect(fn);
    expect(() => database.connect(fn)).toThrow(/'DATABASE_CLUSTER_ARN' must not be in the environment of Stack\/Pay/);
    database.connect(fn, { environmentPrefix: 'OLD_' });
    expect(Object.keys(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables)).toEqual(expect.arrayContaining(['DATABASE_NAME', 'OLD_DATABASE_NAME']));
  });
});

test.each(['Data', 'Keys'])('a KMS key in the stack %s creates no circular dependency, and decrypts for Secrets Manager only', home => {
  const app = new App();
  const stacks = Object.fromEntries(['Keys', 'Data', 'Work'].map(id => [id, new Stack(app, id)]));
  newDatabase(stacks.Data, { encryptionKey: new kms.Key(stacks[home], 'Key') }).connect(production(stacks.Work));
  expect(() => app.synth()).not.toThrow();
  expect(grantedStatements(stacks.Work)).toContainEqual({
    Action: 'kms:Decrypt',
    Effect: 'Allow',
    Resource: { 'Fn::ImportValue': expect.stringContaining('Key') },
    Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
  });
});

test('an instance in a public subnet is not publicly accessible', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
  newDatabase(stack, { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
  expect(only(stack, 'AWS::RDS::DBInstance').Properties.PubliclyAccessible).toBe(false);
});

test('grantConnect grants a role and a user access', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  database.grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') }));
  database.grantConnect(new iam.User(stack, 'User'));
  expect(Object.values(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::IAM::Policy')).toHaveLength(2);
});

describe('fails when', () => {
  const serverless = (options: ServerlessCapacityOptions) => ({ capacity: DatabaseCapacity.serverless(options) });

  test.each<[string, Partial<DataApiDatabaseProps>]>([
    ["'capacity.autoPause' must be between 5 minutes and 1 day, got 4 minutes 59 seconds; raise it", serverless({ autoPause: Duration.seconds(299) })],
    ["'capacity.autoPause' must be between 5 minutes and 1 day, got 1 day 1 second; lower it", serverless({ autoPause: Duration.seconds(86_401) })],
    ["'capacity.autoPause' must be set only with a 'capacity.min' of 0, got 0.5; Aurora pauses at 0 only, remove one",
      serverless({ min: 0.5, autoPause: Duration.minutes(10) })],
    ["'capacity.min' must be at least 0.5 with aurora-postgresql 15.3, got 0; raise it, or use version 13.15, 14.12, 15.7, 16.3 or later, which can pause",
      { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('15.3', '15') }) }],
    ["'capacity.min' must be between 0 and 256, got -1; it is a number of capacity units", serverless({ min: -1 })],
    ["'capacity.max' must be between 1 and 256, got 0.5; it is a number of capacity units", serverless({ max: 0.5 })],
    ["'capacity.min' must be at most 'capacity.max', got 8 and 4; lower it or raise 'capacity.max'", serverless({ min: 8 })],
    ["'capacity' must be serverless, got instances of type r8g.large; use DatabaseCapacity.serverless()",
      { capacity: DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE)) }],
    ["'engine' must be Aurora PostgreSQL or Aurora MySQL, got 'aurora'; use rds.DatabaseClusterEngine.auroraPostgres()", { engine: rds.DatabaseClusterEngine.AURORA }],
  ])('%s', (text, props) => {
    const stack = newStack();
    expect(() => newDatabase(stack, props)).toThrow(new Error(`${text} (at Stack/Reports)`));
    expect(stack.node.findChild('Reports').node.children).toEqual([]);
  });

  test.each([[300], [86_400]])('an autoPause of %i s is accepted', seconds => {
    expect(() => newDatabase(newStack(), serverless({ autoPause: Duration.seconds(seconds) }))).not.toThrow();
  });

  test('the capacity accepts tokens', () => {
    const number = Token.asNumber({ Ref: 'Number' });
    expect(() => newDatabase(newStack(), serverless({ min: number, max: number, autoPause: Duration.seconds(number) }))).not.toThrow();
  });

  test('the function is imported', () => {
    const stack = newStack();
    const fn = lambda.Function.fromFunctionArn(stack, 'Pay', 'arn:aws:lambda:eu-west-1:111122223333:function:f');
    expect(() => newDatabase(stack).connect(fn)).toThrow(new Error("'fn' must be a function of this app, got the imported Stack/Pay; set its environment in the app that defines it (at Stack/Reports)"));
  });
});
