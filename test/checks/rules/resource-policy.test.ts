/* eslint-disable @stylistic/max-len -- messages in full */
import { fn, messages, r, ref } from './harness';

const many = (n: number, id: string, one: (i: number) => object) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`${id}${i}`, one(i)]));

describe('LP-F88', () => {
  const sources = (n: number, service: string, FunctionName: unknown = ref('Fn'), id = 'Source') => many(n, id, i => r('AWS::Lambda::Permission', {
    FunctionName, Action: 'lambda:InvokeFunction', Principal: `${service}.amazonaws.com`, SourceArn: `arn:aws:${service}:eu-west-1:111122223333:some-source-${i}`,
  }));
  const text = (n: number, bytes: number, fix: string, at = 'Fn') => `'Permission' must be at most 20480 bytes of permissions, got at least ${bytes} in ${n} permissions, with the shortest names that the deployment can generate; ${fix} (at ${at})`;

  test.each([
    ['events', 27_312, 'use schedules of EventBridge Scheduler, which invoke by a role, or let the rules send to one queue'],
    ['sns', 26_832, 'subscribe one queue to the topics, and let the function read the queue'],
    ['s3', 26_672, 'let the buckets notify one queue, and let the function read the queue'],
    ['logs', 26_992, 'use one permission with a pattern of the log groups in SourceArn (in CDK LambdaDestination with addPermissions: false)'],
    ['cognito-idp', 28_112, 'use one permission for all sources of a service, with a pattern in SourceArn, or let them send to one queue'],
  ])('names the fix for many permissions of %s', (service, bytes, fix) => {
    expect(messages('LP-F88', { Fn: fn(), ...sources(80, service), ...sources(9, 'apigateway', ref('Fn'), 'Route') })).toEqual([text(89, bytes, fix)]);
    expect(messages('LP-F88', { Fn: fn(), ...sources(50, service) })).toEqual([]);
  });

  test('counts the permissions of a function that another app defines', () => {
    const theirs = 'arn:aws:lambda:eu-west-1:111122223333:function:theirs:live';
    expect(messages('LP-F88', sources(80, 'sns', theirs))).toEqual([text(80, 23_553, 'subscribe one queue to the topics, and let the function read the queue', 'Source0')]);
    expect(messages('LP-F88', { ...sources(50, 'sns', theirs), ...sources(50, 'sns', 'theirs', 'Latest'), ...sources(80, 'sns', ref('Given'), 'Given') })).toEqual([]);
  });
});

describe('LP-F100', () => {
  const statements = (n: number, EventBusName: unknown, id = 'Statement') => many(n, id, i => r('AWS::Events::EventBusPolicy', {
    EventBusName, StatementId: `s${i}`, Statement: { Sid: `s${i}`, Effect: 'Allow', Principal: { AWS: `arn:aws:iam::1111222233${10 + i}:root` }, Action: 'events:PutEvents', Resource: 'arn:aws:events:e' },
  }));
  const ofAccounts = (n: number) => many(n, 'Account', i => r('AWS::Events::EventBusPolicy', { StatementId: `s${i}`, Action: 'events:PutEvents', Principal: `1111222233${10 + i}` }));
  const logPolicies = (n: number, type: string) => many(n, type.split('::').pop()!, i => r(type, { PolicyName: `p${i}` }));
  const Bus = r('AWS::Events::EventBus', { Name: 'orders' });
  const text = (got: string, at: string) => `'Statement' must be at most 10240 bytes with the other statements of its event bus, got at least ${got}; use one statement with a list of accounts or the condition aws:PrincipalOrgID, or raise the quota (at ${at})`;

  test('counts the statements of each event bus', () => {
    expect(messages('LP-F100', { Bus, ...statements(80, ref('Bus')) })).toEqual([text('11388 in 80 statements', 'Statement0')]);
    expect(messages('LP-F100', { Bus, ...statements(40, ref('Bus')), ...statements(40, 'orders', 'Named') })).toEqual([text('11378 in 80 statements', 'Statement0')]);
    expect(messages('LP-F100', { Bus, ...statements(40, ref('Bus')), ...statements(40, 'other', 'Other') })).toEqual([]);
  });

  test('counts the statements of the default event bus in the form without a document', () => {
    expect(messages('LP-F100', ofAccounts(90))).toEqual([text('14158 in 90 statements', 'Account0')]);
    expect(messages('LP-F100', ofAccounts(60))).toEqual([]);
  });

  test('counts the policies of CloudWatch Logs', () => {
    const policies = (n: number) => ({ ...logPolicies(6, 'AWS::Logs::ResourcePolicy'), ...logPolicies(n, 'Custom::CloudwatchLogResourcePolicy') });
    expect(messages('LP-F100', policies(5))).toEqual(["'PolicyName' must be one of at most 10 resource policies of CloudWatch Logs in an account and Region, got 11 in the app; create one policy whose resource is a pattern of the log groups, and no policy for each log group (at CloudwatchLogResourcePolicy4)"]);
    expect(messages('LP-F100', policies(4))).toEqual([]);
  });
});
