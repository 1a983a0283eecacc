import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DataApiDatabase, type DataApiDatabaseProps, PrivateNetwork } from '../../src';
import { findingsOf } from '../support/findings';
import { newStack, plainFunction } from '../support/plain-function';
import { grantedStatements, only, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });

function newDatabase(stack: Stack, props: Partial<DataApiDatabaseProps> = {}): DataApiDatabase {
  const vpc = props.vpc ?? ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  return new DataApiDatabase(stack, 'Reports', { engine: POSTGRES, ...props, vpc });
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

  test('one instance that nobody outside can reach, and no proxy', () => {
    expect(only(stack, 'AWS::RDS::DBInstance').Properties).toMatchObject({ DBInstanceClass: 'db.serverless', PubliclyAccessible: false });
    expect(Object.values(resourcesOf(stack)).filter(({ Type }) => Type.startsWith('AWS::RDS::DBProxy'))).toEqual([]);
    expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress).toBeUndefined();
  });

  test('the function may run statements on this cluster and read its one secret', () => {
    const cluster = Object.keys(resourcesOf(stack)).find(id => resourcesOf(stack)[id].Type === 'AWS::RDS::DBCluster')!;
    const statements = grantedStatements(stack);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'rds-data:BatchExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction',
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue',
    ]);
    for (const { Resource } of statements) expect(JSON.stringify(Resource)).toContain(cluster);
  });

  test('the function is told cluster, secret and database, and stays outside of the VPC', () => {
    const { Environment, VpcConfig } = only(stack, 'AWS::Lambda::Function', /^Pay/).Properties;
    expect(Environment.Variables).toMatchObject({ DATABASE_CLUSTER_ARN: expect.anything(), DATABASE_SECRET_ARN: expect.anything(), DATABASE_NAME: 'app' });
    expect(VpcConfig).toBeUndefined();
    expectNoCycle(stack);
  });

  test('what holds data keeps its logical id', () => {
    const ids = Object.keys(resourcesOf(stack)).filter(id => /^AWS::RDS::DB(Cluster|Instance)$/.test(resourcesOf(stack)[id].Type));
    expect(ids).toEqual(['ReportsCluster5537EFF9', 'ReportsClusterWriter6BB7D930']);
  });
});

test('there is nothing open in strict validation, AwsSolutions and Serverless', () => {
  const { open } = findingsOf(props => {
    const app = new App(props);
    const stack = new Stack(app, 'Stack');
    newDatabase(stack, { vpc: new PrivateNetwork(stack, 'Network') }).connect(production(stack, { timeout: Duration.seconds(60) }));
    return app;
  }, { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true });
  expect(open.filter(({ path }) => path.startsWith('Stack/Reports'))).toEqual([]);
});

describe('props', () => {
  test('autoPause says when it pauses', () => {
    expect(clusterOf({ autoPause: Duration.hours(1) }).Properties.ServerlessV2ScalingConfiguration.SecondsUntilAutoPause).toBe(3_600);
  });

  test('minCapacity above 0 never pauses', () => {
    expect(clusterOf({ minCapacity: 0.5, maxCapacity: 1 }).Properties.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 0.5, MaxCapacity: 1 });
  });

  test('removalPolicy DESTROY ends the protection', () => {
    expect(clusterOf({ removalPolicy: RemovalPolicy.DESTROY })).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
  });

  test('databaseInsightsMode ADVANCED keeps 15 months', () => {
    expect(clusterOf({ databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED }).Properties).toMatchObject({ DatabaseInsightsMode: 'advanced', PerformanceInsightsRetentionPeriod: 465 });
  });

  test('environmentPrefix keeps two databases of one function apart', () => {
    const stack = newStack();
    const fn = plainFunction(stack, 'Pay');
    const database = newDatabase(stack);
    database.connect(fn);
    expect(() => database.connect(fn)).toThrow(/'DATABASE_CLUSTER_ARN' must not be in the environment of Stack\/Pay/);
    database.connect(fn, { environmentPrefix: 'OLD_' });
    expect(Object.keys(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables)).toEqual(expect.arrayContaining(['DATABASE_NAME', 'OLD_DATABASE_NAME']));
  });
});

test.each(['Data', 'Keys'])('a key of %s, where the function is in another stack, makes no circle, and decrypts for Secrets Manager only', home => {
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

test('nobody outside of the VPC reaches an instance in a public subnet', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
  newDatabase(stack, { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
  expect(only(stack, 'AWS::RDS::DBInstance').Properties.PubliclyAccessible).toBe(false);
});

test('grantDataApiAccess lets a role and a user in', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  database.grantDataApiAccess(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('states.amazonaws.com') }));
  database.grantDataApiAccess(new iam.User(stack, 'User'));
  expect(Object.values(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::IAM::Policy')).toHaveLength(2);
});

describe('fails when', () => {
  test.each<[string, Partial<DataApiDatabaseProps>]>([
    ["'autoPause' must be between 300 and 86400, got 299; it is a number of seconds", { autoPause: Duration.seconds(299) }],
    ["'autoPause' must be between 300 and 86400, got 86401; it is a number of seconds", { autoPause: Duration.seconds(86_401) }],
    ["'autoPause' must go with a 'minCapacity' of 0, got 0.5, with which Aurora never pauses; leave one out", { minCapacity: 0.5, autoPause: Duration.minutes(10) }],
    ["'minCapacity' must be at least 0.5 with aurora-postgresql 15.3, got 0; take 13.15, 14.12, 15.7, 16.3 or later, which pause",
      { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('15.3', '15') }) }],
    ["'minCapacity' must be between 0 and 256, got -1; it is a number of capacity units", { minCapacity: -1 }],
    ["'maxCapacity' must be between 1 and 256, got 0.5; it is a number of capacity units", { maxCapacity: 0.5 }],
    ["'minCapacity' must be at most 'maxCapacity', got 8 and 4; lower it or raise the other", { minCapacity: 8 }],
    ["'engine' must be Aurora PostgreSQL or Aurora MySQL, got 'aurora'; use rds.DatabaseClusterEngine.auroraPostgres()", { engine: rds.DatabaseClusterEngine.AURORA }],
  ])('%s', (text, props) => {
    const stack = newStack();
    expect(() => newDatabase(stack, props)).toThrow(new Error(`${text} (at Stack/Reports)`));
    expect(stack.node.findChild('Reports').node.children).toEqual([]);
  });

  test.each([[300], [86_400]])('%i s of autoPause are accepted', seconds => {
    expect(() => newDatabase(newStack(), { autoPause: Duration.seconds(seconds) })).not.toThrow();
  });

  test('tokens pass every guard', () => {
    const number = Token.asNumber({ Ref: 'Number' });
    expect(() => newDatabase(newStack(), { minCapacity: number, maxCapacity: number, autoPause: Duration.seconds(number) })).not.toThrow();
  });

  test('a function was imported', () => {
    const stack = newStack();
    const fn = lambda.Function.fromFunctionArn(stack, 'Pay', 'arn:aws:lambda:eu-west-1:111122223333:function:f');
    expect(() => newDatabase(stack).connect(fn)).toThrow(new Error("'fn' must be a function of this app, got the imported Stack/Pay; set its environment where it is made (at Stack/Reports)"));
  });
});
