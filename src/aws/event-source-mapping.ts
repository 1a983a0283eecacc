/**
 * Ranges of event source mappings that read a queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 */
export const QUEUE_SOURCE = {
  /** Without a batching window, and for FIFO queues. */
  batchMaxUnwindowed: 10,
  batchMax: 10_000,
  windowMaxSeconds: 300,
  concurrencyMin: 2,
  concurrencyMax: 1_000,
  pollersMin: 2,
  pollersMinimumMax: 200,
  /** The maximum if none is set. */
  pollersUnset: 200,
  /** The batches that one poller invokes the function with at the same time. */
  batchesOfPoller: 10,
  /** The maximum of the L2 of aws-cdk-lib; the maximum of the API is 10,000. */
  pollersMax: 2_000,
  /** The maximum of the API. */
  pollersMaxOfApi: 10_000,
  /** A mapping starts with five concurrent batches, which Lambda throttles with less. */
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
  /** The retention of DynamoDB Streams, and the default of Kinesis. */
  retentionUnsetSeconds: 86_400,
  /** The maximum of Kinesis: 365 days. */
  retentionMaxSeconds: 31_536_000,
  /** DynamoDB throttles more readers of a shard. */
  tableStreamReadersMax: 2,
  tumblingWindowMaxSeconds: 900,
} as const;

/**
 * Filters of an event source mapping.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export const EVENT_FILTER = {
  patternsMax: 5,
  /** After a quota increase. */
  patternsMaxRaised: 10,
} as const;
