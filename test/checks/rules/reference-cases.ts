/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { alias, allow, asyncConfig, att, fn, httpApi, integration, method, queue, r, ref, role, version } from './harness';
import type { RuleCase } from './harness';

const nameOfAlias = { 'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', ref('Live')] }] }, ':live']] };
const joined = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const dashboard = (DashboardBody: unknown) => r('AWS::CloudWatch::Dashboard', { DashboardBody });
const expression = (Expression: unknown) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Metrics: [{ Id: 'a', Expression }] });
const logs = (...name: unknown[]) => role([allow(['logs:FilterLogEvents'], joined('arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/', ...name))]);
const tenant = { TenancyConfig: { TenantIsolationMode: 'PER_TENANT' } };
const edgeRole = role([], { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'] } }] } });
const redrive = (deadLetterTargetArn: unknown) => queue({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 5 } });
const unsupported = 'remove the unsupported settings, or use CloudFront Functions (at Fn)';
const arn = (service: string, rest: string, region = 'us-east-1', account = '111122223333') => `arn:aws:${service}:${region}:${account}:${rest}`;

/** Cases of rules on what resources refer to: names of aliases, other Regions and accounts, tenants, Lambda@Edge. */
export const REFERENCE_FOUNDATION: RuleCase[] = [
  {
    id: 'LP-F174',
    fails: {
      Fn: fn(),
      Live: alias(),
      Policy: logs(nameOfAlias, ':*'),
      Widget: dashboard(joined('{"metrics":[["AWS/Lambda","Errors","FunctionName","', nameOfAlias, '"]]}')),
      Search: expression(joined("SUM(SEARCH('{AWS/Lambda,FunctionName} FunctionName=\"", nameOfAlias, "\"', 'Sum'))")),
      Insight: expression('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) WHERE FunctionName = \'pay:live\''),
      Other: fn({ Environment: { Variables: { LOGS: '/aws/lambda/pay:live' } } }),
    },
    passes: {
      Fn: fn(),
      Live: alias(),
      Policy: logs(ref('Fn'), ':*'),
      Streams: logs('pay:log-stream:2026'),
      All: logs('*:*'),
      Widget: dashboard(joined('{"metrics":[["AWS/Lambda","Errors","FunctionName","', ref('Fn'), '","Resource","', ref('Fn'), ':live"]]}')),
      Search: expression(joined("SUM(SEARCH('{AWS/Lambda,FunctionName,Resource} FunctionName=\"", ref('Fn'), '" Resource="pay:live"\', \'Sum\'))')),
      Other: fn({ Environment: { Variables: { LOGS: '/aws/lambda/pay', TARGET: nameOfAlias } } }),
    },
    says: [
      "'Metrics.0.Expression' must have the name of a function as FunctionName, got FunctionName=\"*:live; use the name of the function without the alias (at Search)",
      "'Metrics.0.Expression' must have the name of a function as FunctionName, got FunctionName = 'pay:live; use the name of the function without the alias (at Insight)",
      "'DashboardBody' must have the name of a function as FunctionName, got FunctionName\",\"*:live; use the name of the function without the alias (at Widget)",
      "'Policies.0.PolicyDocument.Statement.0.Resource' must name the log group of a function (/aws/lambda/<function>), got /aws/lambda/*:live; use the name of the function without the alias (at Policy)",
      "'Environment.Variables.LOGS' must name the log group of a function (/aws/lambda/<function>), got /aws/lambda/pay:live; use the name of the function without the alias (at Other)",
    ],
  },
  {
    id: 'LP-F175',
    fails: { Fn: fn(), Live: alias(), Version: version({ FunctionName: ref('Live') }), Named: version({ FunctionName: nameOfAlias }), Other: alias({ Name: 'other', FunctionName: ref('Version') }), Async: asyncConfig({ FunctionName: 'pay:live', Qualifier: 'live' }) },
    passes: { Fn: fn(), Live: alias(), Version: version(), Named: version({ FunctionName: 'pay' }), Arn: version({ FunctionName: att('Fn') }), Async: asyncConfig({ FunctionName: ref('Fn'), Qualifier: 'live' }) },
    says: [['Live', 'Version'], ['Live', 'Named'], ['Version', 'Other'], ['pay:live', 'Async']].map(([got, at]) => (
      `'FunctionName' must be a function, got ${got}; use the name of the function without the alias, and Qualifier for the configuration of asynchronous invocation (at ${at})`)),
  },
  {
    id: 'LP-F176',
    region: 'eu-central-1',
    account: '111122223333',
    fails: {
      Region: redrive(arn('sqs', 'dead')),
      Account: redrive(arn('sqs', 'dead', 'eu-central-1', '444455556666')),
      Bucket: r('AWS::S3::Bucket', { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('lambda', 'function:pay') }] } }),
      Custom: r('Custom::S3BucketNotifications', { NotificationConfiguration: { QueueConfigurations: [{ QueueArn: arn('sqs', 'orders') }] } }),
      Alarm: r('AWS::CloudWatch::Alarm', { AlarmActions: [arn('sns', 'on-call')] }),
      Fn: fn({ Role: 'arn:aws:iam::444455556666:role/pay' }),
    },
    passes: {
      Own: redrive(att('Dead')),
      Dead: queue(),
      Named: redrive(arn('sqs', 'dead', 'eu-central-1')),
      Bucket: r('AWS::S3::Bucket', { NotificationConfiguration: { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: arn('sns', 'files', 'eu-central-1') }] } }),
      Alarm: r('AWS::CloudWatch::Alarm', { AlarmActions: [arn('sns', 'on-call', 'eu-central-1', '444455556666'), 'arn:aws:automate:us-east-1:ec2:stop', arn('ssm', 'opsitem:1')] }),
      Fn: fn({ Role: 'arn:aws:iam::111122223333:role/pay' }),
    },
    says: [
      ['RedrivePolicy.deadLetterTargetArn', 'eu-central-1 (the Region', 'us-east-1', 'Region'],
      ['RedrivePolicy.deadLetterTargetArn', '111122223333 (the account', '444455556666', 'Account'],
      ['NotificationConfiguration.LambdaConfigurations.0.Function', 'eu-central-1 (the Region', 'us-east-1', 'Bucket'],
      ['NotificationConfiguration.QueueConfigurations.0.QueueArn', 'eu-central-1 (the Region', 'us-east-1', 'Custom'],
      ['AlarmActions.0', 'eu-central-1 (the Region', 'us-east-1', 'Alarm'],
      ['Role', '111122223333 (the account', '444455556666', 'Fn'],
    ].map(([property, own, got, at]) => `'${property}' must be in ${own} of the stack), got ${got}; create the resource in the same Region and account, or forward the events with EventBridge (at ${at})`),
  },
  { id: 'LP-F111', name: 'of a code signing configuration', region: 'eu-central-1', fails: { Fn: fn({ CodeSigningConfigArn: arn('lambda', 'code-signing-config:csc-1') }) }, passes: { Fn: fn({ CodeSigningConfigArn: arn('lambda', 'code-signing-config:csc-1', 'eu-central-1') }) }, says: ["'CodeSigningConfigArn' must be in eu-central-1 (the Region of the stack), got us-east-1; publish or replicate the resource in the Region of the function (at Fn)"] },
  { id: 'LP-F144', name: 'through an API that passes none', fails: { Fn: fn(tenant), Rest: r('AWS::ApiGateway::RestApi'), Get: method(), Api: httpApi(), I: integration() }, passes: { Fn: fn(tenant), Rest: r('AWS::ApiGateway::RestApi'), Get: method({}, { RequestParameters: { 'integration.request.header.X-Amz-Tenant-Id': 'method.request.header.tenant' } }), Socket: r('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }), I: integration({ ApiId: ref('Socket') }) }, says: ["'Integration.Uri' must pass a tenant ID to Fn, got none; map X-Amz-Tenant-Id in the integration of a REST API, or invoke the function with the SDK (at Get)", "'IntegrationUri' must pass a tenant ID to Fn, got none; map X-Amz-Tenant-Id in the integration of a REST API, or invoke the function with the SDK (at I)"] },
  { id: 'LP-F93', name: 'whose distribution is in another app', fails: { Fn: fn({ Timeout: 31, Architectures: ['arm64'], Role: att('Edge') }), Edge: edgeRole }, passes: { Fn: fn({ Timeout: 30, MemorySize: 1024, Architectures: ['x86_64'], Role: att('Edge') }), Edge: edgeRole, Plain: fn({ Timeout: 31 }) }, says: [`'Timeout' must be at most 30 seconds on Lambda@Edge, got 31 seconds; ${unsupported}`, `'Architectures' must be x86_64 on Lambda@Edge, got arm64; ${unsupported}`] },
];
