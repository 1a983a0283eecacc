import { Arn, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LeastPrivilegeRole, ProductionFunction } from '../../src';
import { newStack, plainFunction, REQUIRED } from '../support/plain-function';
import { actionsIn, type RoleStatements, statementsOfRole } from '../support/role-statements';
import { expectNoCycle } from '../support/template-graph';

type Grant = (role: iam.IRole, stack: Stack, key?: kms.Key) => unknown;
const ID = { name: 'id', type: dynamodb.AttributeType.STRING };
const START = { startingPosition: lambda.StartingPosition.TRIM_HORIZON };

/** Common grants, each with an action that the role must then have. */
const GRANTS: [string, string, Grant][] = [
  ['a bucket', 's3:PutObject', (role, stack, key) => new s3.Bucket(stack, 'X', { encryptionKey: key }).grantReadWrite(role)],
  ['a table', 'dynamodb:PutItem', (role, stack, key) => new dynamodb.Table(stack, 'X', { partitionKey: ID, encryptionKey: key }).grantReadWriteData(role)],
  ['a queue that it sends to', 'sqs:SendMessage', (role, stack, key) => new sqs.Queue(stack, 'X', { encryptionMasterKey: key }).grantSendMessages(role)],
  ['a queue that it reads', 'sqs:ReceiveMessage', (role, stack, key) => new sqs.Queue(stack, 'X', { encryptionMasterKey: key }).grantConsumeMessages(role)],
  ['a topic', 'sns:Publish', (role, stack, key) => new sns.Topic(stack, 'X', { masterKey: key }).grantPublish(role)],
  ['a stream', 'kinesis:PutRecord', (role, stack, key) => new kinesis.Stream(stack, 'X', { encryptionKey: key }).grantReadWrite(role)],
  ['a key', 'kms:Decrypt', (role, stack) => new kms.Key(stack, 'X').grantEncryptDecrypt(role)],
  ['a secret', 'secretsmanager:GetSecretValue', (role, stack) => new secretsmanager.Secret(stack, 'X').grantRead(role)],
  ['a parameter', 'ssm:GetParameter', (role, stack) => new ssm.StringParameter(stack, 'X', { stringValue: 'v' }).grantRead(role)],
  ['a state machine', 'states:StartExecution', (role, stack) => machine(stack).grantStartExecution(role)],
  ['an event bus', 'events:PutEvents', (role, stack) => new events.EventBus(stack, 'X').grantPutEventsTo(role)],
  ['a function', 'lambda:InvokeFunction', (role, stack) => plainFunction(stack, 'X').grantInvoke(role)],
  ['a file system', 'elasticfilesystem:ClientWrite', (role, stack) => new efs.FileSystem(stack, 'X', { vpc: new ec2.Vpc(stack, 'Vpc') }).grantReadWrite(role)],
];

const SOURCES: [string, string, (stack: Stack) => lambda.IEventSource][] = [
  ['a queue', 'sqs:DeleteMessage', stack => new sources.SqsEventSource(new sqs.Queue(stack, 'X'))],
  ['a Kinesis stream', 'kinesis:GetRecords', stack => new sources.KinesisEventSource(new kinesis.Stream(stack, 'X'), START)],
  ['a DynamoDB stream', 'dynamodb:GetRecords', stack => new sources.DynamoEventSource(
    new dynamodb.Table(stack, 'X', { partitionKey: ID, stream: dynamodb.StreamViewType.NEW_IMAGE }), START)],
];

/** Synthesizes, so that the checks run, and returns the statements of the role by location. */
function statementsOf(stack: Stack, role: LeastPrivilegeRole): RoleStatements {
  const template = Template.fromStack(stack);
  expectNoCycle(template);
  return statementsOfRole(template.toJSON().Resources, stack.getLogicalId(role.node.defaultChild as iam.CfnRole));
}

/** The grants on resources: in one policy. Statements in the role itself refer to no resource. */
function grantedActions(stack: Stack, role: LeastPrivilegeRole): string[] {
  const { inline, attached } = statementsOf(stack, role);
  expect(JSON.stringify(inline)).not.toMatch(/"Ref"|"Fn::/);
  expect(Object.keys(attached)).toEqual([expect.stringMatching(/^RoleDefaultPolicy/)]);
  return actionsIn(Object.values(attached).flat());
}

function machine(stack: Stack): sfn.StateMachine {
  return new sfn.StateMachine(stack, 'X', { definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')) });
}

test.each(GRANTS)('a grant on %s is in the one policy of the role, without wildcards', (_, action, grant) => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  grant(role, stack);
  expect(grantedActions(stack, role)).toContain(action);
  expect(statementsOf(stack, role).inline).toEqual([]);
  Template.fromStack(stack).hasResource('AWS::IAM::Role', { Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] } } });
});

test.each(GRANTS.filter(([, , grant]) => grant.length > 2))('a grant on %s includes the use of its KMS key', (_, action, grant) => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  grant(role, stack, new kms.Key(stack, 'Key'));
  expect(grantedActions(stack, role)).toEqual(expect.arrayContaining([action, expect.stringMatching(/^kms:/)]));
});

test.each(SOURCES)('the grant on the event source %s is in the one policy of the role, without wildcards', (_, action, source) => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  plainFunction(stack, 'Fn', { role, timeout: undefined }).addEventSource(source(stack));
  expect(grantedActions(stack, role)).toContain(action);
});

test('the grant on a mounted file system is in the one policy of the role, without wildcards', () => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const files = new efs.FileSystem(stack, 'Files', { vpc }).addAccessPoint('Point');
  plainFunction(stack, 'Fn', { role, vpc, filesystem: lambda.FileSystem.fromEfsAccessPoint(files, '/mnt/files') });
  expect(grantedActions(stack, role)).toContain('elasticfilesystem:ClientMount');
  const open = newStack();
  new LeastPrivilegeRole(open, 'Role', {
    statements: [new iam.PolicyStatement({
      actions: ['elasticfilesystem:ClientMount'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalTag/x': '1' } },
    })],
  });
  expect(() => Template.fromStack(open)).toThrow("'Resource' must name resources for elasticfilesystem:ClientMount, got '*'");
});

test('a grant of CDK with wildcards fails until the wildcards are allowed', () => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  machine(stack).grantRead(role);
  expect(() => Template.fromStack(stack)).toThrow("[Stack/Role] 'Resource' must name resources for states:DescribeStateMachine, states:DescribeActivity, got '*'");
  const describe = new iam.PolicyStatement({ actions: ['states:DescribeStateMachine', 'states:DescribeActivity'], resources: ['*'] });
  role.allowWildcard(describe, 'CDK grants to read every state machine');
  expect(grantedActions(stack, role)).toContain('states:DescribeExecution');
  expect(new Set(actionsIn(statementsOf(stack, role).inline))).toEqual(new Set(['states:ListActivities', 'states:DescribeStateMachine', 'states:DescribeActivity']));
});

test('a client of a grant depends on the policy with the grant', () => {
  const stack = newStack();
  const role = new LeastPrivilegeRole(stack, 'Role');
  const queue = new sqs.Queue(stack, 'Queue');
  const after = new sns.Topic(stack, 'After');
  queue.grantSendMessages(role).applyBefore(after);
  const [topic] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
  expect(topic.DependsOn).toEqual(Object.keys(statementsOf(stack, role).attached));
  expect(topic.DependsOn).toHaveLength(1);
});

describe('a role in a resource policy', () => {
  test('has no circular dependency with the KMS key of a secret that it reads', () => {
    const stack = newStack();
    const role = new LeastPrivilegeRole(stack, 'Role');
    const fn = plainFunction(stack, 'Fn', { role });
    new sqs.Queue(stack, 'Queue').grantSendMessages(role);
    new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') }).grantRead(role);
    new sqs.Queue(stack, 'Later').grantConsumeMessages(role);

    expect(grantedActions(stack, role)).toEqual(expect.arrayContaining(['sqs:SendMessage', 'secretsmanager:GetSecretValue', 'sqs:ReceiveMessage']));
    const { inline, attached } = statementsOf(stack, role);
    expect(inline).toEqual([]);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain(stack.getLogicalId(role.node.defaultChild as iam.CfnRole));
    // the function must not run before it has the permission
    const { DependsOn } = template.toJSON().Resources[stack.getLogicalId(fn.node.defaultChild as lambda.CfnFunction)];
    expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(attached)));
  });

  test('has no circular dependency with a role that trusts this role and that it may assume', () => {
    const stack = newStack();
    const role = new LeastPrivilegeRole(stack, 'Role');
    new iam.Role(stack, 'Other', { assumedBy: role }).grantAssumeRole(role);
    expect(grantedActions(stack, role)).toEqual(['sts:AssumeRole']);
    expect(statementsOf(stack, role).inline).toEqual([]);
  });

  test.each<[string, (secret: secretsmanager.ISecret) => iam.PolicyStatementProps]>([
    ['resource', secret => ({ effect: iam.Effect.DENY, actions: ['secretsmanager:PutSecretValue'], resources: [secret.secretArn] })],
    ['list of resources', secret => ({ effect: iam.Effect.DENY, actions: ['secretsmanager:PutSecretValue'], resources: Fn.split(',', secret.secretArn) })],
    ['NotResource', secret => ({ effect: iam.Effect.DENY, actions: ['secretsmanager:*'], notResources: [secret.secretArn] })],
    ['condition', secret => ({
      actions: ['xray:PutTraceSegments'], resources: ['*'], conditions: { StringNotEquals: { 'aws:PrincipalTag/secret': secret.secretArn } },
    })],
  ])('has none with a statement that refers to a resource as its %s', (_, props) => {
    const stack = newStack();
    const role = new LeastPrivilegeRole(stack, 'Role');
    const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') });
    secret.grantRead(role);
    const statement = new iam.PolicyStatement(props(secret));
    role.addToPrincipalPolicy(statement);
    expect(grantedActions(stack, role)).toContain(statement.actions[0]);
    expect(statementsOf(stack, role).inline).toEqual([]);
  });

  test('can belong to a ProductionFunction that reads a secret with a customer managed key', () => {
    const stack = newStack();
    const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') });
    const fn = new ProductionFunction(stack, 'Pay', { ...REQUIRED, secrets: { STRIPE: secret } });
    expectNoCycle(stack);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
    const { inline, attached } = statementsOf(stack, fn.role as LeastPrivilegeRole);
    expect(actionsIn(inline)).toEqual(['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage']);
    expect(actionsIn(Object.values(attached).flat())).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'kms:Decrypt']);
  });

  test('has no policy without statements', () => {
    const stack = newStack();
    const role = new LeastPrivilegeRole(stack, 'Role');
    new s3.Bucket(stack, 'Bucket').addToResourcePolicy(new iam.PolicyStatement({
      principals: [role], actions: ['s3:GetObject'], resources: [Arn.format({ service: 's3', resource: 'b', region: '', account: '' }, stack)],
    }));
    expect(statementsOf(stack, role).all).toEqual([]);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is checked', () => {
    const stack = newStack();
    const role = new LeastPrivilegeRole(stack, 'Role');
    new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') }).grantRead(role);
    new s3.Bucket(stack, 'Bucket').grantRead(role, '*');
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
    expect(() => Template.fromStack(stack)).toThrow("[Stack/Role] 'Action' must name single actions, got 's3:*' on '*'");
  });
});
