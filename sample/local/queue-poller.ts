import type { Message, Queue } from './services/queues';
import { arn, type FaultRule, REGION, type RunningFunction } from '../../testing/src';

export interface QueuePollerOptions {
  readonly queue: Queue;
  readonly function: RunningFunction;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maxConcurrency: number;
  readonly reportsFailures: boolean;
  /** What happens to a batch on its way. */
  readonly turn?: (messages: Message[]) => BatchTurn;
}

/** What a queue that delivers at least once may do with a batch. */
export interface BatchTurn {
  readonly faults?: FaultRule;
  /** The same batch goes to a second environment at the same time. */
  readonly isDoubled?: boolean;
  /** What was worked off is not deleted: the whole batch comes again. */
  readonly isKept?: boolean;
}

/**
 * An event source mapping: receives from the queue, invokes, and deletes what was worked off.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class QueuePoller {
  private busy = 0;
  private isStopped = false;
  private timer?: NodeJS.Timeout;

  constructor(private readonly options: QueuePollerOptions) {
    options.queue.onArrival(() => this.wake(options.windowMs));
  }

  public stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Whether a batch is being worked on. */
  public get isBusy(): boolean {
    return this.busy > 0;
  }

  private wake(delayMs: number): void {
    if (this.isStopped || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.poll();
    }, delayMs);
  }

  private poll(): void {
    const { queue, batchSize, maxConcurrency } = this.options;
    while (this.busy < maxConcurrency && !this.isStopped) {
      const messages = queue.receive(batchSize);
      if (messages.length === 0) break;
      this.busy++;
      void this.work(messages).finally(() => {
        this.busy--;
        this.wake(0);
      });
    }
    if (queue.messages.size > 0) this.wake(100); // messages become visible again
  }

  private async work(messages: Message[]): Promise<void> {
    const { queue, function: fn, turn } = this.options;
    const { faults, isDoubled, isKept } = turn?.(messages) ?? {};
    const event = { Records: messages.map(message => recordOf(message, queue.name)) };
    const [outcome] = await Promise.all([fn.invoke(event, faults), isDoubled ? fn.invoke(event) : undefined]);
    if (outcome.kind !== 'answer') return; // the visibility timeout brings them back
    const done = this.workedOff(messages, outcome.payload);
    if (!isKept) queue.delete(...done);
  }

  private workedOff(messages: Message[], payload: any): Message[] {
    if (!this.options.reportsFailures) return messages;
    const failed: unknown[] = (payload?.batchItemFailures ?? []).map((item: any) => item?.itemIdentifier);
    const isKnown = failed.every(id => messages.some(message => message.id === id));
    return isKnown ? messages.filter(message => !failed.includes(message.id)) : [];
  }
}

function recordOf(message: Message, queue: string) {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(message.sentAt),
    },
    messageAttributes: Object.fromEntries(Object.entries(message.attributes ?? {}).map(([key, { DataType, StringValue, BinaryValue }]) => [
      key, { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
    ])),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: arn('sqs', queue),
    awsRegion: REGION,
  };
}
