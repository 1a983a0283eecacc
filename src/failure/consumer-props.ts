import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * Properties that a QueueConsumer and a StreamConsumer have in common.
 */
export interface ConsumerProps {
  /**
   * The function that processes the messages or records: a ProductionFunction, an alias or a function. It must return
   * the messages or records that failed (`batchItemFailures`), for example with the batch processor of Powertools for
   * AWS Lambda. If it throws an error, the whole batch fails.
   */
  readonly function: lambda.IFunction;

  /**
   * How long Lambda gathers messages or records before it invokes the function: whole seconds, at most 300. Not
   * supported for FIFO queues.
   *
   * @default - Lambda does not wait
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * Filter patterns, as `lambda.FilterCriteria.filter` returns them: 1 to 10. Lambda passes a message or record to the
   * function if it matches at least one pattern. Lambda deletes other messages from the queue and skips other records.
   * More than 5 patterns add a warning, because they require a quota increase.
   *
   * @default - all messages or records
   */
  readonly filters?: { [key: string]: any }[];
}
