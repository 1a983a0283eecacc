/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { alias, allow, att, fn, httpApi, inVpc, permission, r, ref, role, rule, subnets, table, uri, url, version } from './harness';
import type { RuleCase } from './harness';

const topic = (SourceArn: unknown) => permission({ Principal: 'sns.amazonaws.com', SourceArn });
const noDeadLetters = (at: string, property = 'Targets.0.DeadLetterConfig') => `'${property}' must name a dead-letter queue, got nothing; set DeadLetterConfig on the target (at ${at})`;
const schedule = (Arn: unknown) => r('AWS::Scheduler::Schedule', { Target: { Arn } });
const pipe = (Level: string, IncludeExecutionData?: string[]) => r('AWS::Pipes::Pipe', { LogConfiguration: { Level, IncludeExecutionData } });
const inlinePolicy = (n: number) => r('AWS::SQS::QueueInlinePolicy', { PolicyDocument: { Statement: Array.from({ length: n }, () => ({ Effect: 'Allow' })) } });
const onInstances = { Fn: fn({ MemorySize: 2048, CapacityProviderConfig: { Arn: 'x' } }), Version: version(), Live: alias() };
const scaled = (ScalableDimension: string) => r('AWS::ApplicationAutoScaling::ScalableTarget', { ScalableDimension, ResourceId: { 'Fn::Sub': 'function:${Fn}:live' } });
const perTenant = fn({ TenancyConfig: { TenantIsolationMode: 'PER_TENANT' } });
const documentWith = (requestParameters?: object) => r('AWS::ApiGateway::RestApi', { Body: { security: [{ key: [] }], paths: { '/pay': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri(), requestParameters } } } } } });
const network = (GatewayId: unknown) => ({
  Vpc: r('AWS::EC2::VPC'), Group: r('AWS::EC2::SecurityGroup'), ...subnets(['a']), Table: r('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }), Link: r('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Subnet0'), RouteTableId: ref('Table') }), Route: r('AWS::EC2::Route', { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId }),
});
const sender = { Fn: fn(inVpc(1)), Role: role([allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:123456789012:orders')]) };
const durable = (ExecutionTimeout: number, props: object = {}) => ({ Fn: fn({ DurableConfig: { ExecutionTimeout }, ...props }), Version: version(), Live: alias() });
const machine = (task: object) => r('AWS::StepFunctions::StateMachine', { Definition: { StartAt: 'A', States: { A: { Type: 'Task', ...task, End: true } } } });
const tooLong = (most: string, caller: string) => [`'DurableConfig.ExecutionTimeout' must be at most ${most} with the synchronous caller ${caller}, got 1 day; shorten the execution, or invoke the function asynchronously (InvocationType Event) (at Fn)`];
const pool = (trigger: string) => r('AWS::Cognito::UserPool', { LambdaConfig: { [trigger]: { LambdaArn: att('Fn'), LambdaVersion: 'V2_0' } } });
const overrides = (props: object) => r('AWS::ApiGatewayV2::ApiGatewayManagedOverrides', { ApiId: ref('Api'), ...props });
const quick = { Fn: fn(), Api: httpApi({ Target: att('Fn') }) };

/** Other ways to write what a rule finds. */
export const VARIANT_FOUNDATION: RuleCase[] = [
  { id: 'LP-F87', name: 'for every action', fails: { Fn: fn(), P: permission({ Principal: '*', Action: 'lambda:*' }) }, passes: { Fn: fn(), P: permission({ Principal: '*', Action: 'lambda:*', PrincipalOrgID: 'o-1' }), Q: permission({ Principal: '*', Action: 'lambda:GetFunction' }) }, says: ["'Principal' must name an account, service or organization, got *; name the account, service or organization (at P)"] },
  { id: 'LP-F73', name: 'with a source of any account', fails: { Fn: fn(), P: topic('*'), Q: topic('arn:aws:sns:*:*:*') }, passes: { Fn: fn(), P: topic({ 'Fn::Sub': 'arn:aws:sns:*:${AWS::AccountId}:*' }), Q: topic('arn:aws:sns:*:123456789012:*') }, says: ["'SourceArn' must restrict sns.amazonaws.com to one source, got *; set SourceArn, and SourceAccount if the ARN contains no account (at P)", "'SourceArn' must restrict sns.amazonaws.com to one source, got arn:aws:sns:*:*:*; set SourceArn, and SourceAccount if the ARN contains no account (at Q)"] },
  { id: 'LP-F138', name: 'of a target in another app', fails: { Rule: rule({ 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:theirs' }), Plan: schedule('arn:aws:scheduler:::aws-sdk:sqs:sendMessage') }, passes: { Rule: rule('arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/orders'), Plan: schedule(ref('Given')) }, says: [noDeadLetters('Rule'), noDeadLetters('Plan', 'Target.DeadLetterConfig')] },
  { id: 'LP-F138', name: 'of a delivery stream', fails: { Stream: r('AWS::KinesisFirehose::DeliveryStream'), Rule: rule(att('Stream')) }, passes: { Logs: r('AWS::Logs::LogGroup'), Rule: rule(att('Logs')) }, says: [noDeadLetters('Rule')] },
  { id: 'LP-F134', name: 'of a pipe', fails: { Pipe: pipe('TRACE', ['ALL']) }, passes: { Pipe: pipe('TRACE'), Off: pipe('OFF', ['ALL']) }, says: ["'LogConfiguration.IncludeExecutionData' must be absent in production, got ALL; remove it (at Pipe)"] },
  { id: 'LP-F100', name: 'of an inline policy', fails: { Policy: inlinePolicy(21) }, passes: { Policy: inlinePolicy(20) }, says: ["'PolicyDocument.Statement' must be at most 20 statements, got 21; merge the statements into one with a list of sources or a condition on the account, or use several resources (at Policy)"] },
  { id: 'LP-F141', name: 'that Application Auto Scaling scales', fails: { ...onInstances, Target: scaled('lambda:function:ProvisionedConcurrency') }, passes: { ...onInstances, Target: scaled('dynamodb:table:ReadCapacityUnits') }, says: ["'CapacityProviderConfig' must not be combined with an incompatible feature, got provisioned concurrency; remove one of the two (at Fn)"] },
  { id: 'LP-F144', name: 'in a document', fails: { Fn: perTenant, Rest: documentWith() }, passes: { Fn: perTenant, Rest: documentWith({ 'integration.request.header.X-Amz-Tenant-Id': 'method.request.header.x-tenant' }), Given: documentWith(ref('Given')) }, says: ["'Body.paths./pay.post' must pass a tenant ID to Fn, got none; map X-Amz-Tenant-Id in the integration of a REST API, or invoke the function with the SDK (at Rest)"] },
  { id: 'LP-F76', name: 'with the ID of an internet gateway', fails: { ...sender, ...network('igw-0123456789abcdef0') }, passes: { ...sender, ...network('vgw-0123456789abcdef0') }, says: ["'VpcConfig.SubnetIds' must have a route to sqs, which the role of the function allows, got public subnets, in which a function has no public address, without a VPC endpoint for it; add the VPC endpoint, or a route (at Fn)"] },
  { id: 'LP-F03', name: 'that overrides the timeout of a quick-create API', fails: { ...quick, Overrides: overrides({ Integration: { TimeoutInMillis: 5000 } }) }, passes: { ...quick, Overrides: overrides({ Integration: { TimeoutInMillis: 20000 } }) }, says: ["'Timeout' must be below 5 seconds (the integration timeout of Api), got 10 seconds; lower the function timeout below the integration timeout (at Fn)"] },
  { id: 'LP-F92', name: 'with the version of its event', fails: { Fn: fn(), Pool: pool('PreTokenGenerationConfig') }, passes: { Fn: fn(), Pool: pool('CustomEmailSender') }, says: ["'Timeout' must be at most 5 seconds (the timeout of Pool), got 10 seconds; lower the function timeout, and move long work to a queue (at Fn)"] },
  { id: 'LP-F187', fails: { ...durable(86_400), Rest: documentWith() }, passes: { ...durable(900), Rest: documentWith() }, says: tooLong('15 minutes', 'Rest') },
  { id: 'LP-F187', name: 'of a URL', fails: { ...durable(86_400), Url: url({}, ref('Live')) }, passes: { ...durable(86_400), Rule: rule(ref('Live')) }, says: tooLong('15 minutes', 'Url') },
  { id: 'LP-F187', name: 'of a state machine', fails: { ...durable(86_400), M: machine({ Resource: ref('Live') }) }, passes: { ...durable(86_400), M: machine({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: { InvocationType: 'Event', FunctionName: ref('Live') } }), Given: r('AWS::StepFunctions::StateMachine', { DefinitionS3Location: {}, DefinitionSubstitutions: { Fn: ref('Live') } }) }, says: tooLong('15 minutes', 'M') },
  { id: 'LP-F187', name: 'on Managed Instances', fails: { ...durable(86_400, { CapacityProviderConfig: { Arn: 'x' } }), Rest: documentWith() }, passes: { ...durable(5_400, { CapacityProviderConfig: { Arn: 'x' } }), Rest: documentWith() }, says: tooLong('1 hour 30 minutes', 'Rest') },
];

const web = r('AWS::Lambda::WebFunction');

export const VARIANT_HTTP: RuleCase[] = [
  { id: 'LP-H09', name: 'that overrides the route of a quick-create API', fails: { ...quick, Overrides: overrides({ Stage: {} }) }, passes: { ...quick, Overrides: overrides({ Route: { AuthorizationType: 'AWS_IAM' } }) }, says: ["'AuthorizationType' must be set on every route, got $default; add an authorizer, or acknowledge this finding with the reason why the API is public (at Api)"] },
  { id: 'LP-H62', name: 'of a load balancer', fails: { Web: web, Group: r('AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: att('Web') }] }) }, passes: { Fn: fn(), Web: web, Group: r('AWS::ElasticLoadBalancingV2::TargetGroup', { Targets: [{ Id: att('Fn') }] }) }, says: ["'Targets' must not be a web function, got Web; use a function for events, and the endpoint for HTTP (at Group)"] },
];

export const VARIANT_DATABASE: RuleCase[] = [
  { id: 'LP-D40', name: 'whose items do not expire', fails: { Table: { ...table({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }), DeletionPolicy: 'Retain' } }, passes: { Table: table({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }), Given: table({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: ref('Given') } }) }, says: ["'PointInTimeRecoverySpecification' must be enabled on a table with data, got nothing; enable point-in-time recovery, add a backup plan, or set a TTL if the items expire (at Table)"] },
];
