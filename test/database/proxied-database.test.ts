import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseCapacity, DatabasePrivilege, PrivateNetwork, ProxiedDatabase, type ProxiedDatabaseProps } from '../../src';
import { MYSQL, newDatabase, payIn, POSTGRES } from '../support/databases';
import { newStack } from '../support/plain-function';
import { grantedStatements, type Json, only, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

describe('by default', () => {
  let stack: Stack;
  let database: ProxiedDatabase;
  let pay: lambda.IFunction;
  beforeAll(() => {
    stack = newStack();
    new PrivateNetwork(stack, 'Network');
    database = newDatabase(stack);
    pay = payIn(stack);
    database.addUser('pay', { privileges: [DatabasePrivilege.readWrite()] });
    database.connect(pay, { user: 'pay', maxConcurrency: 100 });
  });

  test('the cluster is encrypted, protected and backed up, requires IAM and TLS, and RDS manages its password', () => {
    expect(only(stack, 'AWS::RDS::DBCluster')).toEqual({
      Type: 'AWS::RDS::DBCluster',
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        BackupRetentionPeriod: 7,
        CopyTagsToSnapshot: true,
        DBClusterParameterGroupName: expect.anything(),
        DBSubnetGroupName: expect.anything(),
        DatabaseName: 'app',
        DeletionProtection: true,
        EnableHttpEndpoint: true,
        EnableIAMDatabaseAuthentication: true,
        Engine: 'aurora-postgresql',
        EngineVersion: '16.6',
        ManageMasterUserPassword: true,
        MasterUsername: 'clusteradmin',
        Port: 5432,
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
        StorageEncrypted: true,
        VpcSecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^LedgerSecurityGroup/), 'GroupId'] }],
      },
    });
    expect(only(stack, 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({ 'rds.force_ssl': '1' });
  });

  test('the cluster has a writer, and a reader that can take over', () => {
    const instances = Object.entries(resourcesOf(stack)).filter(([, { Type }]) => Type === 'AWS::RDS::DBInstance');
    expect(instances.map(([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.DBInstanceClass, Properties.PromotionTier, Properties.PubliclyAccessible]))
      .toEqual([['LedgerClusterWriter', 'db.serverless', 0, false], ['LedgerClusterReader', 'db.serverless', 1, false]]);
  });

  test('the proxy requires TLS and IAM, and logs in to the database as the one user with IAM', () => {
    expect(only(stack, 'AWS::RDS::DBProxy').Properties).toMatchObject({ RequireTLS: true, DefaultAuthScheme: 'IAM_AUTH', EngineFamily: 'POSTGRESQL' });
    expect(only(stack, 'AWS::RDS::DBProxy').Properties.Auth ?? []).toEqual([]);
    expect(only(stack, 'AWS::RDS::DBProxyTargetGroup').Properties.ConnectionPoolConfigurationInfo)
      .toEqual({ ConnectionBorrowTimeout: 5, MaxConnectionsPercent: 80 });
    expect(only(stack, 'AWS::RDS::DBProxy').Properties.IdleClientTimeout).toBe(1_800);
    expect(only(stack, 'AWS::IAM::Policy', /^LedgerProxyRole/).Properties.PolicyDocument.Statement).toEqual([{
      Action: 'rds-db:connect',
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', expect.arrayContaining([{ 'Fn::GetAtt': [expect.stringMatching(/^LedgerCluster/), 'DBClusterResourceId'] }, '/pay'])] },
    }]);
  });

  test('the function may log in to the proxy as the one user only', () => {
    expect(grantedStatements(stack)).toEqual([{
      Action: 'rds-db:connect',
      Effect: 'Allow',
      Resource: {
        'Fn::Join': ['', [
          'arn:', { Ref: 'AWS::Partition' }, ':rds-db:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':dbuser:',
          { 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy/), 'DBProxyArn'] }] }] }, '/pay',
        ]],
      },
    }]);
  });

  test('the function gets the environment variables of the connection', () => {
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables).toMatchObject({
      PGHOST: { 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy/), 'Endpoint'] },
      PGPORT: '5432',
      PGDATABASE: 'app',
      PGUSER: 'pay',
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
    });
  });

  test('security group rules connect the function to the proxy and the proxy to the database only', () => {
    const rules = (type: string) => Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === `AWS::EC2::SecurityGroup${type}`)
      .map(({ Properties: p }) => [p.GroupId['Fn::GetAtt'][0].slice(0, -8), (p.SourceSecurityGroupId ?? p.DestinationSecurityGroupId)['Fn::GetAtt'][0].slice(0, -8), p.FromPort, p.ToPort]);
    const port = (rule: unknown[]) => rule[2] === 5432 || typeof rule[2] === 'object';
    expect(rules('Ingress').filter(port).map(rule => rule.slice(0, 2))).toEqual([['LedgerSecurityGroup', 'LedgerProxySecurityGroup'], ['LedgerProxySecurityGroup', 'PaySecurityGroup']]);
    expect(rules('Egress').filter(port).map(rule => rule.slice(0, 2))).toEqual([['LedgerProxySecurityGroup', 'LedgerSecurityGroup'], ['PaySecurityGroup', 'LedgerProxySecurityGroup']]);
    expect(JSON.stringify(resourcesOf(stack))).not.toContain('0.0.0.0/0');
  });

  test('the function is deployed after the user, without a circular dependency', () => {
    const resources = resourcesOf(stack);
    const user = Object.keys(resources).find(id => resources[id].Type === 'Custom::DatabaseUser')!;
    expect(resources[Object.keys(resources).find(id => id.startsWith('Pay') && resources[id].Type === 'AWS::Lambda::Function')!].DependsOn).toContain(user);
    expectNoCycle(stack);
  });

  test('stateful resources retain their logical ids', () => {
    const ids = (type: string) => Object.keys(resourcesOf(stack)).filter(id => resourcesOf(stack)[id].Type === `AWS::RDS::${type}`);
    expect([...ids('DBCluster'), ...ids('DBInstance'), ...ids('DBSubnetGroup')])
      .toEqual(['LedgerClusterB694961F', 'LedgerClusterWriter8A9916C6', 'LedgerClusterReaderA24A142E', 'LedgerClusterSubnets3D807F6C']);
  });

  test('the budget contains the function', () => {
    expect(database.budget.toTable()).toBe('Stack/Pay  100 × 1  100\n100 connections of 1335 (80 % of 1669)');
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('props', () => {
  const cluster = (props: Partial<ProxiedDatabaseProps>) => {
    const stack = newStack();
    newDatabase(stack, props);
    return only(stack, 'AWS::RDS::DBCluster');
  };
  const pool = (props: Partial<ProxiedDatabaseProps>) => {
    const stack = newStack();
    newDatabase(stack, props);
    return { ...only(stack, 'AWS::RDS::DBProxyTargetGroup').Properties.ConnectionPoolConfigurationInfo, ...only(stack, 'AWS::RDS::DBProxy').Properties };
  };

  test('engine MySQL sets the port, the variables and the TLS parameter of MySQL', () => {
    const stack = newStack();
    const database = newDatabase(stack, { engine: MYSQL, sessionPinningFilters: [rds.SessionPinningFilter.EXCLUDE_VARIABLE_SETS] });
    database.connect(payIn(stack), { user: 'pay', maxConcurrency: 1 });
    expect(only(stack, 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({ require_secure_transport: 'ON' });
    expect(only(stack, 'AWS::RDS::DBProxyTargetGroup').Properties.ConnectionPoolConfigurationInfo.SessionPinningFilters).toEqual(['EXCLUDE_VARIABLE_SETS']);
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables)
      .toMatchObject({ MYSQL_HOST: expect.anything(), MYSQL_PORT: '3306', MYSQL_DATABASE: 'app', MYSQL_USER: 'pay' });
    expect(database.budget.available).toBe(800);
  });

  test.each<[Partial<ProxiedDatabaseProps>, Json]>([
    [{ databaseName: 'ledger' }, { DatabaseName: 'ledger' }],
    [{ masterUsername: 'boss' }, { MasterUsername: 'boss' }],
    [{ backupRetention: Duration.days(35) }, { BackupRetentionPeriod: 35 }],
    [{ deletionProtection: false }, { DeletionProtection: false }],
    [{ removalPolicy: RemovalPolicy.DESTROY }, { DeletionProtection: false }],
    [{ capacity: DatabaseCapacity.serverless({ min: 0.5, max: 256 }) }, { ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 256 } }],
  ])('%j is set on the cluster', (props, expected) => {
    expect(cluster(props).Properties).toMatchObject(expected);
  });

  test.each<[Partial<ProxiedDatabaseProps>, Json]>([
    [{ borrowTimeout: Duration.seconds(0) }, { ConnectionBorrowTimeout: 0 }],
    [{ borrowTimeout: Duration.seconds(300) }, { ConnectionBorrowTimeout: 300 }],
    [{ maxConnectionsPercent: 1 }, { MaxConnectionsPercent: 1 }],
    [{ maxConnectionsPercent: 100 }, { MaxConnectionsPercent: 100 }],
    [{ idleClientTimeout: Duration.hours(8) }, { IdleClientTimeout: 28_800 }],
  ])('%j is set on the proxy', (props, expected) => {
    expect(pool(props)).toMatchObject(expected);
  });

  test('removalPolicy DESTROY is set on the cluster', () => {
    expect(cluster({ removalPolicy: RemovalPolicy.DESTROY }).DeletionPolicy).toBe('Delete');
  });

  test('encryptionKey encrypts the storage and the secret', () => {
    const stack = newStack();
    newDatabase(stack, { encryptionKey: new kms.Key(stack, 'Key') });
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(only(stack, 'AWS::RDS::DBCluster').Properties).toMatchObject({ KmsKeyId: key, MasterUserSecret: { KmsKeyId: key } });
  });

  test('parameters are added to the parameter that forces TLS', () => {
    const stack = newStack();
    newDatabase(stack, { parameters: { log_min_duration_statement: '500' } });
    expect(only(stack, 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({ 'log_min_duration_statement': '500', 'rds.force_ssl': '1' });
  });

  test('vpcSubnets selects subnets, and a VPC without isolated subnets uses private ones', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    new ProxiedDatabase(stack, 'Private', { engine: POSTGRES, vpc });
    new ProxiedDatabase(stack, 'Public', { engine: POSTGRES, vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    const subnets = (id: RegExp) => JSON.stringify(only(stack, 'AWS::RDS::DBSubnetGroup', id).Properties.SubnetIds);
    expect([subnets(/^Private/), subnets(/^Public/)]).toEqual([expect.stringMatching(/VpcPrivate/), expect.stringMatching(/VpcPublic/)]);
  });

  test.each([[0, 1], [2, 3]])('readers %i creates %i instances', (readers, count) => {
    const stack = newStack();
    newDatabase(stack, { readers });
    Template.fromStack(stack).resourceCountIs('AWS::RDS::DBInstance', count);
  });

  test('a provisioned capacity sets the instance type, and its alarm watches the memory', () => {
    const stack = newStack();
    const capacity = DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE));
    const database = newDatabase(stack, { capacity });
    Template.fromStack(stack).allResourcesProperties('AWS::RDS::DBInstance', Match.objectLike({ DBInstanceClass: 'db.r8g.large' }));
    expect(only(stack, 'AWS::RDS::DBCluster').Properties.ServerlessV2ScalingConfiguration).toBeUndefined();
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsCapacity/).Properties)
      .toMatchObject({ MetricName: 'FreeableMemory', Threshold: 536_870_912, ComparisonOperator: 'LessThanThreshold' });
    expect(database.budget.available).toBe(1_441);
  });

  test('maxConnections overrides the number that Aurora derives', () => {
    expect(newDatabase(newStack(), { maxConnections: 50 }).budget.available).toBe(40);
  });
});

test('grantConnect allows a role and an imported role to log in as one user', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  database.grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), 'report');
  database.grantConnect(iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/r'), 'report');
  const users = Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Action }) => Action === 'rds-db:connect').map(({ Resource }) => Resource['Fn::Join'][1].at(-1));
  expect(users).toEqual(['/report', '/report', '/report']); // the proxy and the two roles
});

test('metrics have the name of the proxy as dimension', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  const pinned = database.metricPinnedSessions({ period: Duration.minutes(1) });
  expect([pinned.namespace, pinned.metricName, pinned.statistic, pinned.period.toSeconds()]).toEqual(['AWS/RDS', 'DatabaseConnectionsCurrentlySessionPinned', 'Maximum', 60]);
  expect(stack.resolve(pinned.dimensions)).toEqual({ ProxyName: stack.resolve(database.proxy.dbProxyName) });
  expect(database.metricProxy('QueryRequests').metricName).toBe('QueryRequests');
});

test.each([[99, 0], [100, 1]])('maxConnectionsPercent %i raises %i warnings', (maxConnectionsPercent, count) => {
  const stack = newStack();
  newDatabase(stack, { maxConnectionsPercent });
  expect(warningsOf(stack).filter(w => w.includes('ProxiedDatabase.noConnectionsLeft'))).toHaveLength(count);
});

describe('budget', () => {
  test('a warning names a function with unlimited concurrency', () => {
    const stack = newStack();
    newDatabase(stack).connect(payIn(stack), { user: 'pay' });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(
      /the number of connections of these functions is unlimited: Stack\/Pay; reserve concurrency, .*ConnectionBudget.unboundedConcurrency/)]);
  });

  test.each([[1_335, false], [1_336, true]])('a reserved concurrency of %i exceeds 1,335 connections: %s', (reservedConcurrentExecutions, fails) => {
    const stack = newStack();
    newDatabase(stack).connect(payIn(stack, { reservedConcurrentExecutions }), { user: 'pay' });
    const synth = () => Template.fromStack(stack);
    if (!fails) return expect(synth).not.toThrow();
    return expect(synth).toThrow('[Stack/Ledger] the functions together must open at most 1335 connections (80 % of 1669), got 1336 (Stack/Pay 1336 × 1 = 1336); '
      + 'lower the concurrency of the functions or raise the capacity');
  });
});
