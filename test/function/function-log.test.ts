import { App, RemovalPolicy, Stack, aws_kms as kms, aws_logs as logs, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { newStack } from '../support/plain-function';
import { grantedStatements, only, placedStatements, production, resourcesOf, type Json } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const keyStatements = (stack: Stack): Json[] => only(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement;
const WRITE_TO = (start: string) => ({
  Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${start}`)), 'Arn'] },
});
const WARNING = 'cdk-production-lambda:ProductionFunction.importedLogKey';

test('has a generated name and is retained', () => {
  const stack = newStack();
  production(stack);

  expect(only(stack, 'AWS::Logs::LogGroup')).toEqual({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('grants write access by an inline statement of the role', () => {
  const stack = newStack();
  production(stack);

  expect(placedStatements(stack).inline).toContainEqual(WRITE_TO('PayLogs'));
});

test('creates no custom resource for retention or removal', () => {
  const stack = newStack();
  production(stack, { logRetention: logs.RetentionDays.ONE_YEAR, logRemovalPolicy: RemovalPolicy.DESTROY });

  expect(only(stack, 'AWS::Logs::LogGroup')).toMatchObject({ Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Delete' });
  expect(Object.values<Json>(resourcesOf(stack)).map(({ Type }) => Type)).not.toContain('Custom::LogRetention');
});

test('has no retention when logs never expire', () => {
  const stack = newStack();
  production(stack, { logRetention: logs.RetentionDays.INFINITE });

  expect(only(stack, 'AWS::Logs::LogGroup').Properties).toBeUndefined();
});

test('a log group of the props replaces it', () => {
  const stack = newStack();
  const logGroup = new logs.LogGroup(stack, 'Mine');
  const fn = production(stack, { logGroup });

  expect(fn.logGroup).toBe(logGroup);
  expect(only(stack, 'AWS::Logs::LogGroup')).toBeDefined();
  expect(grantedStatements(stack)).toEqual([WRITE_TO('Mine')]);
  expect(JSON.stringify(placedStatements(stack).inline)).not.toContain('logs:');
});

test('grants an imported log group by its name', () => {
  const stack = newStack();
  production(stack, { logGroup: logs.LogGroup.fromLogGroupName(stack, 'Mine', 'pay') });

  expect(only(stack, 'AWS::Lambda::Function').Properties.LoggingConfig.LogGroup).toBe('pay');
  expect(JSON.stringify(grantedStatements(stack))).toContain(':log-group:pay:*');
});

test('the key may also be the key of a secret, without a cycle', () => {
  const stack = newStack();
  const key = new kms.Key(stack, 'Key');
  production(stack, { logEncryptionKey: key, environmentEncryption: key, secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login', { encryptionKey: key }) } });

  expect(grantedStatements(stack)).toContainEqual(WRITE_TO('PayLogs'));
  expect(JSON.stringify(placedStatements(stack).inline)).not.toContain('logs:');
  expectNoCycle(stack);
});

test('allows CloudWatch Logs to use the key, for log groups of this account and region only', () => {
  const stack = newStack();
  production(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });

  expect(keyStatements(stack)).toContainEqual({
    Effect: 'Allow',
    Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':log-group:*']] } } },
  });
  expect(only(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
});

test.each([['eu-west-1'], ['cn-north-1'], ['us-gov-west-1']])('the key policy names the service principal of %s', region => {
  const stack = newStack({ env: { account: '123456789012', region } });
  production(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });
  const { Principal, Condition } = keyStatements(stack)[1];

  expect(Principal.Service).toEqual({ 'Fn::Join': ['', [`logs.${region}.`, { Ref: 'AWS::URLSuffix' }]] });
  expect(JSON.stringify(Condition)).toContain(`:logs:${region}:123456789012:log-group:*`);
});

test('functions that share a key add one statement', () => {
  const stack = newStack();
  const logEncryptionKey = new kms.Key(stack, 'Key');
  production(stack, { logEncryptionKey }, 'Pay');
  production(stack, { logEncryptionKey }, 'Refund');

  expect(keyStatements(stack)).toHaveLength(2);
});

test('accepts a key of another stack of the same environment', () => {
  const app = new App();
  const keys = new Stack(app, 'Keys');
  const stack = new Stack(app, 'Stack');
  production(stack, { logEncryptionKey: new kms.Key(keys, 'Key') });

  expect(JSON.stringify(keyStatements(keys))).toContain('kms:EncryptionContext:aws:logs:arn');
  expect(only(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toEqual({ 'Fn::ImportValue': expect.stringContaining('Keys') });
});

test('does not warn about a key whose policy it changes', () => {
  const stack = newStack();
  production(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });

  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(WARNING));
});

test('warns about an imported key', () => {
  const stack = newStack();
  production(stack, { logEncryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/1') });

  Annotations.fromStack(stack).hasWarning('/Stack/Pay', Match.stringLikeRegexp(
    "^the policy of an imported 'logEncryptionKey' cannot be changed by this stack; it must allow logs.<region>.amazonaws.com to encrypt and decrypt, or the log group cannot be created",
  ));
});
