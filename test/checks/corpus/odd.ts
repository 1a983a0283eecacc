/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { CfnOutput, Duration, Fn, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as appconfig from 'aws-cdk-lib/aws-appconfig';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { careful } from './apps';

const failed = (stack: Stack) => new destinations.SqsDestination(new sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) }));

/** Correct apps with an unusual structure. */
export const ODD_APPS: Record<string, (stack: Stack) => void> = {
  'function that reads a dead-letter queue': stack => {
    const dead = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14), visibilityTimeout: Duration.seconds(60) });
    const queue = new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: dead, maxReceiveCount: 5 } });
    careful(stack, 'Worker').addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true }));
    careful(stack, 'Undertaker').addEventSource(new sources.SqsEventSource(dead, { reportBatchItemFailures: true }));
  },

  'deployment groups of other platforms, alarms that other resources read': stack => {
    const alarm = (id: string) => new cloudwatch.Alarm(stack, id, { metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: id }), threshold: 1, evaluationPeriods: 1 });
    new codedeploy.ServerDeploymentGroup(stack, 'Servers', { application: new codedeploy.ServerApplication(stack, 'App') });
    const application = new appconfig.Application(stack, 'Config');
    new appconfig.Environment(stack, 'Environment', { application, monitors: [appconfig.Monitor.fromCloudWatchAlarm(alarm('Watched'))] });
    new cloudwatch.CompositeAlarm(stack, 'Any', { alarmRule: cloudwatch.AlarmRule.anyOf(alarm('A'), alarm('B')), actionsSuppressor: alarm('Suppressor') }).addAlarmAction({ bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111122223333:pager' }) });
  },

  'environment with names that resemble secrets': stack => {
    careful(stack, 'Ask', { environment: { TOKENIZER: 'cl100k_base', MAX_TOKENS: '4096', PASSWORD_POLICY: 'strict', SECRETS_PROVIDER: 'secretsmanager', TOKEN_ALGORITHM: 'RS256', API_KEY_PARAMETER: 'stripe-key', TOKEN_EXPIRY: '15m', SECRETARY: 'jane' } });
  },

  'REST API with a mock health check': stack => {
    const log = new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH });
    const api = new apigateway.RestApi(stack, 'Api', { endpointTypes: [apigateway.EndpointType.REGIONAL], cloudWatchRole: false, deployOptions: { throttlingRateLimit: 50, throttlingBurstLimit: 100, accessLogDestination: new apigateway.LogGroupLogDestination(log) } });
    api.root.addResource('health').addMethod('GET', new apigateway.MockIntegration({ requestTemplates: { 'application/json': '{"statusCode": 200}' }, integrationResponses: [{ statusCode: '200' }] }), { methodResponses: [{ statusCode: '200' }] });
    api.root.addMethod('GET', new apigateway.LambdaIntegration(careful(stack, 'Get')), { authorizationType: apigateway.AuthorizationType.IAM });
  },

  'REST API that starts a workflow': stack => {
    const log = new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH });
    const machine = new sfn.StateMachine(stack, 'Flow', { stateMachineType: sfn.StateMachineType.EXPRESS, tracingEnabled: true, definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')) });
    new apigateway.StepFunctionsRestApi(stack, 'Api', {
      stateMachine: machine,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      cloudWatchRole: false,
      defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM },
      deployOptions: { throttlingRateLimit: 50, throttlingBurstLimit: 100, accessLogDestination: new apigateway.LogGroupLogDestination(log) },
    });
  },

  'notifications of an imported bucket': stack => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Theirs', 'theirs');
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.LambdaDestination(careful(stack, 'Index', { onFailure: failed(stack) })));
  },

  'events through a bus and a topic with queues': stack => {
    const bus = new events.EventBus(stack, 'Bus');
    const queue = new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) }), maxReceiveCount: 5 } });
    new events.Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new targets.SqsQueue(queue, { deadLetterQueue: new sqs.Queue(stack, 'Undelivered', { enforceSSL: true }) })] });
    const topic = new sns.Topic(stack, 'Topic');
    topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true }));
    const worker = careful(stack, 'Worker');
    worker.addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true, filters: [lambda.FilterCriteria.filter({ body: { kind: ['paid'] } })] }));
    bus.grantPutEventsTo(worker);
  },

  'function with a file system in a VPC, log group with a KMS key': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const files = new efs.FileSystem(stack, 'Files', { vpc });
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    key.grantEncryptDecrypt(new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`));
    const logGroup = new logs.LogGroup(stack, 'Log', { retention: logs.RetentionDays.ONE_MONTH, encryptionKey: key });
    const point = files.addAccessPoint('Point', { path: '/data', createAcl: { ownerGid: '1', ownerUid: '1', permissions: '750' }, posixUser: { gid: '1', uid: '1' } });
    const fn = careful(stack, 'Convert', { vpc, logGroup, filesystem: lambda.FileSystem.fromEfsAccessPoint(point, '/mnt/data') });
    const eni = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: eni, resources: ['*'] }));
    fn.addToRolePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: eni, resources: ['*'], conditions: { ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:${stack.region}:${stack.account}:function:${stack.stackName}-*` } } }));
  },

  'two functions on one table in nested stacks with exported names': stack => {
    const table = new dynamodb.TableV2(stack, 'Orders', { partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES, timeToLiveAttribute: 'ttl', pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
    for (const id of ['Read', 'Write']) table.grantReadWriteData(careful(new NestedStack(stack, id), `${id}Fn`, { environment: { TABLE: table.tableName } }));
    new CfnOutput(stack, 'TableName', { value: table.tableName, exportName: 'orders' });
    careful(new NestedStack(stack, 'Third'), 'ThirdFn', { environment: { TABLE: Fn.importValue('orders') } });
  },

  'canary with its function URL, queue and schedule on the alias': stack => {
    const fn = careful(stack, 'Fn', { reservedConcurrentExecutions: 20, currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion, onFailure: failed(stack) });
    live.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ hour: '2' }), targets: [new targets.LambdaFunction(live, { deadLetterQueue: new sqs.Queue(stack, 'Undelivered', { enforceSSL: true }) })] });
  },
};
