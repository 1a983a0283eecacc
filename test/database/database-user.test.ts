import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseUser, type DatabaseUserProps } from '../../src/database/database-user';
import { Privilege, TablePrivilege } from '../../src/database/privilege';
import { newStack } from '../support/plain-function';
import { type Json, only, resourcesOf } from '../support/production-function';
import { statementsOfRole } from '../support/role-statements';
import { expectNoCycle } from '../support/template-graph';

const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 });
const MAKER = 'ProductionLambdaDatabaseUsers';

/** A cluster as any other, and its master user's secret. */
function newCluster(stack: Stack, id = 'Cluster', props: Partial<rds.DatabaseClusterProps> = {}): rds.DatabaseCluster {
  const vpc = stack.node.tryFindChild('Network') as ec2.IVpc | undefined ?? ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  return new rds.DatabaseCluster(stack, id, {
    engine: POSTGRES,
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    readers: [rds.ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
    credentials: rds.Credentials.fromUsername('clusteradmin'),
    manageMasterUserPassword: true,
    enableDataApi: true,
    ...props,
  });
}
function newUser(stack: Stack, cluster: rds.DatabaseCluster, name: string, props: Partial<DatabaseUserProps> = {}, id = `User-${name}`): DatabaseUser {
  return new DatabaseUser(stack, id, { cluster, secret: cluster.secret!, family: 'postgresql', database: 'app', name, privileges: [], ...props });
}
const idsOf = (stack: Stack, type: string) => Object.entries<Json>(resourcesOf(stack)).filter(([, { Type }]) => Type === type).map(([id]) => id);

describe('two logins of one database', () => {
  let stack: Stack;
  let resources: Json;
  let pay: Json;
  beforeAll(() => {
    stack = newStack();
    const cluster = newCluster(stack);
    newUser(stack, cluster, 'pay', { privileges: [Privilege.usage(), Privilege.on('orders', TablePrivilege.SELECT)] });
    newUser(stack, cluster, 'settle');
    resources = resourcesOf(stack);
    pay = only(stack, 'Custom::DatabaseUser', /^Userpay/);
  });
  const clusterArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':cluster:', { Ref: 'ClusterEB0386A7' }]] };
  const secretArn = { 'Fn::GetAtt': ['ClusterEB0386A7', 'MasterUserSecret.SecretArn'] };

  test('are two resources that tell one function all its statements', () => {
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
        'GRANT USAGE ON SCHEMA "public" TO "pay"', 'GRANT USAGE ON SCHEMA "public" TO "pay"', 'GRANT SELECT ON TABLE "public"."orders" TO "pay"',
      ],
      revoke: ['USAGE ON SCHEMA "public"', 'SELECT ON TABLE "public"."orders"', 'USAGE ON SCHEMA "public"'].map(what => expect.stringContaining(`REVOKE ${what} FROM "pay"; EXCEPTION`)),
      drop: [expect.stringContaining('DROP ROLE "pay"')],
      transaction: 'true',
    });
    expect(only(stack, 'Custom::DatabaseUser', /^Usersettle/).Properties).toMatchObject({ name: 'settle', revoke: [], drop: [expect.stringContaining('DROP ROLE "settle"')] });
  });

  test('are made by a small function that is in no VPC and keeps its log for 30 days', () => {
    expect(only(stack, 'AWS::Lambda::Function').Properties).toEqual({
      Architectures: ['arm64'],
      Code: expect.anything(),
      Description: 'Makes the logins of databases, through the Data API, when the stack is deployed',
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

  test('take statements on the one cluster and its one secret, granted once', () => {
    const [role] = idsOf(stack, 'AWS::IAM::Role').filter(id => id.startsWith(MAKER));
    const { inline, attached } = statementsOfRole(resources, role);
    expect(inline).toEqual([{ Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Effect: 'Allow', Resource: '*' }]);
    expect(Object.values(attached)).toEqual([[
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${MAKER}Logs`)), 'Arn'] } },
      { Action: ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction'], Effect: 'Allow', Resource: clusterArn },
      { Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Effect: 'Allow', Resource: secretArn },
    ]]);
  });

  test('wait for the instances, and for what the function may; nothing waits in a circle', () => {
    const [policy] = idsOf(stack, 'AWS::IAM::Policy');
    for (const id of idsOf(stack, 'Custom::DatabaseUser')) {
      expect(resources[id].DependsOn).toEqual(expect.arrayContaining([policy, 'ClusterEB0386A7', ...idsOf(stack, 'AWS::RDS::DBInstance')]));
    }
    expectNoCycle(stack);
  });

  test('go with their resource: the statements that take them away are kept in it', () => {
    expect(pay).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });
});

test('logins of two databases share the function, which may reach both', () => {
  const stack = newStack();
  for (const id of ['A', 'B']) newUser(stack, newCluster(stack, id), 'pay', {}, `User${id}`);
  expect(idsOf(stack, 'AWS::Lambda::Function')).toHaveLength(1);
  const statements: Json[] = only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
  expect(statements.filter(({ Action }) => Action.includes('rds-data:ExecuteStatement')).map(({ Resource }) => Resource['Fn::Join'][1].at(-1)))
    .toEqual([{ Ref: expect.stringMatching(/^A[0-9A-F]{8}$/) }, { Ref: expect.stringMatching(/^B[0-9A-F]{8}$/) }]);
  expectNoCycle(stack);
});

test('a login of MySQL is made without a transaction', () => {
  const stack = newStack();
  newUser(stack, newCluster(stack, 'Cluster', { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }) }), 'pay',
    { family: 'mysql', privileges: [Privilege.readOnly()] });
  expect(only(stack, 'Custom::DatabaseUser').Properties).toMatchObject({
    grant: ["CREATE USER IF NOT EXISTS 'pay'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL", "GRANT SELECT ON `app`.* TO 'pay'@'%'"],
    revoke: ["REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'"],
    drop: ["DROP USER IF EXISTS 'pay'@'%'"],
    transaction: 'false',
  });
});

test('a secret with a key of its own can be read, through Secrets Manager only, wherever the key is', () => {
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

test('fails before anything is made where the name is not one', () => {
  const stack = newStack();
  const cluster = newCluster(stack);
  expect(() => newUser(stack, cluster, 'rdsadmin')).toThrow(new Error("'name' must not be reserved by RDS or the database, got 'rdsadmin'; rename the user (at Stack/User-rdsadmin)"));
  expect(stack.node.tryFindChild('ProductionLambda')).toBeUndefined();
});
