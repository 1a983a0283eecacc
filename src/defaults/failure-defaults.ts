import { GUIDE, RECOMMENDED_ALARMS, row } from './default-row';
import { PROFILES } from './profile-defaults';

const P = PROFILES;
const LDG = GUIDE.lambda;
const NO_ALARM = 'no alarm';
const RETRY_POLICY = `${GUIDE.eventBridge}/eb-rule-retry-policy.html`;

/** The defaults of event sources, destinations and the idempotency store. */
export const FAILURE_DEFAULTS = {
  FailureQueue: {
    retentionDays: row(14, '4 days', 'the longest retention period of SQS, to fix the cause and redrive', `${GUIDE.sqs}/quotas-messages.html`,
      { rule: 'LP-F37', unit: 'days' }),
    encryption: row('SQS managed', 'SQS managed', 'pinned: encryption at rest costs nothing', `${GUIDE.sqs}/sqs-configure-sqs-sse-queue.html`),
    enforceSSL: row(true, 'false', 'failed events contain the same data as other events', `${GUIDE.sqs}/sqs-security-best-practices.html`),
    removalPolicy: row('Delete', 'Delete', 'a queue is part of its stack: redrive its messages before the stack is deleted', `${GUIDE.cloudFormationTemplates}/aws-attribute-deletionpolicy.html`),
    alarmThreshold: row(1, NO_ALARM, 'each message is an event that was not processed', RECOMMENDED_ALARMS, { unit: 'message' }),
    alarmMinutes: row(1, NO_ALARM, 'a message does not leave the queue without help', RECOMMENDED_ALARMS, { unit: 'min' }),
  },
  QueueConsumer: {
    visibilityTimeout: row('6 × timeout + window', '30 s', 'Lambda retries a throttled batch before its messages become visible again', `${LDG}/services-sqs-configure.html`,
      { rule: 'LP-F32' }),
    maxReceiveCount: row(5, 'no dead-letter queue', 'throttled batches count as receives', `${LDG}/services-sqs-configure.html`,
      { rule: 'LP-F35', unit: 'receives' }),
    retentionDays: row(4, '4 days', 'shorter than the 14 days of the dead-letter queue, in which the age of a message continues', `${GUIDE.sqs}/sqs-dead-letter-queues.html`,
      { rule: 'LP-F37', unit: 'days' }),
    batchSize: row(10, '10 messages', 'the maximum without a batching window', `${LDG}/services-sqs-parameters.html`, { rule: 'LP-F81', unit: 'messages' }),
    reportBatchItemFailures: row(true, 'false', 'only failed messages of a batch are retried', `${LDG}/services-sqs-errorhandling.html`, { rule: 'LP-F38' }),
    encryption: row('SQS managed', 'SQS managed', 'pinned: encryption at rest costs nothing', `${GUIDE.sqs}/sqs-configure-sqs-sse-queue.html`),
    enforceSSL: row(true, 'false', 'messages contain business data', `${GUIDE.sqs}/sqs-security-best-practices.html`),
    ageThreshold: row('5 × visibility timeout', NO_ALARM, 'an older message was not only retried, it waited', `${GUIDE.sqs}/sqs-available-cloudwatch-metrics.html`),
  },
  StreamConsumer: {
    startingPosition: row('TRIM_HORIZON', 'required', 'LATEST skips records that are written while the mapping is created', `${LDG}/services-kinesis-parameters.html`,
      { rule: 'LP-F48' }),
    batchSize: row(100, '100 records', 'the default of Lambda', `${LDG}/services-kinesis-parameters.html`, { rule: 'LP-F83', unit: 'records' }),
    retryAttempts: row(3, 'until the record expires', 'a failing record does not block its shard for a day', `${LDG}/services-kinesis-parameters.html`,
      { rule: 'LP-F44' }),
    maxRecordAgeSeconds: row(3_600, 'until the record expires', 'a record that is older than an hour belongs to an incident', `${LDG}/services-kinesis-parameters.html`,
      { rule: 'LP-F44', unit: 's' }),
    bisectBatchOnError: row(true, 'false', 'Lambda finds the failing record and does not discard the others', `${LDG}/services-kinesis-parameters.html`,
      { rule: 'LP-F46' }),
    reportBatchItemFailures: row(true, 'false', 'the function reports the record at which processing continues', `${LDG}/services-kinesis-batchfailurereporting.html`,
      { rule: 'LP-F38' }),
    onFailure: row('the FailureBucket of the stack', 'records are dropped', 'S3 stores whole records; SQS and SNS only get their position in the stream', `${LDG}/kinesis-on-failure-destination.html`,
      { rule: 'LP-F45' }),
    metrics: row('EventCount', 'none', 'the alarm on discarded records uses these metrics', `${LDG}/monitoring-metrics-types.html`),
    discardThreshold: row(1, NO_ALARM, 'each discarded record was not processed', `${LDG}/monitoring-metrics-types.html`, { unit: 'record' }),
    iteratorAgeThreshold: row('half of the age at which records are discarded', NO_ALARM, 'as much time is left to act as has passed', `${LDG}/monitoring-metrics-types.html`),
  },
  FailureBucket: {
    expirationDays: row(30, 'never', 'long enough to fix the cause and replay the records', `${LDG}/kinesis-on-failure-destination.html`, { unit: 'days' }),
    abortIncompleteUploadDays: row(1, 'never', 'the parts of an upload that failed are not visible, and are charged', `${GUIDE.s3}/mpu-abort-incomplete-mpu-lifecycle-config.html`,
      { unit: 'days' }),
    encryption: row('AES256', 'AES256', 'pinned: encryption at rest costs nothing', `${GUIDE.s3}/UsingServerSideEncryption.html`),
    blockPublicAccess: row(true, 'true', 'pinned: failed records are never public', `${GUIDE.s3}/access-control-block-public-access.html`),
    enforceSSL: row(true, 'false', 'discarded records contain the same data as other records', `${GUIDE.s3}/security-best-practices.html`),
    removalPolicy: row(P.removalPolicy.production, 'Retain', 'failed records are needed after their stack is deleted', `${GUIDE.cloudFormationTemplates}/aws-attribute-deletionpolicy.html`,
      { sandbox: P.removalPolicy.sandbox }),
  },
  FunctionTarget: {
    maxEventAgeSeconds: row(3_600, '86,400 s', 'an event that is older than an hour belongs to an incident', RETRY_POLICY, { unit: 's' }),
    retryAttempts: row(185, '185', 'the default of EventBridge: the age ends the retries', RETRY_POLICY),
    deadLetterQueue: row('the FailureQueue of the stack', 'events are dropped', 'events that cannot be delivered are retained', RETRY_POLICY),
  },
  IdempotencyStore: {
    expiresAfterSeconds: row(604_800, '3,600 s in Powertools', 'longer than any source retries by default, and than any stream retains records', `${GUIDE.powertools}/features/idempotency/`,
      { unit: 's' }),
    keyPrefix: row('the unique id of the function', 'none', 'functions that share a store do not share records', `${GUIDE.powertools}/features/idempotency/`),
    timeToLiveAttribute: row('expiration', 'none', 'the attribute that Powertools writes', `${GUIDE.powertools}/features/idempotency/`, { rule: 'LP-F55' }),
    billing: row('on demand', 'on demand', 'duplicates arrive in bursts', `${GUIDE.dynamoDb}/on-demand-capacity-mode.html`),
    pointInTimeRecovery: row(P.pointInTimeRecovery.production, 'false', 'without its records, each repeated event is processed again', `${GUIDE.dynamoDb}/PointInTimeRecovery.html`,
      { rule: 'LP-F56', sandbox: P.pointInTimeRecovery.sandbox }),
    deletionProtection: row(P.deletionProtection.production, 'false', 'without its records, each repeated event is processed again', `${GUIDE.dynamoDb}/WorkingWithTables.Basics.html`,
      { rule: 'LP-F56', sandbox: P.deletionProtection.sandbox }),
  },
} as const;
