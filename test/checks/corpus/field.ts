const GLOBALS = 'Globals: { Function: { Runtime: nodejs24.x, Handler: app.handler, CodeUri: src/, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }';
const LOGS = 'Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }';
const FAILURES = 'Failures: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: 1209600 } }';

/** A SAM template with one careful function, its properties and the other resources. */
function sam(properties: string, resources = ''): string {
  return `
Transform: AWS::Serverless-2016-10-31
${GLOBALS}
Resources:
  ${LOGS}
  Work: { Type: AWS::Serverless::Function, Properties: { ${properties} } }
${resources.split('\n').map(line => `  ${line.trim()}`).join('\n')}
`;
}

const DESTINATION = 'EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Failures.Arn } } }';
const queue = (more = '') => `Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: !GetAtt Failures.Arn, maxReceiveCount: 5 }${more} } }`;
const stream = (more: string) => `Events: { Records: { Type: Kinesis, Properties: { Stream: !GetAtt Orders.Arn, StartingPosition: LATEST${more} } } }`;
const ORDERS = 'Orders: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }';
const streamed = (more = '') => `Timeout: 120, Events: { Tell: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /tell, Method: post${more} } } }`;
const api = (more: string) => `Api: { Type: AWS::Serverless::Api, Properties: { StageName: live, EndpointConfiguration: REGIONAL, Auth: { DefaultAuthorizer: AWS_IAM }, AccessLogSetting: { DestinationArn: !GetAtt Logs.Arn, Format: '{}' }, MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]${more} } }`;
const document = (integration: string) => `, DefinitionBody: { openapi: 3.0.1, paths: { /tell: { post: { security: [{ AWS_IAM: [] }], x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: !GetAtt Work.Arn${integration} } } } } }`;
const table = (more: string) => `Orders: { Type: AWS::DynamoDB::Table, DeletionPolicy: Retain, Properties: { KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], BillingMode: PAY_PER_REQUEST${more} } }`;
const RECOVERY = ', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true';
const alarm = (more: string) => `Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/Lambda, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'], ${more} } }`;

/** Templates with the structure of those in public collections: one subject each, once correct and once with a mistake. */
export const FIELD_APPS: Record<string, string> = {
  'queue with a redrive policy and partial batch responses': sam('Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, FunctionResponseTypes: [ReportBatchItemFailures] } } }', `${queue()}\n${FAILURES}`),
  'queue without a dead-letter queue': sam('Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, BatchSize: 1 } } }', 'Jobs: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60 } }'),
  'queue with filters and a short visibility timeout': sam("Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, BatchSize: 1, FilterCriteria: { Filters: [{ Pattern: '{\"body\":{\"kind\":[\"order\"]}}' }] } } } }", `${queue().replace('60', '30')}\n${FAILURES}`),
  'mapping that is switched off': sam('Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, Enabled: false } } }', 'Jobs: { Type: AWS::SQS::Queue }'),
  'stream with retries, a destination and partial batch responses': sam(stream(', MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true, FunctionResponseTypes: [ReportBatchItemFailures], DestinationConfig: { OnFailure: { Destination: !GetAtt Failures.Arn } }'), `${ORDERS}\n${FAILURES}`),
  'stream without a limit of retries': sam(stream(', FunctionResponseTypes: [ReportBatchItemFailures]'), ORDERS),
  'stream with retries whose discarded records are lost': sam(stream(', MaximumRetryAttempts: 3, FunctionResponseTypes: [ReportBatchItemFailures]'), ORDERS),
  'topic with a destination of the function': sam(`${DESTINATION}, Events: { News: { Type: SNS, Properties: { Topic: !Ref Topic, RedrivePolicy: { deadLetterTargetArn: !GetAtt Failures.Arn } } } }`, `Topic: { Type: AWS::SNS::Topic }\n${FAILURES}`),
  'topic without a destination': sam('Events: { News: { Type: SNS, Properties: { Topic: !Ref Topic } } }', 'Topic: { Type: AWS::SNS::Topic }'),
  'rule with a dead-letter queue of its target': sam(`${DESTINATION}, Events: { Placed: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop] }, DeadLetterConfig: { Arn: !GetAtt Failures.Arn } } } }`, FAILURES),
  'rule whose events are lost on failure': sam('Events: { Placed: { Type: EventBridgeRule, Properties: { Pattern: { source: [shop] } } } }'),
  'schedule of EventBridge Scheduler': sam(`${DESTINATION}, Events: { Nightly: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day), DeadLetterConfig: { Arn: !GetAtt Failures.Arn } } } }`, FAILURES),
  'bucket with a suffix': sam(`${DESTINATION}, Events: { Image: { Type: S3, Properties: { Bucket: !Ref Images, Events: s3:ObjectCreated:*, Filter: { S3Key: { Rules: [{ Name: suffix, Value: .jpeg }] } } } } }`, `Images: { Type: AWS::S3::Bucket }\n${FAILURES}`),
  'bucket that the function writes into': sam(`${DESTINATION}, Policies: [{ S3WritePolicy: { BucketName: !Ref Images } }], Events: { Image: { Type: S3, Properties: { Bucket: !Ref Images, Events: s3:ObjectCreated:* } } }`, `Images: { Type: AWS::S3::Bucket }\n${FAILURES}`),
  'streamed response of an event': sam(streamed(', ResponseTransferMode: STREAM'), api('')),
  'streamed response of a document': sam(streamed(), api(document(', responseTransferMode: STREAM'))),
  'streamed response with a timeout of a minute': sam(streamed(), api(document(', responseTransferMode: STREAM, timeoutInMillis: 60000'))),
  'buffered response of a slow function': sam(streamed(), api('')),
  'API that excludes some addresses only': sam('Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: get } } }', api(', Tags: { a: b }').replace('{ DefaultAuthorizer: AWS_IAM }', '{ ResourcePolicy: { IpRangeBlacklist: [192.0.2.0/24] } }')),
  'API for some addresses only': sam('Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: get } } }', api('').replace('{ DefaultAuthorizer: AWS_IAM }', '{ ResourcePolicy: { IpRangeWhitelist: [192.0.2.0/24] } }')),
  'function URL for the roles of the account': sam('ReservedConcurrentExecutions: 10, FunctionUrlConfig: { AuthType: AWS_IAM }'),
  'function URL for everyone, as of a webhook': sam('ReservedConcurrentExecutions: 10, FunctionUrlConfig: { AuthType: NONE }'),
  'table with recovery that the function writes': sam('Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Orders } }]', table(RECOVERY)),
  'table without recovery': sam('Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Orders } }]', table('')),
  'table whose items expire': sam('Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Orders } }]', table(', TimeToLiveSpecification: { AttributeName: expires, Enabled: true }')),
  'events for every bus': sam("Policies: [{ Version: '2012-10-17', Statement: [{ Effect: Allow, Action: events:PutEvents, Resource: '*' }] }]"),
  'text recognition, which IAM cannot scope': sam("Policies: [{ Version: '2012-10-17', Statement: [{ Effect: Allow, Action: textract:DetectDocumentText, Resource: '*' }] }]"),
  'alarm on the errors of the function': sam('Description: watched', alarm('MetricName: Errors, Dimensions: [{ Name: FunctionName, Value: !Ref Work }]')),
  'alarm on a metric that does not exist': sam('Description: watched', alarm('MetricName: Error, Dimensions: [{ Name: FunctionName, Value: !Ref Work }]')),
  'alarm with an ARN as the name of the function': sam('Description: watched', alarm('MetricName: Errors, Dimensions: [{ Name: FunctionName, Value: !GetAtt Work.Arn }]')),
};
