import { Duration, Stack, Validations, aws_cloudwatch as cloudwatch, aws_iam as iam, aws_kms as kms } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { newStack } from '../support/plain-function';
import { grantedStatements, type Json, only, placedStatements, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const LIVE = { Ref: expect.stringMatching(/^PayLive/) };
const permissions = (stack: Stack) => Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::Lambda::Permission').map(({ Properties }) => Properties);
const policies = (stack: Stack, start: RegExp) => only(stack, 'AWS::IAM::Policy', start).Properties.PolicyDocument.Statement;

describe('grantInvoke', () => {
  test.each<[string, (stack: Stack) => iam.IGrantable]>([
    ['a role', stack => new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() })],
    ['an imported role', stack => iam.Role.fromRoleArn(stack, 'Caller', 'arn:aws:iam::123456789012:role/caller')],
    ['a user', stack => new iam.User(stack, 'Caller')],
  ])('allows %s to invoke the alias only', (_name, make) => {
    const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
    const grant = production(stack).grantInvoke(make(stack));

    expect(grant.success).toBe(true);
    expect(policies(stack, /^Caller/)).toEqual([{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: LIVE }]);
    expect(permissions(stack)).toEqual([]);
  });

  test('allows a service to invoke the alias', () => {
    const stack = newStack();
    production(stack).grantInvoke(new iam.ServicePrincipal('s3.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }));

    expect(permissions(stack)).toEqual([{ Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceAccount: '123456789012', FunctionName: LIVE }]);
  });

  test('grants a principal once', () => {
    const stack = newStack();
    const fn = production(stack);
    fn.grantInvoke(new iam.ServicePrincipal('s3.amazonaws.com'));
    fn.grantInvoke(new iam.ServicePrincipal('s3.amazonaws.com'));

    expect(permissions(stack)).toHaveLength(1);
  });

  test('grants a role of another account by a permission on the alias', () => {
    const stack = newStack({ env: { account: '123456789012', region: 'eu-west-1' } });
    production(stack).grantInvoke(iam.Role.fromRoleArn(stack, 'Caller', 'arn:aws:iam::210987654321:role/caller'));

    expect(permissions(stack)).toEqual([{ Action: 'lambda:InvokeFunction', Principal: 'arn:aws:iam::210987654321:role/caller', FunctionName: LIVE }]);
  });
});

test('grants a version and $LATEST by their ARNs, not by the ARN of the alias', () => {
  const stack = newStack();
  const fn = production(stack);
  fn.grantInvokeVersion(new iam.User(stack, 'Tester'), fn.version);
  fn.grantInvokeLatestVersion(new iam.User(stack, 'Developer'));

  expect(JSON.stringify(policies(stack, /^Tester/))).toMatch(/GetAtt":\["Pay[0-9A-F]{8}","Arn"\]\},":",\{"Fn::GetAtt":\["PayCurrentVersion\w+","Version"/);
  expect(JSON.stringify(policies(stack, /^Developer/))).toMatch(/GetAtt":\["Pay[0-9A-F]{8}","Arn"\]\},":\$LATEST"/);
  expect(JSON.stringify([policies(stack, /^Tester/), policies(stack, /^Developer/)])).not.toContain('PayLive');
});

test('grants on resources are in one policy of the role, other statements are inline', () => {
  const stack = newStack();
  const fn = production(stack);
  new kms.Key(stack, 'Key').grantDecrypt(fn);
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/a'] }));

  expect(grantedStatements(stack)).toEqual([{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }]);
  expect(placedStatements(stack).inline).toContainEqual({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/a' });
});

test('the function may assume a role that trusts it, without a cycle', () => {
  const stack = newStack();
  const fn = production(stack);
  new iam.Role(stack, 'Admin', { assumedBy: fn.grantPrincipal as iam.IRole }).grantAssumeRole(fn.grantPrincipal);

  expect(grantedStatements(stack)).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Admin/), 'Arn'] } }]);
  expectNoCycle(stack);
});

test.each([
  ['metricErrors', 'Errors', 'Sum'],
  ['metricDuration', 'Duration', 'Average'],
  ['metricInvocations', 'Invocations', 'Sum'],
  ['metricThrottles', 'Throttles', 'Sum'],
] as const)('%s is a metric of the alias', (method, metricName, statistic) => {
  const stack = newStack();
  const metric = production(stack)[method]({ period: Duration.minutes(1) });

  expect(stack.resolve(metric.dimensions)).toEqual({
    FunctionName: { Ref: expect.stringMatching(/^Pay[0-9A-F]{8}$/) },
    Resource: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Pay[0-9A-F]{8}$/) }, ':live']] },
  });
  expect(metric).toMatchObject({ namespace: 'AWS/Lambda', metricName, statistic, period: Duration.minutes(1) });
});

test('an alarm on a metric may roll back a release, because it does not refer to the alias', () => {
  const stack = newStack();
  const fn = production(stack);
  fn.live.deploymentGroup.addAlarm(new cloudwatch.Alarm(stack, 'Mine', { metric: fn.metric('Throttles'), threshold: 1, evaluationPeriods: 1 }));

  expect(JSON.stringify(only(stack, 'AWS::CloudWatch::Alarm', /^Mine/))).not.toContain('PayLive');
});

test('acknowledges the warning about an imported key by its id', () => {
  const stack = newStack();
  production(stack, { logEncryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/1') });
  Validations.of(stack).acknowledge({ id: 'cdk-production-lambda:ProductionFunction.importedLogKey', reason: 'the policy of the key allows it' });

  Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('logEncryptionKey'));
});
