import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { MYSQL, POSTGRES, networkOf, newDatabase, payIn } from './support';
import { DatabaseCapacity, Privilege, PrivateNetwork, ProxiedDatabase, type ProxiedDatabaseProps } from '../../src';
import { findingsOf } from '../support/findings';
import { newStack } from '../support/plain-function';
import { grantedStatements, type Json, only, production, resourcesOf } from '../support/production-function';
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
    database.addUser('pay', { privileges: [Privilege.readWrite()] });
    database.connect(pay, { user: 'pay', maxConcurrency: 100 });
  });

  test('the cluster is encrypted, protected, backed up, by IAM and TLS only, and its password is kept by RDS', () => {
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

  test('a writer and a reader that can take over', () => {
    const instances = Object.entries(resourcesOf(stack)).filter(([, { Type }]) => Type === 'AWS::RDS::DBInstance');
    expect(instances.map(([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties.DBInstanceClass, Properties.PromotionTier, Properties.PubliclyAccessible]))
      .toEqual([['LedgerClusterWriter', 'db.serverless', 0, false], ['LedgerClusterReader', 'db.serverless', 1, false]]);
  });

  test('the proxy demands TLS and IAM, and logs in to the database by IAM as that user only', () => {
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

  test('the function may log in to the proxy as that user, and to nothing else', () => {
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

  test('the function is told where the database is', () => {
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables).toMatchObject({
      PGHOST: { 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy/), 'Endpoint'] },
      PGPORT: '5432',
      PGDATABASE: 'app',
      PGUSER: 'pay',
      NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
    });
  });

  test('one way leads from function to proxy to database, and no other', () => {
    const rules = (type: string) => Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === `AWS::EC2::SecurityGroup${type}`)
      .map(({ Properties: p }) => [p.GroupId['Fn::GetAtt'][0].slice(0, -8), (p.SourceSecurityGroupId ?? p.DestinationSecurityGroupId)['Fn::GetAtt'][0].slice(0, -8), p.FromPort, p.ToPort]);
    const port = (rule: unknown[]) => rule[2] === 5432 || typeof rule[2] === 'object';
    expect(rules('Ingress').filter(port).map(rule => rule.slice(0, 2))).toEqual([['LedgerSecurityGroup', 'LedgerProxySecurityGroup'], ['LedgerProxySecurityGroup', 'PaySecurityGroup']]);
    expect(rules('Egress').filter(port).map(rule => rule.slice(0, 2))).toEqual([['LedgerProxySecurityGroup', 'LedgerSecurityGroup'], ['PaySecurityGroup', 'LedgerProxySecurityGroup']]);
    expect(JSON.stringify(resourcesOf(stack))).not.toContain('0.0.0.0/0');
  });

  test('the login is made before the function, and nothing waits in a circle', () => {
    const resources = resourcesOf(stack);
    const user = Object.keys(resources).find(id => resources[id].Type === 'Custom::DatabaseUser')!;
    expect(resources[Object.keys(resources).find(id => id.startsWith('Pay') && resources[id].Type === 'AWS::Lambda::Function')!].DependsOn).toContain(user);
    expectNoCycle(stack);
  });

  test('ten alarms ask for a person', () => {
    const alarms = Object.entries(resourcesOf(stack)).filter(([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.startsWith('Ledger'));
    expect(Object.fromEntries(alarms.map(([id, { Properties: p }]) => [id.slice('LedgerAlarms'.length, -8), [p.MetricName ?? p.Metrics.map((m: Json) => m.MetricStat?.Metric.MetricName ?? m.Expression), p.Threshold]])))
      .toEqual({
        Connections: [['IF(whole > 0, 100 * part / whole, 0)', 'DatabaseConnections', 'MaxDatabaseConnectionsAllowed'], 90],
        BorrowLatency: ['DatabaseConnectionsBorrowLatency', 1_000_000],
        QueryLatency: ['QueryDatabaseResponseLatency', 1_000_000],
        FailedConnections: ['DatabaseConnectionsSetupFailed', 0],
        ClusterConnections: ['DatabaseConnections', 1_502],
        PinnedSessions: [['IF(whole > 0, 100 * part / whole, 0)', 'DatabaseConnectionsCurrentlySessionPinned', 'DatabaseConnections'], 30],
        FailedLogins: ['ClientConnectionsSetupFailedAuth', 0],
        Cpu: ['CPUUtilization', 80],
        Capacity: ['ACUUtilization', 90],
        Deadlocks: ['Deadlocks', 0],
      });
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching', AlarmDescription: expect.stringContaining('Stack/Ledger') });
    }
  });

  test('the alarm on the connections of the cluster looks at the instance that has most', () => {
    const { Dimensions, Statistic } = only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsClusterConnections/).Properties;
    expect([Dimensions.map((d: Json) => d.Name), Statistic]).toEqual([['DBClusterIdentifier'], 'Maximum']);
  });

  test('what holds data keeps its logical id', () => {
    const ids = (type: string) => Object.keys(resourcesOf(stack)).filter(id => resourcesOf(stack)[id].Type === `AWS::RDS::${type}`);
    expect([...ids('DBCluster'), ...ids('DBInstance'), ...ids('DBSubnetGroup')])
      .toEqual(['LedgerClusterB694961F', 'LedgerClusterWriter8A9916C6', 'LedgerClusterReaderA24A142E', 'LedgerClusterSubnets3D807F6C']);
  });

  test('the budget tells what the functions take', () => {
    expect(database.budget.toTable()).toBe('Stack/Pay  100 × 1  100\n100 connections of 1335 (80 % of 1669)');
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('there is nothing open in strict validation, AwsSolutions and Serverless', () => {
  const { open } = findingsOf(props => {
    const app = new App(props);
    const stack = new Stack(app, 'Stack');
    new PrivateNetwork(stack, 'Network');
    for (const engine of [POSTGRES, MYSQL]) {
      const database = newDatabase(stack, { engine, cloudwatchLogsExports: [engine.supportedLogTypes[0]] }, engine.engineType.replace('aurora-', ''));
      database.addUser('pay', { privileges: [Privilege.readOnly()] });
      const fn = production(stack, { vpc: networkOf(stack) }, `Fn${engine.engineType.length}`);
      database.connect(fn, { user: 'pay', maxConcurrency: 10, readOnly: true });
    }
    return app;
  }, { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true });
  expect(open).toEqual([]);
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

  test('engine MySQL has its port, its variables and its way of forcing TLS', () => {
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
  ])('%j reaches the cluster', (props, expected) => {
    expect(cluster(props).Properties).toMatchObject(expected);
  });

  test.each<[Partial<ProxiedDatabaseProps>, Json]>([
    [{ borrowTimeout: Duration.seconds(0) }, { ConnectionBorrowTimeout: 0 }],
    [{ borrowTimeout: Duration.seconds(300) }, { ConnectionBorrowTimeout: 300 }],
    [{ maxConnectionsPercent: 1 }, { MaxConnectionsPercent: 1 }],
    [{ maxConnectionsPercent: 100 }, { MaxConnectionsPercent: 100 }],
    [{ idleClientTimeout: Duration.hours(8) }, { IdleClientTimeout: 28_800 }],
  ])('%j reaches the proxy', (props, expected) => {
    expect(pool(props)).toMatchObject(expected);
  });

  test('removalPolicy DESTROY is what the cluster gets', () => {
    expect(cluster({ removalPolicy: RemovalPolicy.DESTROY }).DeletionPolicy).toBe('Delete');
  });

  test('encryptionKey encrypts storage and secret', () => {
    const stack = newStack();
    newDatabase(stack, { encryptionKey: new kms.Key(stack, 'Key') });
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(only(stack, 'AWS::RDS::DBCluster').Properties).toMatchObject({ KmsKeyId: key, MasterUserSecret: { KmsKeyId: key } });
  });

  test('parameters stand beside the one that forces TLS', () => {
    const stack = newStack();
    newDatabase(stack, { parameters: { log_min_duration_statement: '500' } });
    expect(only(stack, 'AWS::RDS::DBClusterParameterGroup').Properties.Parameters).toEqual({ 'log_min_duration_statement': '500', 'rds.force_ssl': '1' });
  });

  test('vpcSubnets and a VPC without isolated subnets', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    new ProxiedDatabase(stack, 'Private', { engine: POSTGRES, vpc });
    new ProxiedDatabase(stack, 'Public', { engine: POSTGRES, vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    const subnets = (id: RegExp) => JSON.stringify(only(stack, 'AWS::RDS::DBSubnetGroup', id).Properties.SubnetIds);
    expect([subnets(/^Private/), subnets(/^Public/)]).toEqual([expect.stringMatching(/VpcPrivate/), expect.stringMatching(/VpcPublic/)]);
  });

  test.each([[0, 1], [2, 3]])('readers %i makes %i instances', (readers, count) => {
    const stack = newStack();
    newDatabase(stack, { readers });
    Template.fromStack(stack).resourceCountIs('AWS::RDS::DBInstance', count);
  });

  test('capacity provisioned takes its type, and watches memory instead of capacity units', () => {
    const stack = newStack();
    const capacity = DatabaseCapacity.provisioned(ec2.InstanceType.of(ec2.InstanceClass.R8G, ec2.InstanceSize.LARGE));
    const database = newDatabase(stack, { capacity });
    Template.fromStack(stack).allResourcesProperties('AWS::RDS::DBInstance', Match.objectLike({ DBInstanceClass: 'db.r8g.large' }));
    expect(only(stack, 'AWS::RDS::DBCluster').Properties.ServerlessV2ScalingConfiguration).toBeUndefined();
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsCapacity/).Properties)
      .toMatchObject({ MetricName: 'FreeableMemory', Threshold: 536_870_912, ComparisonOperator: 'LessThanThreshold' });
    expect(database.budget.available).toBe(1_441);
  });

  test('maxConnections overrules what Aurora derives, in the budget and in the alarm', () => {
    const stack = newStack();
    expect(newDatabase(stack, { maxConnections: 50 }).budget.available).toBe(40);
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsClusterConnections/).Properties.Threshold).toBe(45);
  });

  test('there is no alarm on connections whose number nobody knows', () => {
    const unknown = [{ capacity: DatabaseCapacity.provisioned(new ec2.InstanceType('z1.large')) }, { maxConnections: Token.asNumber({ Ref: 'Max' }) }];
    expect(unknown.map(props => newDatabase(newStack(), props).alarms.clusterConnections)).toEqual([undefined, undefined]);
  });
});
