import { Duration, type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { GIVEN, inWords, payFunction, sharedIn, type Resources, type Subject } from './subject';
import { FailureBucket, FailureQueue, FunctionTarget, IdempotencyStore, QueueConsumer, StreamConsumer, StreamSource } from '../../src';
import { plainFunction } from '../support/plain-function';

const EVERY_HOUR = events.Schedule.rate(Duration.hours(1));
const TIMEOUT_SECONDS = 7;
const WINDOW_SECONDS = 11;
const VISIBILITY_SECONDS = 6 * TIMEOUT_SECONDS + WINDOW_SECONDS;

const settleFunction = (stack: Stack) => plainFunction(stack, 'Settle', { timeout: Duration.seconds(TIMEOUT_SECONDS) });
const encryptionOf = (r: Resources) => r.props('SQS::Queue').SqsManagedSseEnabled && 'SQS managed';
/** The minutes after which an alarm changes its state. */
const minutesOf = (alarm: any) => alarm && alarm.EvaluationPeriods * alarm.Period / 60;
const timeToLive = (table: any) => table.TimeToLiveSpecification?.Enabled ? table.TimeToLiveSpecification.AttributeName : undefined;
/** The logical id of the function begins with the unique id of its path, without the stack. */
const keyPrefix = (r: Resources) => inWords('the unique id of the function', r.function.Environment?.Variables.IDEMPOTENCY_KEY_PREFIX, 'StackPayFA2697DD');
const answersInPart = (mapping: any) => mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures');

/** Event sources, destinations, and the idempotency store. */
export const FAILURES: Record<string, Subject> = {
  FailureQueue: {
    ours: stack => new FailureQueue(stack, 'Failures'),
    plain: stack => new sqs.Queue(stack, 'Failures'),
    contains: ['Alarm'],
    probes: {
      retentionDays: { read: r => r.props('SQS::Queue')?.MessageRetentionPeriod / 86_400 || undefined, unset: '4 days' },
      encryption: { read: encryptionOf, unset: 'SQS managed' },
      enforceSSL: { read: r => r.demandsTls('SQS::QueuePolicy') },
      removalPolicy: { read: r => r.first('SQS::Queue').DeletionPolicy },
      alarmThreshold: { read: r => r.alarm('')?.Threshold, unset: 'no alarm' },
      alarmMinutes: { read: r => minutesOf(r.alarm('')), unset: 'no alarm' },
    },
  },
  QueueConsumer: {
    ours: stack => new QueueConsumer(stack, 'Work', { function: settleFunction(stack), maxBatchingWindow: Duration.seconds(WINDOW_SECONDS) }),
    plain: stack => settleFunction(stack).addEventSource(
      new sources.SqsEventSource(new sqs.Queue(stack, 'WorkQueue'), { maxBatchingWindow: Duration.seconds(WINDOW_SECONDS) })),
    contains: ['FailureQueue', 'Alarm'],
    probes: {
      visibilityTimeout: {
        read: r => inWords('6 × timeout + window', r.props('SQS::Queue', 'WorkQueue').VisibilityTimeout, VISIBILITY_SECONDS), unset: '30 s',
      },
      maxReceiveCount: { read: r => r.props('SQS::Queue', 'WorkQueue').RedrivePolicy?.maxReceiveCount, unset: 'no dead-letter queue' },
      retentionDays: { read: r => r.props('SQS::Queue', 'WorkQueue').MessageRetentionPeriod / 86_400 || undefined, unset: '4 days' },
      batchSize: { read: r => r.mapping.BatchSize, unset: '10 messages' },
      reportBatchItemFailures: { read: r => answersInPart(r.mapping), unset: 'false' },
      encryption: { read: encryptionOf, unset: 'SQS managed' },
      enforceSSL: { read: r => r.demandsTls('SQS::QueuePolicy', 'WorkQueue') },
      ageThreshold: { read: r => inWords('5 × visibility timeout', r.alarm('WorkAgeAlarm')?.Threshold, 5 * VISIBILITY_SECONDS), unset: 'no alarm' },
    },
  },
  StreamConsumer: {
    ours: stack => new StreamConsumer(stack, 'Audit', {
      function: payFunction(stack), source: StreamSource.kinesis(new kinesis.Stream(stack, 'Stream')),
    }),
    plain: stack => payFunction(stack).addEventSource(
      new sources.KinesisEventSource(new kinesis.Stream(stack, 'Stream'), { startingPosition: GIVEN as lambda.StartingPosition })),
    contains: ['FailureBucket', 'FailureQueue', 'Alarm'],
    probes: {
      startingPosition: { read: r => [r.mapping.StartingPosition].find(position => position !== GIVEN), unset: 'required' },
      batchSize: { read: r => r.mapping.BatchSize, unset: '100 records' },
      retryAttempts: { read: r => r.mapping.MaximumRetryAttempts, unset: 'until the record expires' },
      maxRecordAgeSeconds: { read: r => r.mapping.MaximumRecordAgeInSeconds, unset: 'until the record expires' },
      bisectBatchOnError: { read: r => r.mapping.BisectBatchOnFunctionError, unset: 'false' },
      reportBatchItemFailures: { read: r => answersInPart(r.mapping), unset: 'false' },
      onFailure: { read: r => sharedIn(r.mapping.DestinationConfig?.OnFailure.Destination, 'FailureBucket'), unset: 'records are dropped' },
      metrics: { read: r => r.mapping.MetricsConfig?.Metrics.join(), unset: 'none' },
      discardThreshold: { read: r => r.alarm('AuditDiscard')?.Threshold, unset: 'no alarm' },
      iteratorAgeThreshold: {
        read: r => inWords('half of the age at which records are discarded',
          r.alarm('AuditIteratorAgeAlarm')?.Threshold, r.mapping.MaximumRecordAgeInSeconds * 1_000 / 2),
        unset: 'no alarm',
      },
    },
  },
  FailureBucket: {
    ours: stack => new FailureBucket(stack, 'Failures'),
    plain: stack => new s3.Bucket(stack, 'Failures'),
    probes: {
      expirationDays: { read: r => r.props('S3::Bucket').LifecycleConfiguration?.Rules[0].ExpirationInDays, unset: 'never' },
      abortIncompleteUploadDays: {
        read: r => r.props('S3::Bucket').LifecycleConfiguration?.Rules[0].AbortIncompleteMultipartUpload?.DaysAfterInitiation, unset: 'never',
      },
      encryption: {
        read: r => r.props('S3::Bucket').BucketEncryption?.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm, unset: 'AES256',
      },
      blockPublicAccess: {
        read: r => {
          const { PublicAccessBlockConfiguration: block } = r.props('S3::Bucket');
          return block && ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(key => block[key] === true);
        },
        unset: 'true',
      },
      removalPolicy: { read: r => r.first('S3::Bucket').DeletionPolicy, unset: 'Delete' },
      enforceSSL: { read: r => r.demandsTls('S3::BucketPolicy') },
    },
  },
  FunctionTarget: {
    ours: stack => new events.Rule(stack, 'Hourly', { schedule: EVERY_HOUR, targets: [FunctionTarget.forRule(payFunction(stack))] }),
    plain: stack => new events.Rule(stack, 'Hourly', { schedule: EVERY_HOUR, targets: [new targets.LambdaFunction(payFunction(stack))] }),
    contains: ['FailureQueue', 'Alarm'],
    probes: {
      maxEventAgeSeconds: { read: r => r.target.RetryPolicy?.MaximumEventAgeInSeconds, unset: '86,400 s' },
      retryAttempts: { read: r => r.target.RetryPolicy?.MaximumRetryAttempts, unset: '185' },
      deadLetterQueue: { read: r => sharedIn(r.target.DeadLetterConfig?.Arn, 'FailureQueue'), unset: 'events are dropped' },
    },
  },
  IdempotencyStore: {
    ours: stack => new IdempotencyStore(stack, 'Store').connect(payFunction(stack)),
    plain: stack => {
      payFunction(stack);
      return new dynamodb.TableV2(stack, 'Store', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    },
    probes: {
      expiresAfterSeconds: {
        read: r => Number(r.function.Environment?.Variables.IDEMPOTENCY_EXPIRES_AFTER_SECONDS ?? NaN) || undefined, unset: '3,600 s in Powertools',
      },
      keyPrefix: { read: r => keyPrefix(r), unset: 'none' },
      timeToLiveAttribute: { read: r => timeToLive(r.table), unset: 'none' },
      billing: { read: r => r.table.BillingMode === 'PAY_PER_REQUEST' ? 'on demand' : r.table.BillingMode },
      pointInTimeRecovery: { read: r => r.table.Replicas[0].PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled, unset: 'false' },
      deletionProtection: { read: r => r.table.Replicas[0].DeletionProtectionEnabled, unset: 'false' },
    },
  },
};
