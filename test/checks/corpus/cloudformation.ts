const TRUST = "AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: lambda.amazonaws.com } }] }";
const LOGS = 'Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }';

const allow = (action: string, resource: string) => `{ Effect: Allow, Action: [${action}], Resource: ${resource} }`;
const role = (...statements: string[]) => `Role: { Type: AWS::IAM::Role, Properties: { ${TRUST}, Policies: [{ PolicyName: p, PolicyDocument: { Version: '2012-10-17', Statement: [${[allow('logs:CreateLogStream, logs:PutLogEvents', '!GetAtt Logs.Arn'), ...statements].join(', ')}] } }] } }`;
const fn = (more = '', runtime = 'nodejs24.x', memory = 512) => `Work: { Type: AWS::Lambda::Function, Properties: { Runtime: ${runtime}, Handler: index.handler, Code: { S3Bucket: artifacts, S3Key: code.zip }, Role: !GetAtt Role.Arn, Timeout: 10, MemorySize: ${memory}, Architectures: [arm64], TracingConfig: { Mode: Active }, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs }${more} } }`;

/** A template in plain CloudFormation, with a log group and the other resources. */
function cfn(resources: string[], sections = ''): string {
  return `AWSTemplateFormatVersion: '2010-09-09'\n${sections}\nResources:\n${[LOGS, ...resources].map(resource => `  ${resource}`).join('\n')}\n`;
}

const FAILURES = 'Failures: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: 1209600 } }';
const QUEUE = 'Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: !GetAtt Failures.Arn, maxReceiveCount: 5 } } }';
const BARE = 'Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60 } }';
const source = (origin: string, more = '') => `Source: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref Work, EventSourceArn: ${origin}${more} } }`;
const jobs = (more = '') => source('!GetAtt Jobs.Arn', `, BatchSize: 1${more}`);
const permission = (principal: string, more: string) => `Permission: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Work, Action: lambda:InvokeFunction, Principal: ${principal}, ${more} } }`;
const DESTINATION = 'Async: { Type: AWS::Lambda::EventInvokeConfig, Properties: { FunctionName: !Ref Work, Qualifier: $LATEST, DestinationConfig: { OnFailure: { Destination: !GetAtt Failures.Arn } } } }';
const RECEIVE = allow('sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes', '!GetAtt Jobs.Arn');
const SEND = allow('sqs:SendMessage', '!GetAtt Failures.Arn');
const MAP = 'Mappings: { Regions: { eu-west-1: { Runtime: nodejs24.x, Layer: "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20" }, us-east-1: { Runtime: nodejs16.x, Layer: "arn:aws:lambda:us-east-1:580247275436:layer:LambdaInsightsExtension-Arm64:24" } }, Stages: { test: { Visibility: 60, Enabled: false }, prod: { Visibility: 120, Enabled: true } } }';
const parameter = (more: string) => `Parameters: { Given: { Type: String, ${more} } }`;
const stages = `${MAP}\nParameters: { Stage: { Type: String, AllowedValues: [test, prod], Default: test } }`;
const VPC = 'Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }';
const GROUP = 'Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: g, VpcId: !Ref Vpc } }';
const CACHE = 'Cache: { Type: AWS::ElastiCache::ServerlessCache, Properties: { Engine: valkey, ServerlessCacheName: c, SubnetIds: [!Ref SubnetA, !Ref SubnetB], SecurityGroupIds: [!Ref Group] } }';
const subnet = (zone: string, i: number) => `Subnet${zone}: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.${i}.0/24, AvailabilityZone: !Select [${i}, !GetAZs ''] } }`;
const NETWORK = [VPC, GROUP, CACHE, subnet('A', 0), subnet('B', 1)];
const inVpc = ', VpcConfig: { SubnetIds: [!Ref SubnetA, !Ref SubnetB], SecurityGroupIds: [!Ref Group] }';
const ENI = "{ Effect: Allow, Action: ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'], Resource: '*' }, { Effect: Deny, Action: ['ec2:CreateNetworkInterface'], Resource: '*', Condition: { ArnEquals: { 'lambda:SourceFunctionArn': !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:work' } } }";
const url = (more: string) => `Url: { Type: AWS::Lambda::Url, Properties: { AuthType: AWS_IAM, TargetFunctionArn: !Ref Work${more} } }`;
const TOPIC = 'News: { Type: AWS::SNS::Topic }';
const subscription = (queue: string) => `Told: { Type: AWS::SNS::Subscription, Properties: { TopicArn: !Ref News, Protocol: lambda, Endpoint: !GetAtt Work.Arn, RedrivePolicy: { deadLetterTargetArn: !GetAtt ${queue}.Arn } } }`;
const task = (retry: string) => `{ StartAt: Work, States: { Work: { Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: !GetAtt Work.Arn, Payload.$: $ }${retry}, End: true } } }`;
const RETRY = ', Retry: [{ ErrorEquals: [Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException, Lambda.TooManyRequestsException], MaxAttempts: 6 }]';
const items = (processor: string) => `Flow: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: !GetAtt Role.Arn, TracingConfiguration: { Enabled: true }, Definition: { StartAt: Items, States: { Items: { Type: Map, ItemProcessor: { ProcessorConfig: { Mode: DISTRIBUTED, ExecutionType: STANDARD }, ${processor.slice(1, -1)} }, End: true } } } } }`;

/** Plain CloudFormation templates of kinds that the other files of the corpus lack: correct, or with one mistake. */
export const CLOUDFORMATION_APPS: Record<string, string> = {
  'function alone': cfn([fn(), role()]),
  'runtime by a mapping of Regions, old in one of them': cfn([fn('', '!FindInMap [Regions, !Ref AWS::Region, Runtime]'), role()], MAP),
  'layer by a mapping of Regions': cfn([fn(', Layers: [!FindInMap [Regions, !Ref AWS::Region, Layer]]'), role()], MAP),
  'queue by a mapping of stages': cfn([fn(), role(RECEIVE), FAILURES, QUEUE.replace('60', '!FindInMap [Stages, !Ref Stage, Visibility]'), jobs(', Enabled: !FindInMap [Stages, !Ref Stage, Enabled]')], stages),
  'parameter that allows deprecated runtimes only': cfn([fn('', '!Ref Given'), role()], parameter('AllowedValues: [nodejs14.x, nodejs16.x]')),
  'parameter that allows a current runtime too': cfn([fn('', '!Ref Given'), role()], parameter('AllowedValues: [nodejs16.x, nodejs24.x]')),
  'parameter without a default': cfn([fn(', ReservedConcurrentExecutions: !Ref Given', '!Ref Given'), role()], parameter('Description: given at the deployment')),
  'consumer that a parameter switches on': cfn([fn(), role(RECEIVE), BARE, jobs(', Enabled: !Ref Given')], parameter("AllowedValues: ['true', 'false'], Default: 'false'")),
  'consumer that is off': cfn([fn(), role(RECEIVE), BARE, jobs(', Enabled: false')]),
  'function on the main route table of its VPC': cfn([...NETWORK, fn(inVpc), role(ENI, SEND), FAILURES]),
  'function on the main route table that calls no service': cfn([...NETWORK, fn(inVpc), role(ENI)]),
  'function in private subnets with a NAT gateway': cfn([...NETWORK, fn(inVpc), role(ENI, SEND), FAILURES, 'Table: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }', ...['A', 'B'].map(zone => `Table${zone}: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Subnet${zone}, RouteTableId: !Ref Table } }`), 'Out: { Type: AWS::EC2::Route, Properties: { RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-0123 } }']),
  'function URL for one web site': cfn([fn(', ReservedConcurrentExecutions: 10'), role(), url(", Cors: { AllowOrigins: ['https://shop.example'], AllowMethods: [GET] }")]),
  'function URL for every web site': cfn([fn(', ReservedConcurrentExecutions: 10'), role(), url(", Cors: { AllowOrigins: ['*'] }")]),
  'alarm topic as a dead-letter queue': cfn([fn(', DeadLetterConfig: { TargetArn: !Ref Failed }'), role(allow('sns:Publish', '!Ref Failed')), 'Failed: { Type: AWS::SNS::Topic }', TOPIC, subscription('Failures'), FAILURES]),
  'subscription with a dead-letter queue': cfn([fn(), role(SEND), TOPIC, subscription('Failures'), FAILURES, DESTINATION]),
  'subscription with a FIFO dead-letter queue': cfn([fn(), role(SEND), TOPIC, subscription('Ordered'), 'Ordered: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true, MessageRetentionPeriod: 1209600 } }', FAILURES, DESTINATION]),
  'ordered events through a FIFO topic and queue': cfn([fn(), role(RECEIVE), 'News: { Type: AWS::SNS::Topic, Properties: { FifoTopic: true, TopicName: news.fifo } }', 'Failures: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true, MessageRetentionPeriod: 1209600 } }', QUEUE.replace('{ VisibilityTimeout', '{ FifoQueue: true, VisibilityTimeout'), 'Told: { Type: AWS::SNS::Subscription, Properties: { TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn, RedrivePolicy: { deadLetterTargetArn: !GetAtt Failures.Arn } } }', jobs()]),
  'function on Managed Instances': cfn([fn(', CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: !GetAtt Capacity.Arn } }', 'nodejs24.x', 2048), role(), 'Capacity: { Type: AWS::Lambda::CapacityProvider, Properties: { VpcConfig: { SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-1] }, PermissionsConfig: { CapacityProviderOperatorRoleArn: "arn:aws:iam::111122223333:role/operator" } } }']),
  'function on Managed Instances with reserved concurrency': cfn([fn(', ReservedConcurrentExecutions: 5, CapacityProviderConfig: { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: "arn:aws:lambda:eu-west-1:111122223333:capacity-provider:cp" } }', 'nodejs24.x', 2048), role()]),
  'environment for each tenant': cfn([fn(', TenancyConfig: { TenantIsolationMode: PER_TENANT }'), role()]),
  'environment for each tenant, invoked by a schedule': cfn([fn(', TenancyConfig: { TenantIsolationMode: PER_TENANT }'), role(SEND), FAILURES, DESTINATION, 'Nightly: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: t, Arn: !GetAtt Work.Arn, DeadLetterConfig: { Arn: !GetAtt Failures.Arn } }] } }']),
  'shared stream with a registered consumer': cfn([fn(), role(SEND), FAILURES, 'Orders: { Type: AWS::Kinesis::Stream, Properties: { StreamModeDetails: { StreamMode: ON_DEMAND } } }', 'Reader: { Type: AWS::Kinesis::StreamConsumer, Properties: { ConsumerName: reader, StreamARN: !GetAtt Orders.Arn } }', source('!GetAtt Reader.ConsumerARN', ', StartingPosition: TRIM_HORIZON, MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true, FunctionResponseTypes: [ReportBatchItemFailures], DestinationConfig: { OnFailure: { Destination: !GetAtt Failures.Arn } }')]),
  'change stream of DocumentDB': cfn([fn(), role(), source('arn:aws:rds:eu-west-1:111122223333:cluster:documents', ', StartingPosition: TRIM_HORIZON, DocumentDBEventSourceConfig: { DatabaseName: shop }, SourceAccessConfigurations: [{ Type: BASIC_AUTH, URI: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:documents-AbCdEf" }]')]),
  'rule of AWS Config': cfn([fn(), role(SEND, allow('config:PutEvaluations', "'*'")), FAILURES, DESTINATION, permission('config.amazonaws.com', 'SourceAccount: !Ref AWS::AccountId'), 'Check: { Type: AWS::Config::ConfigRule, Properties: { Source: { Owner: CUSTOM_LAMBDA, SourceIdentifier: !GetAtt Work.Arn, SourceDetails: [{ EventSource: aws.config, MessageType: ConfigurationItemChangeNotification }] } } }']),
  'action group of a Bedrock agent': cfn([fn(), role(), permission('bedrock.amazonaws.com', 'SourceArn: !GetAtt Agent.AgentArn'), 'Agent: { Type: AWS::Bedrock::Agent, Properties: { AgentName: shop, ActionGroups: [{ ActionGroupName: orders, ActionGroupExecutor: { Lambda: !GetAtt Work.Arn } }] } }']),
  'access point of S3 Object Lambda': cfn([fn(), role(allow('s3-object-lambda:WriteGetObjectResponse', "'*'")), 'Redacted: { Type: AWS::S3ObjectLambda::AccessPoint, Properties: { ObjectLambdaConfiguration: { SupportingAccessPoint: "arn:aws:s3:eu-west-1:111122223333:accesspoint/data", TransformationConfigurations: [{ Actions: [GetObject], ContentTransformation: { AwsLambda: { FunctionArn: !GetAtt Work.Arn } } }] } } }']),
  'distributed map over many items': cfn([fn(), role(), items(task(RETRY))]),
  'distributed map whose tasks do not retry': cfn([fn(), role(), items(task(''))]),
  'custom resource with its function': cfn([fn().replace('Work:', 'Provider:'), role(), 'Settings: { Type: Custom::Settings, Properties: { ServiceToken: !GetAtt Provider.Arn } }']),
};
