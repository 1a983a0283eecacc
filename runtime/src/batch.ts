import { BatchProcessor, EventType, processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { Deadline } from './deadline';
import { logger } from './powertools';

/** A record of a queue or stream. */
export type BatchRecord = SQSRecord | KinesisStreamRecord | DynamoDBRecord;

/** The records that failed: Lambda delivers only these again, and a stream from the first of them on. */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

const TYPES: Record<string, keyof typeof EventType> = { 'aws:sqs': 'SQS', 'aws:kinesis': 'KinesisDataStreams', 'aws:dynamodb': 'DynamoDBStreams' };

/**
 * A handler of batches: does the work for each record, and reports the records for which it threw.
 *
 * - Messages of a standard queue are processed concurrently.
 * - Messages of a FIFO queue are processed in order, and the first failure of a message group fails the messages of the group that follow.
 * - Records of a stream are processed in order up to the first failure, from which on Lambda delivers them again.
 *
 * A record whose turn comes after the deadline fails without being processed. Throws an error if all records failed.
 *
 * The event source must have `reportBatchItemFailures`, which QueueConsumer and StreamConsumer set.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/
 */
export function batch<R extends BatchRecord>(work: (record: R) => Promise<unknown>): (event: { readonly Records: R[] }) => Promise<BatchResponse> {
  return async event => {
    if (!Array.isArray(event?.Records)) throw new Error("'Records' must be a list of records, got an event without one; the event source must be a queue or a stream");
    const [first] = event.Records;
    if (!first) return { batchItemFailures: [] };
    const records = event as never; // Powertools types the event by its source, which is known only here
    if (isFifo(first)) {
      const processor = new SqsFifoPartialProcessorAsync();
      return processPartialResponse(records, one(work), processor, { skipGroupOnError: true }) as Promise<BatchResponse>;
    }
    const type = typeOf(first);
    const isStream = type !== 'SQS';
    const handler = isStream ? inOrder(one(work)) : one(work);
    return processPartialResponse(records, handler, new BatchProcessor(EventType[type]), { processInParallel: !isStream }) as Promise<BatchResponse>;
  };
}

/** Processes one record before the deadline, and logs its error: the response of a batch has no reasons. */
function one<R extends BatchRecord>(work: (record: R) => Promise<unknown>): (record: R) => Promise<void> {
  const deadline = Deadline.current();
  return async record => {
    try {
      deadline?.require(1, 'a record');
      await work(record);
    } catch (thrown) {
      // Powertools reads the message: null, for example, would fail the whole batch.
      const error = thrown instanceof Error ? thrown : new Error(`the work threw ${String(thrown)}, which is no error`, { cause: thrown });
      logger.error('record failed', { error, record: idOf(record) });
      throw error;
    }
  };
}

/** After the first failure of a stream, Lambda delivers all records that follow again. */
function inOrder<R>(work: (record: R) => Promise<void>): (record: R) => Promise<void> {
  let hasFailed = false;
  return async record => {
    if (hasFailed) throw new Error('an earlier record failed');
    try {
      await work(record);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
}

function typeOf({ eventSource = 'nothing' }: BatchRecord): keyof typeof EventType {
  const type = TYPES[eventSource];
  if (!type) throw new Error(`'eventSource' must be aws:sqs, aws:kinesis or aws:dynamodb, got ${eventSource}; other sources do not report failed records`);
  return type;
}

function isFifo({ eventSource, eventSourceARN }: BatchRecord): boolean {
  return eventSource === 'aws:sqs' && eventSourceARN?.endsWith('.fifo') === true;
}

function idOf(record: BatchRecord): string | undefined {
  return 'messageId' in record ? record.messageId : record.eventID;
}
