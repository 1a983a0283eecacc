/**
 * Ranges of event source mappings that read a queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 */
export const QUEUE_SOURCE = {
  /** Without a batching window, and always for a FIFO queue. */
  batchMaxUnwindowed: 10,
  batchMax: 10_000,
  windowMaxSeconds: 300,
  concurrencyMin: 2,
  concurrencyMax: 1_000,
  pollersMin: 2,
  pollersMinimumMax: 200,
  /** At most, where nothing is stated. */
  pollersUnset: 200,
  /** What one poller has worked on at a time. */
  batchesOfPoller: 10,
  /** What the L2 of aws-cdk-lib lets through; the API goes to 10,000. */
  pollersMax: 2_000,
  /** What the API lets through. */
  pollersMaxOfApi: 10_000,
  /** Less is throttled from the start: a mapping begins with five batches at once. */
  reservedConcurrencyRecommended: 5,
} as const;

/**
 * Ranges of event source mappings that read a stream.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export const STREAM_SOURCE = {
  batchMax: 10_000,
  windowMaxSeconds: 300,
  parallelizationMax: 10,
  retryAttemptsMax: 10_000,
  recordAgeMinSeconds: 60,
  recordAgeMaxSeconds: 604_800,
  /** DynamoDB Streams keep a day; Kinesis does where nothing is stated. */
  retentionUnsetSeconds: 86_400,
  /** Kinesis at most: 365 days. */
  retentionMaxSeconds: 31_536_000,
  /** More readers of a shard are throttled. */
  tableStreamReadersMax: 2,
  tumblingWindowMaxSeconds: 900,
} as const;

/**
 * Patterns of one event source mapping.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export const EVENT_FILTER = {
  patternsMax: 5,
  /** After a quota increase. */
  patternsMaxRaised: 10,
} as const;

/**
 * How long and how often EventBridge rules and schedules try to deliver.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export const EVENT_BRIDGE = {
  retryAttemptsMax: 185,
  eventAgeMinSeconds: 60,
  eventAgeMaxSeconds: 86_400,
} as const;
