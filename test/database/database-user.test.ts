import { App, Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import { DatabaseUser } from '../../src/database/database-user';
import type { DatabaseUserProps } from '../../src/database/database-user-props';
import { MYSQL, networkOf, POSTGRES } from '../support/databases';
import { newStack } from '../support/plain-function';
import { type Json, only, resourcesOf } from '../support/production-function';
import { statementsOfRole } from '../support/role-statements';
import { expectNoCycle } from '../support/template-graph';

const MAKER = 'ProductionLambdaDatabaseUsers';

/** A plain cluster with the secret of its master user. */
function newCluster(stack: Stack, id = 'Cluster', props: Partial<rds.DatabaseClusterProps> = {}): rds.DatabaseCluster {
  return new rds.DatabaseCluster(stack, id, {
    engine: POSTGRES,
    vpc: networkOf(stack),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    readers: [rds.ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
    credentials: rds.Credentials.fromUsername('clusteradmin'),
    manageMasterUserPassword: true,
    enableDataApi: true,
    ...props,
  });
}
function newUser(stack: Stack, cluster: rds.DatabaseCluster, username: string, props: Partial<DatabaseUserProps> = {}, id = `User-${username}`): DatabaseUser {
  return DatabaseUser._create(stack, id, { cluster, secret: cluster.secret!, family: 'postgresql', database: 'app', username, privileges: [], ...props });
}
const idsOf = (stack: Stack, type: string) => Object.entries<Json>(resourcesOf(stack)).filter(([, { Type }]) => Type === type).map(([id]) => id);

describe('two users of one database', () => {
  let stack: Stack;
  let resources: Json;
  let pay: Json;
  beforeAll(() => {
    stack = newStack();
    const cluster = newCluster(stack);
    newUser(stack, cluster, 'pay', { privileges: [DatabasePrivilege.usage(), DatabasePrivilege.on('orders', TablePrivilege.SELECT)] });
    newUser(stack, cluster, 'settle');
    resources = resourcesOf(stack);
    pay = only(stack, 'Custom::DatabaseUser', /^Userpay/);
  });
  const clusterArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':cluster:', { Ref: 'ClusterEB0386A7' }]] };
  const secretArn = { 'Fn::GetAtt': ['ClusterEB0386A7', 'MasterUserSecret.SecretArn'] };

  test('are two custom resources with their statements, and one function', () => {
    expect(idsOf(stack, 'Custom::DatabaseUser')).toEqual([expect.stringMatching(/^Userpay/), expect.stringMatching(/^Usersettle/)]);
    expect(idsOf(stack, 'AWS::Lambda::Function')).toEqual([expect.stringMatching(new RegExp(`^${MAKER}Function`))]);
    expect(pay.Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${MAKER}Function`)), 'Arn'] },
      ServiceTimeout: '300',
      clusterArn,
      secretArn,
      database: 'app',
      name: 'pay',
      grant: [
        expect.stringContaining('CREATE ROLE "pay" LOGIN'), 'GRANT CONNECT ON DATABASE "app" TO "pay"', 'GRANT rds_iam TO "pay"',
        'GRANT USAGE ON SCHEMA "public" TO "pay"', 'GRANT USAGE ON SCHEMA "public" TO "pay"', expect.stringContaining('GRANT SELECT ON TABLE "public"."orders" TO "pay"'),
      ],
      revoke: ['USAGE ON SCHEMA "public"', 'SELECT ON TABLE "public"."orders"', 'USAGE ON SCHEMA "public"'].map(what => expect.stringMatching(new RegExp(`REVOKE ${what} FROM "pay";.* EXCEPTION`))),
      drop: [expect.stringContaining('DROP ROLE "pay"')],
      transaction: 'true',
    });
    expect(only(stack, 'Custom::DatabaseUser', /^Usersettle/).Properties).toMatchObject({ name: 'settle', revoke: [], drop: [expect.stringContaining('DROP ROLE "settle"')] });
  });

  test('are created by a small function outside the VPC, whose log is retained for 30 days', () => {
    expect(only(stack, 'AWS::Lambda::Function').Properties).toEqual({
      Architectures: ['arm64'],
      Code: expect.anything(),
      Description: 'Creates database users through the Data API when the stack is deployed',
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.stringMatching(new RegExp(`^${MAKER}Logs`)) } },
      MemorySize: 256,
      Role: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${MAKER}Role`)), 'Arn'] },
      Runtime: 'nodejs24.x',
      Timeout: 300,
      TracingConfig: { Mode: 'Active' },
    });
    expect(only(stack, 'AWS::Logs::LogGroup')).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
  });

  test('require permission for one cluster and its secret, granted once', () => {
    const [role] = idsOf(stack, 'AWS::IAM::Role').filter(id => id.startsWith(MAKER));
    const { inline, attached } = statementsOfRole(resources, role);
    expect(inline).toEqual([{ Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Effect: 'Allow', Resource: '*' }]);
    expect(Object.values(attached)).toEqual([[
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${MAKER}Logs`)), 'Arn'] } },
      { Action: ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction'], Effect: 'Allow', Resource: clusterArn },
      { Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Effect: 'Allow', Resource: secretArn },
    ]]);
  });

  test('depend on the instances and on the permissions of the function, without a circular dependency', () => {
    const [policy] = idsOf(stack, 'AWS::IAM::Policy');
    for (const id of idsOf(stack, 'Custom::DatabaseUser')) {
      expect(resources[id].DependsOn).toEqual(expect.arrayContaining([policy, 'ClusterEB0386A7', ...idsOf(stack, 'AWS::RDS::DBInstance')]));
    }
    expectNoCycle(stack);
  });

  test('are deleted with their resource, which contains the statements that drop them', () => {
    expect(pay).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

test('users of two databases share the function, which may access both', () => {
  const stack = newStack();
  for (const id of ['A', 'B']) newUser(stack, newCluster(stack, id), 'pay', {}, `User${id}`);
  expect(idsOf(stack, 'AWS::Lambda::Function')).toHaveLength(1);
  const statements: Json[] = only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
  expect(statements.filter(({ Action }) => Action.includes('rds-data:ExecuteStatement')).map(({ Resource }) => Resource['Fn::Join'][1].at(-1)))
    .toEqual([{ Ref: expect.stringMatching(/^A[0-9A-F]{8}$/) }, { Ref: expect.stringMatching(/^B[0-9A-F]{8}$/) }]);
  expectNoCycle(stack);
});

test('a user of MySQL is created without a transaction', () => {
  const stack = newStack();
  newUser(stack, newCluster(stack, 'Cluster', { engine: MYSQL }), 'pay',
    { family: 'mysql', privileges: [DatabasePrivilege.readOnly()] });
  expect(only(stack, 'Custom::DatabaseUser').Properties).toMatchObject({
    grant: [expect.stringMatching(/^CREATE USER IF NOT EXISTS 'pay'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL /), "GRANT SELECT ON `app`.* TO 'pay'@'%'"],
    revoke: ["REVOKE SELECT ON `app`.* FROM 'pay'@'%'"],
    drop: ["DROP USER IF EXISTS 'pay'@'%'"],
    transaction: 'false',
  });
});

test.each(['postgresql', 'mysql'] as const)('no statement of %s contains a colon, which the Data API reads as a parameter', family => {
  const stack = newStack();
  const privileges = [DatabasePrivilege.readWrite(), DatabasePrivilege.migrate('audit'), DatabasePrivilege.on('orders', TablePrivilege.SELECT), DatabasePrivilege.usage('audit')];
  newUser(stack, newCluster(stack, 'Cluster', { engine: family === 'mysql' ? MYSQL : POSTGRES }), 'pay', { family, privileges });
  const { grant, revoke, drop } = only(stack, 'Custom::DatabaseUser').Properties;
  expect(grant.length).toBeGreaterThan(3);
  expect([...grant, ...revoke, ...drop].filter(sql => sql.includes(':'))).toEqual([]);
});

test('a secret with a KMS key of another stack can be read, through Secrets Manager only', () => {
  const app = new App();
  const [keys, stack] = [new Stack(app, 'Keys'), new Stack(app, 'Stack')];
  const key = new kms.Key(keys, 'Key');
  newUser(stack, newCluster(stack, 'Cluster', { credentials: rds.Credentials.fromUsername('clusteradmin', { encryptionKey: key }) }), 'pay');
  expect(() => app.synth()).not.toThrow();
  expect(Object.values(statementsOfRole(resourcesOf(stack), idsOf(stack, 'AWS::IAM::Role').find(id => id.startsWith(MAKER))!).attached).flat()).toContainEqual({
    Action: 'kms:Decrypt',
    Effect: 'Allow',
    Resource: { 'Fn::ImportValue': expect.stringContaining('Key') },
    Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
  });
});

test('fails before any resource is created if a schema cannot have been intended', () => {
  const stack = newStack();
  const cluster = newCluster(stack);
  expect(() => newUser(stack, cluster, 'pay', { family: 'mysql', privileges: [DatabasePrivilege.readOnly('%')] })).toThrow(new Error(
    "'schema' must be a literal name without % and backslashes: wildcards are not supported, and _ is escaped for you, got '%'; name one schema of your own (at Stack/User-pay)"));
  expect(stack.node.tryFindChild('ProductionLambda')).toBeUndefined();
});

test('fails if the name of the database of MySQL is a token, whose _ would be a wildcard', () => {
  const stack = newStack();
  const database = Lazy.string({ produce: () => 'shop_db' });
  expect(() => newUser(stack, newCluster(stack), 'pay', { family: 'mysql', database })).toThrow(new Error(
    "'databaseName' must be known at synth to add a user, got a token; MySQL reads its _ as a wildcard, use a literal name (at Stack/User-pay)"));
  expect(() => newUser(stack, newCluster(stack, 'Other'), 'pay', { database }, 'Other-pay')).not.toThrow();
});

test('fails before any resource is created if the name is invalid', () => {
  const stack = newStack();
  const cluster = newCluster(stack);
  expect(() => newUser(stack, cluster, 'rdsadmin')).toThrow(new Error("'username' must not be a name that RDS or the database reserves, got 'rdsadmin'; rename the user (at Stack/User-rdsadmin)"));
  expect(stack.node.tryFindChild('ProductionLambda')).toBeUndefined();
});
