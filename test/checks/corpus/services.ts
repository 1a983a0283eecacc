/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as appsync from 'aws-cdk-lib/aws-appsync';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as ecsPatterns from 'aws-cdk-lib/aws-ecs-patterns';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as iot from 'aws-cdk-lib/aws-iot';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as logsDestinations from 'aws-cdk-lib/aws-logs-destinations';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as schedulerTargets from 'aws-cdk-lib/aws-scheduler-targets';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sesActions from 'aws-cdk-lib/aws-ses-actions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { careful, plain } from './apps';

const quick = { timeout: Duration.seconds(4) };
const failed = (stack: Stack) => new destinations.SqsDestination(new sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) }));

/** Apps with many services, in the style of public samples. */
export const SERVICE_APPS: Record<string, (stack: Stack) => void> = {
  'order workflow of Step Functions': stack => {
    const reserve = new tasks.LambdaInvoke(stack, 'Reserve', { lambdaFunction: careful(stack, 'ReserveFn'), outputPath: '$.Payload' });
    const charge = new tasks.LambdaInvoke(stack, 'Charge', { lambdaFunction: careful(stack, 'ChargeFn'), outputPath: '$.Payload' });
    charge.addCatch(new tasks.LambdaInvoke(stack, 'Release', { lambdaFunction: careful(stack, 'ReleaseFn') }));
    const log = new logs.LogGroup(stack, 'Log', { logGroupName: '/aws/vendedlogs/states/orders', retention: logs.RetentionDays.ONE_MONTH });
    const machine = new sfn.StateMachine(stack, 'Orders', { definitionBody: sfn.DefinitionBody.fromChainable(reserve.next(charge)), tracingEnabled: true, logs: { destination: log, level: sfn.LogLevel.ERROR } });
    new events.Rule(stack, 'Placed', { eventPattern: { source: ['shop'] }, targets: [new targets.SfnStateMachine(machine)] });
  },

  'workflow that waits for a callback, with a queue worker that sends it': stack => {
    const queue = new sqs.Queue(stack, 'Approvals', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) }), maxReceiveCount: 5 } });
    const wait = new tasks.SqsSendMessage(stack, 'Ask', { queue, integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN, messageBody: sfn.TaskInput.fromObject({ token: sfn.JsonPath.taskToken }) });
    const machine = new sfn.StateMachine(stack, 'Flow', { definitionBody: sfn.DefinitionBody.fromChainable(wait) });
    const worker = careful(stack, 'Worker');
    worker.addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true, batchSize: 1 }));
    machine.grantTaskResponse(worker);
  },

  'AppSync with a resolver and an authorizer': stack => {
    const api = new appsync.GraphqlApi(stack, 'Api', {
      name: 'notes',
      definition: appsync.Definition.fromSchema({ bind: () => ({ apiId: 'x', definition: 'type Query { note: String }' }) }),
      authorizationConfig: { defaultAuthorization: { authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: { handler: careful(stack, 'Auth') } } },
    });
    api.addLambdaDataSource('Notes', careful(stack, 'NotesFn')).createResolver('Note', { typeName: 'Query', fieldName: 'note' });
  },

  'pipe from a queue to a function with an enrichment': stack => {
    const dead = new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) });
    const queue = new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(120), deadLetterQueue: { queue: dead, maxReceiveCount: 5 } });
    const role = new iam.Role(stack, 'PipeRole', { assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com') });
    const [enrich, target] = [careful(stack, 'Enrich'), careful(stack, 'Target')];
    enrich.grantInvoke(role);
    target.grantInvoke(role);
    queue.grantConsumeMessages(role);
    new pipes.CfnPipe(stack, 'Pipe', { roleArn: role.roleArn, source: queue.queueArn, enrichment: enrich.functionArn, target: target.functionArn, targetParameters: { lambdaFunctionParameters: { invocationType: 'REQUEST_RESPONSE' } } });
  },

  'devices with IoT': stack => {
    const fn = careful(stack, 'Telemetry', { onFailure: failed(stack) });
    const rule = new iot.CfnTopicRule(stack, 'Rule', { topicRulePayload: { sql: "SELECT * FROM 'devices/+/telemetry'", actions: [{ lambda: { functionArn: fn.functionArn } }] } });
    fn.addPermission('Iot', { principal: new iam.ServicePrincipal('iot.amazonaws.com'), sourceArn: rule.attrArn });
  },

  'user pool with triggers': stack => {
    const pool = new cognito.UserPool(stack, 'Pool', { lambdaTriggers: { preSignUp: careful(stack, 'PreSignUp', quick), postConfirmation: careful(stack, 'PostConfirmation', quick) } });
    pool.addClient('Web');
  },

  'user pool with a slow trigger': stack => {
    new cognito.UserPool(stack, 'Pool', { lambdaTriggers: { customMessage: careful(stack, 'Message', { timeout: Duration.seconds(30) }) } });
  },

  'Firehose with a function that transforms records': stack => {
    const bucket = new s3.Bucket(stack, 'Lake');
    const transform = careful(stack, 'Transform', { timeout: Duration.minutes(2), onFailure: failed(stack) });
    new firehose.DeliveryStream(stack, 'Delivery', { destination: new firehose.S3Bucket(bucket, { processors: [new firehose.LambdaFunctionProcessor(transform)] }) });
  },

  'HTTP API with 221 routes and a permission for each': stack => {
    const api = new apigwv2.HttpApi(stack, 'Api', { createDefaultStage: false, defaultAuthorizer: new authorizers.HttpIamAuthorizer() });
    const integration = new integrations.HttpLambdaIntegration('Fn', careful(stack, 'Fn'));
    for (let i = 0; i < 221; i++) api.addRoutes({ path: `/things/${i}`, methods: [apigwv2.HttpMethod.GET], integration });
  },

  'WebSocket chat': stack => {
    const connections = new dynamodb.Table(stack, 'Connections', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const [connect, leave, say, auth] = ['Connect', 'Leave', 'Say', 'Auth'].map(id => careful(stack, id));
    [connect, leave, say].forEach(fn => connections.grantReadWriteData(fn));
    const api = new apigwv2.WebSocketApi(stack, 'Api', {
      connectRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Connect', connect), authorizer: new authorizers.WebSocketLambdaAuthorizer('Auth', auth, { identitySource: ['route.request.querystring.token'] }) },
      disconnectRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Leave', leave) },
      defaultRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Say', say) },
    });
    const stage = new apigwv2.WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
    stage.grantManagementApiAccess(say);
  },

  'public WebSocket': stack => {
    const api = new apigwv2.WebSocketApi(stack, 'Api', { connectRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Connect', careful(stack, 'Connect')) } });
    new apigwv2.WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'prod', autoDeploy: true });
  },

  'web site with Lambda@Edge': stack => {
    const edge = (id: string) => plain(stack, id, { ...quick });
    const site = new s3.Bucket(stack, 'Site');
    new cloudfront.Distribution(stack, 'Cdn', {
      defaultBehavior: {
        origin: origins.S3BucketOrigin.withOriginAccessControl(site),
        edgeLambdas: [{ eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST, functionVersion: edge('Rewrite').currentVersion }, { eventType: cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE, functionVersion: edge('Headers').currentVersion }],
      },
    });
  },

  'function that Lambda@Edge does not support': stack => {
    const fn = careful(stack, 'Rewrite', { timeout: Duration.seconds(10) });
    new cloudfront.Distribution(stack, 'Cdn', {
      defaultBehavior: { origin: new origins.HttpOrigin('origin.example.com'), edgeLambdas: [{ eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST, functionVersion: fn.currentVersion }] },
    });
  },

  'containers behind a load balancer, with a worker function': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const service = new ecsPatterns.ApplicationLoadBalancedFargateService(stack, 'Web', { vpc, taskImageOptions: { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx') }, publicLoadBalancer: false });
    const queue = new sqs.Queue(stack, 'Jobs', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead', { retentionPeriod: Duration.days(14) }), maxReceiveCount: 5 } });
    queue.grantSendMessages(service.taskDefinition.taskRole);
    careful(stack, 'Worker').addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true }));
  },

  'managed Kafka': stack => {
    const cluster = 'arn:aws:kafka:eu-west-1:111122223333:cluster/events/1f2e3d4c-5b6a-4978-8a9b-0c1d2e3f4a5b-1';
    careful(stack, 'Consume').addEventSource(new sources.ManagedKafkaEventSource({ clusterArn: cluster, topic: 'orders', startingPosition: lambda.StartingPosition.TRIM_HORIZON, batchSize: 100 }));
  },

  'schedules, log subscriptions and mail': stack => {
    const fn = careful(stack, 'Housekeeping', { onFailure: failed(stack) });
    new scheduler.Schedule(stack, 'Hourly', { schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)), target: new schedulerTargets.LambdaInvoke(fn) });
    new logs.SubscriptionFilter(stack, 'Errors', { logGroup: new logs.LogGroup(stack, 'AppLog', { retention: logs.RetentionDays.ONE_WEEK }), destination: new logsDestinations.LambdaDestination(careful(stack, 'Ship', { onFailure: failed(new Stack(stack, 'Other')) })), filterPattern: logs.FilterPattern.anyTerm('ERROR') });
  },

  'mail that a function accepts or rejects': stack => {
    new ses.ReceiptRuleSet(stack, 'Rules', { rules: [{ recipients: ['shop.example.com'], actions: [new sesActions.Lambda({ function: careful(stack, 'Spam'), invocationType: sesActions.LambdaInvocationType.REQUEST_RESPONSE })] }] });
  },

  'REST API that responds before the function ends': stack => {
    const log = new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH });
    const api = new apigateway.RestApi(stack, 'Api', {
      endpointTypes: [apigateway.EndpointType.REGIONAL], cloudWatchRole: false, deployOptions: { throttlingRateLimit: 50, throttlingBurstLimit: 100, accessLogDestination: new apigateway.LogGroupLogDestination(log) },
    });
    const work = careful(stack, 'Report', { timeout: Duration.minutes(10), onFailure: failed(stack) });
    const integration = new apigateway.LambdaIntegration(work, { proxy: false, requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" }, integrationResponses: [{ statusCode: '202' }] });
    api.root.addMethod('POST', integration, { authorizationType: apigateway.AuthorizationType.IAM, methodResponses: [{ statusCode: '202' }] });
  },

  'secret with a rotation function': stack => {
    const secret = new secrets.Secret(stack, 'ApiKey');
    const rotate = careful(stack, 'Rotate');
    secret.addRotationSchedule('Monthly', { rotationLambda: rotate, automaticallyAfter: Duration.days(30) });
  },

  'image analysis and text messages': stack => {
    const fn = careful(stack, 'Analyse');
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['rekognition:DetectLabels', 'comprehend:DetectSentiment', 'textract:AnalyzeDocument', 'cloudwatch:PutMetricData', 'ce:GetCostAndUsage', 'sts:GetCallerIdentity'], resources: ['*'] }));
  },
};
