import { createHash, randomUUID } from 'node:crypto';
import { ACCOUNT, arn, type AwsAnswer, awsError, type AwsService, ok } from '../../../testing/src';

/** A message on a queue, and when it may be received again. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
  readonly sentAt: number;
  receives: number;
  visibleAt: number;
  receipt: string;
}

/** What the template says of a queue. */
export interface QueueDefinition {
  readonly name: string;
  readonly visibilityMs: number;
  readonly deadLetters?: { readonly queue: string; readonly maxReceiveCount: number };
}

/** A standard queue: at least once, hidden while it is worked on, to the dead letters after too many receives. */
export class Queue {
  public readonly messages = new Map<string, Message>();
  /** All that was ever sent here, by id. */
  public readonly sent = new Map<string, string>();
  private readonly listeners: (() => void)[] = [];

  constructor(public readonly definition: QueueDefinition, private readonly deadLetters: () => Queue | undefined) {}

  public get name(): string {
    return this.definition.name;
  }

  public send(body: string, own: Message['attributes'] = {}, delayMs = 0): Message {
    const message = { id: randomUUID(), body, attributes: own, sentAt: Date.now(), receives: 0, visibleAt: Date.now() + delayMs, receipt: '' };
    this.take(message);
    this.sent.set(message.id, body);
    return message;
  }

  /** Puts a message in, as it is. */
  public take(message: Message): void {
    this.messages.set(message.id, message);
    for (const listener of this.listeners) listener();
  }

  public receive(max: number, visibilityMs = this.definition.visibilityMs): Message[] {
    const now = Date.now();
    const batch: Message[] = [];
    for (const message of this.messages.values()) {
      if (batch.length === max) break;
      if (message.visibleAt > now) continue;
      if (this.isSpent(message)) continue;
      message.receives++;
      message.visibleAt = now + visibilityMs;
      message.receipt = randomUUID();
      batch.push(message);
    }
    return batch;
  }

  /** Deletes what was received, by the receipt or the id. */
  public delete(...messages: Pick<Message, 'id'>[]): void {
    for (const { id } of messages) this.messages.delete(id);
  }

  /** Makes messages in flight visible immediately. */
  public show(messages: Iterable<Message> = this.messages.values()): void {
    for (const message of messages) message.visibleAt = 0;
    for (const listener of this.listeners) listener();
  }

  /** Moves all back to where they failed, as `aws sqs start-message-move-task` does. */
  public moveTo(source: Queue, which: (message: Message) => boolean = () => true): number {
    const moved = [...this.messages.values()].filter(which);
    this.delete(...moved);
    for (const message of moved) source.take({ ...message, receives: 0, visibleAt: 0 });
    return moved.length;
  }

  public onArrival(listener: () => void): void {
    this.listeners.push(listener);
  }

  private isSpent(message: Message): boolean {
    const { deadLetters } = this.definition;
    if (!deadLetters || message.receives < deadLetters.maxReceiveCount) return false;
    this.messages.delete(message.id);
    this.deadLetters()?.take({ ...message, visibleAt: 0 });
    return true;
  }
}

/** Amazon SQS for the queues of the template, over the JSON protocol that the SDK speaks. */
export class Queues implements AwsService {
  public readonly name = 'SQS';
  public readonly target = /^AmazonSQS$/;
  private readonly queues = new Map<string, Queue>();

  constructor(definitions: QueueDefinition[]) {
    for (const definition of definitions) {
      this.queues.set(definition.name, new Queue(definition, () => definition.deadLetters && this.queue(definition.deadLetters.queue)));
    }
  }

  public queue(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  public all(): Queue[] {
    return [...this.queues.values()];
  }

  public about(_operation: string, input: any): string {
    return nameOf(input.QueueUrl);
  }

  public async call(operation: string, input: any): Promise<AwsAnswer> {
    const queue = this.queues.get(nameOf(input.QueueUrl ?? input.QueueName));
    if (!queue) return awsError('com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.');
    switch (operation) {
      case 'SendMessage': return ok(send(queue, input));
      case 'SendMessageBatch': return ok({ Failed: [], Successful: input.Entries.map((entry: any) => ({ Id: entry.Id, ...send(queue, entry) })) });
      case 'ReceiveMessage': return ok({ Messages: queue.receive(input.MaxNumberOfMessages ?? 1, visibility(input)).map(received) });
      case 'DeleteMessage': return ok(this.forget(queue, [input.ReceiptHandle]));
      case 'DeleteMessageBatch': return ok(this.forget(queue, input.Entries.map((entry: any) => entry.ReceiptHandle), input.Entries));
      case 'ChangeMessageVisibility': return ok(this.hide(queue, input));
      case 'GetQueueUrl': return ok({ QueueUrl: `http://sqs.local/${ACCOUNT}/${queue.name}` });
      case 'GetQueueAttributes': return ok({ Attributes: attributes(queue) });
      default: return awsError('InvalidAction', `SQS on this machine has no ${operation}`);
    }
  }

  private forget(queue: Queue, receipts: string[], entries: { Id: string }[] = []) {
    queue.delete(...[...queue.messages.values()].filter(message => receipts.includes(message.receipt)));
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  }

  private hide(queue: Queue, input: any) {
    for (const message of queue.messages.values()) {
      if (message.receipt === input.ReceiptHandle) message.visibleAt = Date.now() + input.VisibilityTimeout * 1000;
    }
    return {};
  }
}

function nameOf(url: unknown): string {
  return String(url).split('/').pop()!;
}

function visibility(input: { VisibilityTimeout?: number }): number | undefined {
  return input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000;
}

function send(queue: Queue, { MessageBody, MessageAttributes, DelaySeconds = 0 }: any) {
  const { id, body } = queue.send(MessageBody, MessageAttributes, DelaySeconds * 1000);
  return { MessageId: id, MD5OfMessageBody: md5(body) };
}

function received({ id, body, receipt, attributes: MessageAttributes, receives, sentAt }: Message) {
  const Attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) };
  return { MessageId: id, ReceiptHandle: receipt, Body: body, MD5OfBody: md5(body), Attributes, MessageAttributes };
}

function attributes(queue: Queue) {
  const hidden = [...queue.messages.values()].filter(({ visibleAt }) => visibleAt > Date.now()).length;
  return {
    QueueArn: arn('sqs', queue.name),
    VisibilityTimeout: String(queue.definition.visibilityMs / 1000),
    ApproximateNumberOfMessages: String(queue.messages.size - hidden),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
  };
}

/** SQS returns the MD5 of the received text, and the SDK compares it. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
