import { aws_appconfig as appconfig, aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatch_actions, aws_config as config, aws_dynamodb as dynamodb, aws_events as events, aws_events_targets as targets, aws_kinesis as kinesis, aws_kinesisfirehose as firehose, aws_lambda as lambda, aws_lambda_destinations as destinations, aws_lambda_event_sources as sources, aws_logs as logs, aws_logs_destinations as logs_destinations, aws_s3 as s3, aws_s3_notifications as s3n, aws_scheduler as scheduler, aws_scheduler_targets as scheduler_targets, aws_secretsmanager as secretsmanager, aws_ses as ses, aws_ses_actions as ses_actions, aws_sns as sns, aws_sns_subscriptions as subscriptions, aws_sqs as sqs } from 'aws-cdk-lib';
import type { Consumer } from './consumers';
import { plainFunction } from './plain-function';

const TRIM_HORIZON = lambda.StartingPosition.TRIM_HORIZON;
const schema = {
  eventRecordFormat: lambda.EventRecordFormat.JSON,
  schemaValidationConfigs: [{ attribute: lambda.KafkaSchemaValidationAttribute.VALUE }],
};

/** Event sources, buses, schedules, alarms and everything else that hands events over. */
export const EVENT_CONSUMERS: Consumer[] = [
  {
    name: 'SQS',
    types: ['aws_lambda_event_sources.SqsEventSource'],
    attach: (stack, fn) => fn.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))),
  },
  {
    name: 'Kinesis',
    types: ['aws_lambda_event_sources.KinesisEventSource', 'aws_lambda_event_sources.StreamEventSource', 'aws_lambda_event_sources.SqsDlq'],
    attach: (stack, fn) => fn.addEventSource(new sources.KinesisEventSource(new kinesis.Stream(stack, 'Stream'), {
      startingPosition: TRIM_HORIZON, onFailure: new sources.SqsDlq(new sqs.Queue(stack, 'Failed')),
    })),
  },
  {
    name: 'Kinesis with enhanced fan-out',
    types: ['aws_lambda_event_sources.KinesisConsumerEventSource', 'aws_lambda_event_sources.S3OnFailureDestination'],
    attach: (stack, fn) => fn.addEventSource(new sources.KinesisConsumerEventSource(
      new kinesis.StreamConsumer(stack, 'Consumer', { stream: new kinesis.Stream(stack, 'Stream'), streamConsumerName: 'pay' }),
      { startingPosition: TRIM_HORIZON, onFailure: new sources.S3OnFailureDestination(new s3.Bucket(stack, 'Failed')) },
    )),
  },
  {
    name: 'DynamoDB stream',
    types: ['aws_lambda_event_sources.DynamoEventSource', 'aws_lambda_event_sources.SnsDlq'],
    attach: (stack, fn) => fn.addEventSource(new sources.DynamoEventSource(
      new dynamodb.TableV2(stack, 'Table', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
      }),
      { startingPosition: TRIM_HORIZON, onFailure: new sources.SnsDlq(new sns.Topic(stack, 'Failed')) },
    )),
  },
  {
    name: 'Kafka, managed',
    types: ['aws_lambda_event_sources.ManagedKafkaEventSource', 'aws_lambda_event_sources.GlueSchemaRegistry'],
    attach: (_stack, fn) => fn.addEventSource(new sources.ManagedKafkaEventSource({
      clusterArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/payments/1',
      topic: 'payments',
      startingPosition: TRIM_HORIZON,
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 2 },
      schemaRegistryConfig: new sources.GlueSchemaRegistry({ schemaRegistryArn: 'arn:aws:glue:eu-west-1:123456789012:registry/payments', ...schema }),
    })),
  },
  {
    name: 'Kafka, self-managed',
    types: ['aws_lambda_event_sources.SelfManagedKafkaEventSource', 'aws_lambda_event_sources.ConfluentSchemaRegistry', 'aws_lambda_event_sources.KafkaDlq'],
    attach: (stack, fn) => fn.addEventSource(new sources.SelfManagedKafkaEventSource({
      bootstrapServers: ['kafka.example.com:9094'],
      topic: 'payments',
      startingPosition: TRIM_HORIZON,
      secret: new secretsmanager.Secret(stack, 'Login'),
      onFailure: new sources.KafkaDlq('failed'),
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 2 },
      schemaRegistryConfig: new sources.ConfluentSchemaRegistry({
        schemaRegistryUri: 'https://registry.example.com',
        secret: new secretsmanager.Secret(stack, 'Registry'),
        authenticationType: lambda.KafkaSchemaRegistryAccessConfigType.BASIC_AUTH,
        ...schema,
      }),
    })),
  },
  {
    name: 'S3 event source',
    types: ['aws_lambda_event_sources.S3EventSource'],
    attach: (stack, fn) => fn.addEventSource(new sources.S3EventSource(new s3.Bucket(stack, 'Bucket'), { events: [s3.EventType.OBJECT_CREATED] })),
  },
  {
    name: 'S3 event source of an interface',
    types: ['aws_lambda_event_sources.S3EventSourceV2'],
    attach: (stack, fn) => fn.addEventSource(new sources.S3EventSourceV2(new s3.Bucket(stack, 'Bucket'), { events: [s3.EventType.OBJECT_CREATED] })),
  },
  {
    name: 'S3 notification',
    types: ['aws_s3_notifications.LambdaDestination'],
    attach: (stack, fn) => new s3.Bucket(stack, 'Bucket').addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.LambdaDestination(fn)),
  },
  {
    name: 'SNS event source',
    types: ['aws_lambda_event_sources.SnsEventSource'],
    attach: (stack, fn) => fn.addEventSource(new sources.SnsEventSource(new sns.Topic(stack, 'Topic'))),
  },
  {
    name: 'SNS subscription',
    types: ['aws_sns_subscriptions.LambdaSubscription'],
    attach: (stack, fn) => new sns.Topic(stack, 'Topic').addSubscription(new subscriptions.LambdaSubscription(fn)),
  },
  {
    name: 'REST API as event source',
    types: ['aws_lambda_event_sources.ApiEventSource'],
    attach: (_stack, fn) => fn.addEventSource(new sources.ApiEventSource('GET', '/pay')),
  },
  {
    name: 'EventBridge rule',
    types: ['aws_events_targets.LambdaFunction'],
    attach: (stack, fn) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['pay'] }, targets: [new targets.LambdaFunction(fn)] }),
  },
  {
    name: 'Scheduler',
    types: ['aws_scheduler_targets.LambdaInvoke'],
    attach: (stack, fn) => new scheduler.Schedule(stack, 'Schedule', {
      schedule: scheduler.ScheduleExpression.cron({ hour: '3' }), target: new scheduler_targets.LambdaInvoke(fn),
    }),
  },
  {
    name: 'CloudWatch Logs subscription',
    types: ['aws_logs_destinations.LambdaDestination'],
    attach: (stack, fn) => new logs.LogGroup(stack, 'Audit').addSubscriptionFilter('Filter', {
      destination: new logs_destinations.LambdaDestination(fn), filterPattern: logs.FilterPattern.allEvents(),
    }),
  },
  {
    name: 'CloudWatch alarm action',
    types: ['aws_cloudwatch_actions.LambdaAction'],
    attach: (stack, fn) => new cloudwatch.Alarm(stack, 'Alarm', {
      metric: new cloudwatch.Metric({ namespace: 'Pay', metricName: 'Refused' }), threshold: 1, evaluationPeriods: 1,
    }).addAlarmAction(new cloudwatch_actions.LambdaAction(fn)),
  },
  {
    name: 'Firehose processor',
    types: ['aws_kinesisfirehose.LambdaFunctionProcessor'],
    attach: (stack, fn) => new firehose.DeliveryStream(stack, 'Delivery', {
      destination: new firehose.S3Bucket(new s3.Bucket(stack, 'Lake'), { processors: [new firehose.LambdaFunctionProcessor(fn)] }),
    }),
  },
  {
    name: 'Config rule',
    types: ['aws_config.CustomRuleProps'],
    attach: (stack, fn) => new config.CustomRule(stack, 'Rule', { lambdaFunction: fn, periodic: true }),
  },
  {
    name: 'AppConfig event',
    types: ['aws_appconfig.LambdaDestination'],
    attach: (stack, fn) => new appconfig.Extension(stack, 'Extension', {
      actions: [new appconfig.Action({
        actionPoints: [appconfig.ActionPoint.ON_DEPLOYMENT_COMPLETE], eventDestination: new appconfig.LambdaDestination(fn),
      })],
    }),
  },
  {
    name: 'SES receipt rule',
    types: ['aws_ses_actions.LambdaProps'],
    attach: (stack, fn) => new ses.ReceiptRuleSet(stack, 'Rules', { rules: [{ actions: [new ses_actions.Lambda({ function: fn })] }] }),
  },
  {
    name: 'destination of another function',
    types: ['aws_lambda_destinations.LambdaDestination'],
    attach: (stack, fn) => plainFunction(stack, 'Other', { onFailure: new destinations.LambdaDestination(fn) }),
  },
];
