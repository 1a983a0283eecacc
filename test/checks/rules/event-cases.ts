/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { allow, asyncConfig, att, fn, inVpc, onFailure, queue, r, ref, role, rule, source, sqs, subnets } from './harness';
import type { RuleCase } from './harness';

const notified = (list: 'Lambda' | 'Topic', target: unknown, filter?: [name: string, value: string]) => r('AWS::S3::Bucket', {
  NotificationConfiguration: {
    [`${list}Configurations`]: [{
      Event: 's3:ObjectCreated:*', [list === 'Lambda' ? 'Function' : 'Topic']: target, ...filter && { Filter: { S3Key: { Rules: [{ Name: filter[0], Value: filter[1] }] } } },
    }],
  },
});
const failsTo = (id: string) => asyncConfig(onFailure(id === 'Topic' ? ref(id) : att(id)));
const again = (got: string) => [`'DestinationConfig.OnFailure.Destination' must not trigger Fn again, got ${got}; send failures to a queue without a consumer (at Config)`];
const subscribed = (props: object = {}) => r('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'lambda', Endpoint: att('Fn'), ...props });
const toBucket = { Fn: fn(), Config: failsTo('Bucket') };
const toTopic = { Fn: fn(), Topic: r('AWS::SNS::Topic'), Config: failsTo('Topic') };
const toBus = { Fn: fn(), Bus: r('AWS::Events::EventBus', { Name: 'failures' }) };
const matching = (EventPattern: object) => r('AWS::Events::Rule', { EventBusName: ref('Bus'), EventPattern, Targets: [{ Arn: att('Fn'), Id: 't' }] });
const sending = r('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: {} } });
const objects = (type: unknown, object?: object) => r('AWS::Events::Rule', { EventPattern: { 'source': ['aws.s3'], 'detail-type': [type], ...object && { detail: { object } } }, Targets: [{ Arn: att('Fn'), Id: 't' }] });

const vpc = { Vpc: r('AWS::EC2::VPC'), Group: r('AWS::EC2::SecurityGroup'), Cache: r('AWS::ElastiCache::ServerlessCache'), ...subnets(['a', 'b']) };
const aws = (name: string) => ({ 'Fn::Join': ['', ['arn:', ref('AWS::Partition'), `:iam::aws:policy/${name}`]] });
const attaching = (ManagedPolicyArns: unknown[], statements: object[] = []) => ({ Fn: fn(inVpc()), ...vpc, Role: role(statements, { ManagedPolicyArns }) });
const policy = (Action: string) => r('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [allow(Action)] } });
const cannotAttach = ["'Policies' must allow ec2:CreateNetworkInterface for Fn, got nothing; add the managed policy AWSLambdaVPCAccessExecutionRole, or its ENI actions (at Role)"];
const basic = aws('service-role/AWSLambdaBasicExecutionRole');
const documents = (props: object) => source(undefined, { DocumentDBEventSourceConfig: { DatabaseName: 'd' }, StartingPosition: 'AT_TIMESTAMP', ...props });

const layer = (region: string) => `arn:aws:lambda:${region}:111122223333:layer:tools:1`;
const scheduled = (region: string, other: string) => r('AWS::Scheduler::Schedule', { Target: { Arn: `arn:aws:lambda:${region}:111122223333:function:report`, DeadLetterConfig: { Arn: `arn:aws:sqs:${other}:111122223333:dead` } } });
const stage = { Parameters: { Stage: { Type: 'String' }, Region: { Type: 'String' } } };
const named = { 'Fn::Join': ['-', ['pay', ref('Stage')]] };
const mapped = (name: string) => source({ 'Fn::Sub': `arn:aws:sqs:\${AWS::Region}:\${AWS::AccountId}:${name}` });
const watching = (Value: unknown) => alarm({ ...topic, Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value }] });
const logs = (name: string) => r('AWS::Logs::LogGroup', { LogGroupName: { 'Fn::Sub': `/aws/lambda/pay-${name}` }, RetentionInDays: 30 });
const inSubnets = (SubnetIds: unknown) => ({ VpcConfig: { SubnetIds, SecurityGroupIds: ['sg-1'] } });
const subnetParameters = { Parameters: { One: { Type: 'AWS::EC2::Subnet::Id' }, Many: { Type: 'List<AWS::EC2::Subnet::Id>' }, Text: { Type: 'String' } } };
const oneZone = (at: string) => `'VpcConfig.SubnetIds' must span 2 Availability Zones, got 1; use subnets in two or more Availability Zones (at ${at})`;
const retained = (MessageRetentionPeriod: number) => queue({ MessageRetentionPeriod, VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: att('Dead'), maxReceiveCount: 5 } });
const parallel = (props: object) => r('AWS::StepFunctions::StateMachine', { Definition: { StartAt: 'P', States: { P: { Type: 'Parallel', ...props, Branches: [{ StartAt: 'A', States: { A: { Type: 'Task', Resource: att('Fn'), End: true } } }], End: true } } } });
const topic = { AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'] };
const alarm = (props: object) => r('AWS::CloudWatch::Alarm', props);

/** Which events reach a function again, what a role with managed policies may do, and which alarms notify no one. */
export const EVENT_FOUNDATION: RuleCase[] = [
  { id: 'LP-F22', name: 'with a bucket as the destination', fails: { ...toBucket, Bucket: notified('Lambda', att('Fn')) }, passes: { ...toBucket, Bucket: notified('Lambda', att('Fn'), ['suffix', '.csv']) }, says: again('Bucket') },
  { id: 'LP-F22', name: 'with a bucket as the destination, by the prefix of Lambda', fails: { ...toBucket, Bucket: notified('Lambda', att('Fn'), ['prefix', 'aws/']) }, passes: { ...toBucket, Bucket: notified('Lambda', att('Fn'), ['prefix', 'in/']) }, says: again('Bucket') },
  { id: 'LP-F22', name: 'with a bucket as the destination, through its topic', fails: { ...toBucket, Topic: r('AWS::SNS::Topic'), Sub: subscribed(), Bucket: notified('Topic', ref('Topic')) }, passes: { ...toBucket, Topic: r('AWS::SNS::Topic'), Queue: queue(), Map: sqs(), Sub: subscribed({ Endpoint: att('Queue') }), Bucket: notified('Topic', ref('Topic')) }, says: again('Bucket') },
  { id: 'LP-F22', name: 'with a bucket as the destination, through a rule', fails: { ...toBucket, Bucket: sending, Rule: objects({ prefix: 'Object ' }) }, passes: { ...toBucket, Bucket: sending, Rule: objects({ prefix: 'Object D' }), In: objects('Object Created', { key: [{ prefix: 'in/' }] }) }, says: again('Bucket') },
  { id: 'LP-F22', name: 'unless the subscription filters the messages', fails: { ...toTopic, Sub: subscribed() }, passes: { ...toTopic, Sub: subscribed({ FilterPolicy: { kind: ['order'] } }) }, says: again('Topic') },
  { id: 'LP-F22', name: 'with a topic as the destination, through its queue', fails: { ...toTopic, Queue: queue(), Map: sqs(), Sub: subscribed({ Endpoint: att('Queue') }) }, passes: { ...toTopic, Queue: queue(), Map: sqs({ FilterCriteria: { Filters: [{ Pattern: '{}' }] } }), Sub: subscribed({ Endpoint: att('Queue') }) }, says: again('Topic') },
  { id: 'LP-F22', name: 'with an event bus as the destination', fails: { ...toBus, Config: failsTo('Bus'), Rule: matching({ source: ['lambda'] }) }, passes: { ...toBus, Config: failsTo('Bus'), Rule: matching({ source: ['shop.orders'] }), Other: matching({ 'source': ['lambda'], 'detail-type': ['Lambda Function Invocation Result - Success'] }), Default: rule() }, says: again('Bus') },
  {
    id: 'LP-F22',
    name: 'with an event bus as the destination of successes',
    fails: { ...toBus, Config: asyncConfig({ DestinationConfig: { OnSuccess: { Destination: att('Bus') } } }), Rule: matching({ 'detail-type': [{ prefix: 'Lambda Function Invocation Result' }] }) },
    passes: { ...toBus, Config: asyncConfig({ DestinationConfig: { OnSuccess: { Destination: att('Bus') } } }), Rule: matching({ 'detail-type': ['Lambda Function Invocation Result - Failure'] }) },
    says: ["'DestinationConfig.OnSuccess.Destination' must not trigger Fn again, got Bus; send failures to a queue without a consumer (at Config)"],
  },
  { id: 'LP-F49', name: 'on DocumentDB', fails: { Fn: fn(), Map: documents({}) }, passes: { Fn: fn(), Map: documents({ StartingPositionTimestamp: 1 }) }, says: ["'StartingPosition' must be set with StartingPositionTimestamp, got AT_TIMESTAMP; use TRIM_HORIZON (at Map)"] },
  { id: 'LP-F91', name: 'with policies of AWS for logs and polls', fails: attaching([basic, aws('service-role/AWSLambdaSQSQueueExecutionRole'), aws('AWSXRayDaemonWriteAccess')]), passes: attaching([basic, aws('service-role/AWSLambdaENIManagementAccess')]), says: cannotAttach },
  { id: 'LP-F91', name: 'with a managed policy of the app', fails: { ...attaching([basic, ref('Managed')]), Managed: policy('s3:GetObject') }, passes: { ...attaching([basic, ref('Managed')]), Managed: policy('ec2:*NetworkInterface') }, says: cannotAttach },
  { id: 'LP-F91', name: 'unless a statement allows all but some actions', fails: attaching([basic], [allow('s3:GetObject')]), passes: attaching([basic], [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]), says: cannotAttach },
  { id: 'LP-F60', name: 'that is enabled', fails: { A: alarm({ ...topic, ActionsEnabled: false }), B: alarm(topic) }, passes: { A: alarm({ ...topic, ActionsEnabled: true }), B: alarm(topic) }, says: ["'ActionsEnabled' must be true, got false; remove ActionsEnabled (at A)"] },
  { id: 'LP-F111', name: 'than another part', fails: { Fn: fn({ Layers: [layer('us-east-1'), layer('eu-west-1')] }) }, passes: { Fn: fn({ Layers: [layer('eu-west-1'), { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:111122223333:layer:tools:1' }, layer('eu-west-1')] }) }, says: ["'Layers.1' must be in us-east-1 (the Region of Layers.0), got eu-west-1; publish or replicate the resource in the Region of the function (at Fn)"] },
  { id: 'LP-F112', name: 'than another part', fails: { S: scheduled('us-east-1', 'eu-west-1') }, passes: { S: scheduled('us-east-1', 'us-east-1') }, says: ["'Target.DeadLetterConfig.Arn' must be in us-east-1 (the Region of Target.Arn), got eu-west-1; send the events to an event bus of the other Region, with a rule and function there (at S)"] },
  { id: 'LP-F31', name: 'of a queue whose name only the deployment knows', extra: stage, fails: { Fn: fn({ Timeout: 60 }), Queue: queue({ QueueName: { 'Fn::Join': ['-', [ref('AWS::StackName'), ref('Stage')]] } }), Map: mapped('${AWS::StackName}-${Stage}') }, passes: { Fn: fn({ Timeout: 60 }), Queue: queue({ QueueName: { 'Fn::Join': ['-', [ref('AWS::StackName'), ref('Stage')]] } }), Map: mapped('${AWS::StackName}-${Region}') }, says: ["'VisibilityTimeout' must be at least 1 minute (the timeout of Fn), got 30 seconds; raise it to 6 minutes (VisibilityTimeout: 360) or lower the function timeout (at Queue)"] },
  { id: 'LP-F31', name: 'of a function whose name is a parameter', extra: stage, fails: { Fn: fn({ Timeout: 60, FunctionName: ref('Stage') }), Queue: queue(), Map: sqs({}, ref('Stage')) }, passes: { Fn: fn({ Timeout: 60, FunctionName: ref('Stage') }), Queue: queue(), Map: sqs({}, ref('Region')) }, says: ["'VisibilityTimeout' must be at least 1 minute (the timeout of Fn), got 30 seconds; raise it to 6 minutes (VisibilityTimeout: 360) or lower the function timeout (at Queue)"] },
  { id: 'LP-F140', name: 'by a name that only the deployment knows', extra: stage, fails: { Fn: fn({ FunctionName: named }), Rule: rule(), A: watching({ 'Fn::Sub': 'pay-${Region}' }) }, passes: { Fn: fn({ FunctionName: named }), Rule: rule(), A: watching(named) }, says: ["'Alarm' must be watched by an alarm, got nothing; add an alarm on Errors and Throttles of the function, or on its dead-letter queue (at Fn)"] },
  {
    id: 'LP-F22',
    name: 'through a bucket whose name only the deployment knows',
    extra: stage,
    fails: { Fn: fn(), Role: role([allow('s3:PutObject', { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::pay-${Stage}/*' })]), Bucket: { ...notified('Lambda', att('Fn')), Properties: { ...notified('Lambda', att('Fn')).Properties, BucketName: named } } },
    passes: { Fn: fn(), Role: role([allow('s3:PutObject', { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::pay-${Region}/*' })]), Bucket: { ...notified('Lambda', att('Fn')), Properties: { ...notified('Lambda', att('Fn')).Properties, BucketName: named } } },
    says: ["'NotificationConfiguration.LambdaConfigurations.0.Function' must have a prefix or suffix, because Fn may write into the bucket that triggers it, got Bucket; write to another bucket, or filter the events by a prefix or suffix that the function does not write (at Bucket)"],
  },
  { id: 'LP-F13', name: 'unless a log group has the name that only the deployment knows', extra: stage, fails: { Fn: fn({ FunctionName: named }), Logs: logs('${Region}') }, passes: { Fn: fn({ FunctionName: named }), Logs: logs('${Stage}') }, says: ["'LoggingConfig.LogGroup' must be a log group with a retention period, got nothing; create the log group with a retention period and set LoggingConfig.LogGroup (at Fn)"] },
  { id: 'LP-F75', name: 'with one subnet of another app', extra: subnetParameters, fails: { A: fn(inSubnets([ref('One')])), B: fn(inSubnets(['subnet-0a1b2c'])) }, passes: { A: fn(inSubnets(ref('Many'))), B: fn(inSubnets([ref('Text')])), C: fn(inSubnets(['subnet-1', 'subnet-2'])), D: fn(inSubnets([{ 'Fn::ImportValue': 'subnet' }])) }, says: [oneZone('A'), oneZone('B')] },
  { id: 'LP-F37', name: 'of a source with the longest retention', fails: { Fn: fn(), Queue: retained(1_209_600), Dead: queue(), Map: sqs() }, passes: { Fn: fn(), Queue: retained(1_209_600), Dead: queue({ MessageRetentionPeriod: 1_209_600 }), Map: sqs() }, says: ["'MessageRetentionPeriod' must be at least 14 days (the retention of Queue), got 4 days; raise it to 14 days (MessageRetentionPeriod: 1209600) (at Dead)"] },
  { id: 'LP-F136', name: 'unless the state around it does', fails: { Fn: fn(), M: parallel({}) }, passes: { Fn: fn(), M: parallel({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) }, says: ["'Retry' must be set on every state that invokes a function, got A; retry Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and Lambda.TooManyRequestsException (at M)"] },
];

const hooked = (FunctionName: unknown, ServiceRoleArn?: unknown, statements: object[] = []) => ({
  Fn: fn(),
  Version: r('AWS::Lambda::Version', { FunctionName: ref('Fn') }, { DeletionPolicy: 'Retain' }),
  Hook: fn({ FunctionName }),
  Live: r('AWS::Lambda::Alias', { FunctionName: ref('Fn'), FunctionVersion: att('Version', 'Version'), Name: 'live' }, { UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: ref('App'), DeploymentGroupName: ref('Group'), BeforeAllowTrafficHook: ref('Hook') } } }),
  App: r('AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda' }),
  Group: r('AWS::CodeDeploy::DeploymentGroup', { ApplicationName: ref('App'), DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes', ServiceRoleArn }),
  DeployRole: role(statements, { ManagedPolicyArns: [aws('service-role/AWSCodeDeployRoleForLambdaLimited')] }),
});
const composed = (text: string) => ({
  ...hooked('CodeDeployHook_x'),
  Group: r('AWS::CodeDeploy::DeploymentGroup', { ApplicationName: ref('App'), DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes', AlarmConfiguration: { Enabled: true, Alarms: [{ Name: ref('All') }] } }),
  All: r('AWS::CloudWatch::CompositeAlarm', { AlarmRule: { 'Fn::Sub': text } }),
});
const errors = () => alarm({ ...topic, Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: 60, EvaluationPeriods: 1, Dimensions: [{ Name: 'FunctionName', Value: ref('Fn') }] });
const sam = { Transform: 'AWS::Serverless-2016-10-31', Parameters: stage.Parameters, Conditions: { IsProd: { 'Fn::Equals': [ref('Stage'), 'prod'] } } };
const samRelease = (Alarms: unknown) => r('AWS::Serverless::Function', { Runtime: 'nodejs24.x', Handler: 'a.b', CodeUri: 'src/', AutoPublishAlias: 'live', DeploymentPreference: { Type: 'Canary10Percent5Minutes', Alarms } });
const invokesOthers = (got: string) => [`'UpdatePolicy.CodeDeployLambdaAliasUpdate.BeforeAllowTrafficHook' must be named CodeDeployHook_*, got ${got}; grant lambda:InvokeFunction to the role of the deployment group, or prefix the function name with CodeDeployHook_ (at Live)`];

export const EVENT_DEPLOYMENT: RuleCase[] = [
  { id: 'LP-P12', name: 'in a composite alarm', fails: { ...composed("ALARM('${Child}') OR ALARM('other')"), Child: errors() }, passes: { ...composed("ALARM('${Child}') AND ALARM('other')"), Child: errors() }, says: ["'Dimensions' must contain Resource for the alias Live, got FunctionName only; use the dimensions FunctionName, Resource (<function>:<alias>) and ExecutedVersion (at Child)"] },
  { id: 'LP-P15', name: 'of SAM, with alarms under a condition', extra: sam, fails: { ...hooked('CodeDeployHook_x'), Group: r('AWS::CodeDeploy::DeploymentGroup', { ApplicationName: ref('App'), AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_STOP_ON_ALARM'] } }) }, passes: { Fn: samRelease({ 'Fn::If': ['IsProd', [ref('Child')], ref('AWS::NoValue')] }), Child: errors() }, says: ["'AlarmConfiguration.Alarms' must contain an alarm for DEPLOYMENT_STOP_ON_ALARM, got nothing; add alarms, or remove the event (at Group)"] },
  { id: 'LP-P18', name: 'with the role of SAM', fails: hooked('smoke'), passes: hooked('CodeDeployHook_smoke'), says: invokesOthers('smoke') },
  { id: 'LP-P18', name: 'with a generated name', fails: hooked(undefined), passes: hooked(undefined, 'arn:aws:iam::111122223333:role/deploy'), says: invokesOthers('Hook, whose name CloudFormation generates') },
  { id: 'LP-P18', name: 'with a part of a name', fails: hooked({ 'Fn::Sub': 'smoke-${AWS::StackName}' }), passes: hooked({ 'Fn::Sub': '${Prefix}-smoke' }), says: invokesOthers('smoke-*') },
];
