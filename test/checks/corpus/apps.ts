/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as elbTargets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A function as on the first page of a tutorial. */
export function plain(scope: Construct, id: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(scope, id, { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {}'), ...props });
}

/** A function with good practice, without findings. */
export function careful(scope: Construct, id: string, props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  const logGroup = new logs.LogGroup(scope, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH });
  const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  return plain(scope, id, {
    architecture: lambda.Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(10),
    loggingFormat: lambda.LoggingFormat.JSON,
    tracing: lambda.Tracing.ACTIVE,
    logGroup,
    role,
    ...props,
  });
}

const queueWithDeadLetters = (stack: Stack, id: string, visibility: Duration) => new sqs.Queue(stack, id, {
  visibilityTimeout: visibility,
  deadLetterQueue: { queue: new sqs.Queue(stack, `${id}Dead`, { retentionPeriod: Duration.days(14) }), maxReceiveCount: 5 },
});

/** Apps in the style of public samples; `apps.test.ts` pins the findings in each. */
export const APPS: Record<string, (stack: Stack) => void> = {
  'hello world': stack => { plain(stack, 'Hello'); },

  'careful function': stack => { careful(stack, 'Hello'); },

  'queue worker from the tutorial': stack => {
    const queue = new sqs.Queue(stack, 'Queue');
    plain(stack, 'Worker', { timeout: Duration.seconds(30) }).addEventSource(new sources.SqsEventSource(queue));
  },

  'careful queue worker': stack => {
    const queue = queueWithDeadLetters(stack, 'Queue', Duration.seconds(60));
    careful(stack, 'Worker').addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true, maxConcurrency: 5 }));
  },

  'queue worker behind an alias with a short visibility timeout': stack => {
    const queue = queueWithDeadLetters(stack, 'Queue', Duration.seconds(30));
    const fn = careful(stack, 'Worker', { timeout: Duration.seconds(60), currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion })
      .addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true }));
  },

  'public HTTP API': stack => {
    const api = new apigwv2.HttpApi(stack, 'Api');
    api.addRoutes({ path: '/pets', methods: [apigwv2.HttpMethod.GET], integration: new integrations.HttpLambdaIntegration('Pets', plain(stack, 'Pets')) });
  },

  'HTTP API with a user pool style authorizer, log and throttle': stack => {
    const log = new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH });
    const api = new apigwv2.HttpApi(stack, 'Api', { createDefaultStage: false, defaultAuthorizer: new authorizers.HttpJwtAuthorizer('Jwt', 'https://issuer.example.com', { jwtAudience: ['web'] }) });
    api.addStage('Stage', { stageName: '$default', autoDeploy: true, throttle: { rateLimit: 50, burstLimit: 100 }, accessLogSettings: { destination: new apigwv2.LogGroupLogDestination(log) } });
    api.addRoutes({ path: '/pets', methods: [apigwv2.HttpMethod.GET], integration: new integrations.HttpLambdaIntegration('Pets', careful(stack, 'Pets')) });
  },

  'REST API with LambdaRestApi': stack => {
    new apigateway.LambdaRestApi(stack, 'Api', { handler: plain(stack, 'Monolith', { timeout: Duration.seconds(30) }), defaultCorsPreflightOptions: { allowOrigins: ['https://app.example.com'] } });
  },

  'REST API with IAM, regional': stack => {
    const log = new logs.LogGroup(stack, 'AccessLog', { retention: logs.RetentionDays.ONE_MONTH });
    const api = new apigateway.RestApi(stack, 'Api', {
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: { throttlingRateLimit: 50, throttlingBurstLimit: 100, accessLogDestination: new apigateway.LogGroupLogDestination(log) },
    });
    api.root.addMethod('GET', new apigateway.LambdaIntegration(careful(stack, 'Get')), { authorizationType: apigateway.AuthorizationType.IAM });
  },

  'thumbnails from S3': stack => {
    const bucket = new s3.Bucket(stack, 'Images');
    const fn = plain(stack, 'Thumbnail', { timeout: Duration.minutes(1), memorySize: 1024 });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.LambdaDestination(fn));
    bucket.grantReadWrite(fn);
  },

  'fan-out with SNS and a destination': stack => {
    const topic = new sns.Topic(stack, 'Orders');
    const failed = new sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) });
    topic.addSubscription(new subscriptions.LambdaSubscription(careful(stack, 'Mail', { onFailure: new destinations.SqsDestination(failed) })));
  },

  'nightly job': stack => {
    new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ hour: '2' }), targets: [new targets.LambdaFunction(plain(stack, 'Job', { timeout: Duration.minutes(15) }))] });
  },

  'asynchronous configuration on the function while the alias is invoked': stack => {
    const fn = careful(stack, 'Pay', { onFailure: new destinations.SqsDestination(new sqs.Queue(stack, 'Failed')), currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets: [new targets.LambdaFunction(live)] });
  },

  'canary from the CDK documentation': stack => {
    const fn = careful(stack, 'Pay', { currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    const errors = new cloudwatch.Alarm(stack, 'Errors', { metric: fn.metricErrors({ period: Duration.minutes(1) }), threshold: 1, evaluationPeriods: 1 });
    new codedeploy.LambdaDeploymentGroup(stack, 'Canary', { alias: live, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, alarms: [errors] });
  },

  'canary with the alias in its alarm and all callers on the alias': stack => {
    const fn = careful(stack, 'Pay', { currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    const errors = new cloudwatch.Alarm(stack, 'Errors', {
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        statistic: 'Sum',
        period: Duration.minutes(1),
        dimensionsMap: { FunctionName: fn.functionName, Resource: `${fn.functionName}:live`, ExecutedVersion: fn.currentVersion.version },
      }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const faults = new cloudwatch.Alarm(stack, 'Faults', {
      metric: new cloudwatch.Metric({ namespace: 'Payments', metricName: 'Faults', dimensionsMap: { FunctionName: fn.functionName, ExecutedVersion: fn.currentVersion.version } }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    new codedeploy.LambdaDeploymentGroup(stack, 'Canary', { alias: live, deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, alarms: [errors, faults] });
    const queue = queueWithDeadLetters(stack, 'Queue', Duration.seconds(60));
    live.addEventSource(new sources.SqsEventSource(queue, { reportBatchItemFailures: true }));
  },

  'canary that the queue bypasses': stack => {
    const fn = careful(stack, 'Pay');
    new codedeploy.LambdaDeploymentGroup(stack, 'Canary', { alias: new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }) });
    fn.addEventSource(new sources.SqsEventSource(queueWithDeadLetters(stack, 'Queue', Duration.seconds(60)), { reportBatchItemFailures: true }));
  },

  'table with a stream': stack => {
    const table = new dynamodb.Table(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, stream: dynamodb.StreamViewType.NEW_IMAGE });
    plain(stack, 'Project').addEventSource(new sources.DynamoEventSource(table, { startingPosition: lambda.StartingPosition.LATEST }));
  },

  'careful Kinesis consumer': stack => {
    const stream = new kinesis.Stream(stack, 'Clicks');
    const failed = new s3.Bucket(stack, 'Failed', { lifecycleRules: [{ expiration: Duration.days(30) }] });
    careful(stack, 'Count').addEventSource(new sources.KinesisEventSource(stream, {
      startingPosition: lambda.StartingPosition.TRIM_HORIZON, retryAttempts: 3, bisectBatchOnError: true, reportBatchItemFailures: true, onFailure: new sources.S3OnFailureDestination(failed),
    }));
  },

  'function URL for a webhook': stack => { plain(stack, 'Hook').addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }); },

  'load balancer': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc }).addListener('Http', { port: 80, open: false }).addTargets('Fn', { targets: [new elbTargets.LambdaTarget(careful(stack, 'Page'))] });
  },

  'Aurora without a proxy': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const cluster = new rds.DatabaseCluster(stack, 'Db', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }), vpc, writer: rds.ClusterInstance.serverlessV2('Writer'),
    });
    const fn = careful(stack, 'Query', { vpc, environment: { DB_HOST: cluster.clusterEndpoint.hostname } });
    cluster.connections.allowDefaultPortFrom(fn);
  },

  'Aurora behind a proxy with IAM': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const cluster = new rds.DatabaseCluster(stack, 'Db', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }),
      vpc,
      storageEncrypted: true,
      deletionProtection: true,
      backup: { retention: Duration.days(14) },
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      readers: [rds.ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
      serverlessV2MinCapacity: 1,
      serverlessV2MaxCapacity: 8,
    });
    cluster.addRotationSingleUser();
    const proxy = cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!], iamAuth: true, borrowTimeout: Duration.seconds(5), maxConnectionsPercent: 90 });
    const fn = careful(stack, 'Query', { vpc, environment: { DB_HOST: proxy.endpoint, NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' } });
    const eni = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface'];
    const conditions = { ArnEquals: { 'lambda:SourceFunctionArn': `arn:aws:lambda:*:*:function:${stack.stackName}-*` } };
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: eni, resources: ['*'] }));
    fn.addToRolePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: eni, resources: ['*'], conditions }));
    proxy.grantConnect(fn, 'app');
    proxy.connections.allowFrom(fn, ec2.Port.tcp(5432));
  },

  'provisioned concurrency with scaling': stack => {
    const fn = careful(stack, 'Pay', { reservedConcurrentExecutions: 50, currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
    const live = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion, provisionedConcurrentExecutions: 5 });
    live.addAutoScaling({ minCapacity: 5, maxCapacity: 20 }).scaleOnUtilization({ utilizationTarget: 0.7 });
  },

  'SnapStart and more provisioned than reserved concurrency': stack => {
    const fn = careful(stack, 'Pay', {
      runtime: lambda.Runtime.PYTHON_3_14,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(e, c): pass'),
      snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
      reservedConcurrentExecutions: 2,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion, provisionedConcurrentExecutions: 5 });
  },

  'GitHub deploy role': stack => {
    const provider = new iam.OidcProviderNative(stack, 'GitHub', { url: 'https://token.actions.githubusercontent.com', clientIds: ['sts.amazonaws.com'] });
    new iam.Role(stack, 'Deploy', { assumedBy: new iam.OpenIdConnectPrincipal(provider, { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:shop/*' } }) });
  },

  'alarm with an action, log retention by custom resource, bucket with autoDeleteObjects': stack => {
    const fn = careful(stack, 'Pay');
    new cloudwatch.Alarm(stack, 'Errors', { metric: fn.metricErrors(), threshold: 1, evaluationPeriods: 1 }).addAlarmAction(new actions.SnsAction(new sns.Topic(stack, 'Pager')));
    new logs.LogRetention(stack, 'Retention', { logGroupName: `/aws/lambda/${fn.functionName}`, retention: logs.RetentionDays.ONE_WEEK });
    new logs.LogRetention(stack, 'Theirs', { logGroupName: '/aws/appsync/apis/theirs', retention: logs.RetentionDays.ONE_WEEK });
    new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  },

  'files in /tmp and secrets by ARN': stack => {
    careful(stack, 'Convert', { ephemeralStorageSize: Size.gibibytes(2), environment: { SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x', API_TOKEN: 'tok_live_1234567890' } });
  },
};

/** Templates in the style of `sam init`, and improved ones. */
export const SAM_APPS: Record<string, string> = {
  'sam hello world': `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 3, LoggingConfig: { LogFormat: JSON } } }
Resources:
  HelloWorldFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello-world/
      Handler: app.lambdaHandler
      Runtime: nodejs22.x
      Architectures: [x86_64]
      Events:
        HelloWorld: { Type: Api, Properties: { Path: /hello, Method: get } }
Outputs:
  HelloWorldFunction: { Value: !GetAtt HelloWorldFunction.Arn }
`,
  'sam queue worker with everything': `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: python3.14, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Dead: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: 1209600 } }
  Queue: { Type: AWS::SQS::Queue, Properties: { VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5 } } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true
      Policies: [{ SQSPollerPolicy: { QueueName: !GetAtt Queue.QueueName } }]
      Events:
        Work: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn, FunctionResponseTypes: [ReportBatchItemFailures] } }
`,
  'sam canary without alarms, scheduled': `
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: exports.handler = async () => {}
      Timeout: !If [IsProd, 1000, 30]
      MemorySize: 512
      Architectures: [arm64]
      AutoPublishAlias: live
      DeploymentPreference: { Type: Canary10Percent5Minutes }
      Events:
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 2 * * ? *) } }
`,
};
