import { AspectPriority, Aspects, Duration, Lazy, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';
import { createMessagesAlarm } from './messages-alarm';
import type { QueueConsumerProps } from './queue-consumer-props';
import { deadLetterQueueOf, QueueConsumerTiming } from './queue-consumer-timing';
import { findQueueConsumerProblems, validateQueueConsumerProps } from './queue-consumer-validation';
import { informOfFifoOrder, warnQueueConsumer } from './queue-consumer-warnings';
import { SharedQueue } from './shared-queue';
import { DEFAULTS } from '../defaults';
import { addEventSource } from '../private/cdk-internals';
import { cfnQueueOf } from '../private/queue-properties';

const D = DEFAULTS.QueueConsumer;

/**
 * A function that processes the messages of a queue, with a dead-letter queue for messages that fail.
 *
 * Creates a queue (encrypted, TLS only, retention period of 4 days) and a dead-letter queue of the same type
 * (retention period of 14 days) that receives a message after 5 receives, unless `queue` is set. Creates an event
 * source mapping with partial batch responses and two alarms: one fires while a message is in the dead-letter queue,
 * the other when the oldest message is older than its attempts take.
 *
 * The visibility timeout is 6 × the timeout of the function + the batching window. It is computed at synthesis, so it
 * follows later changes of the timeout. If several functions read the queue, the slowest function counts. If a
 * timeout is not known, for example of an imported function, it counts as 900 seconds, the longest that Lambda
 * supports.
 *
 * SQS delivers each message at least once: the function must be idempotent, for example through an `IdempotencyStore`
 * with `IdempotencyKey.SQS`.
 *
 * The function of a FIFO queue must stop at the first failure of a message group and return that message and all that follow
 * in the group as failed, because SQS deletes the others and the order would be lost. `SqsFifoPartialProcessor` of Powertools
 * for AWS Lambda does so. A FIFO consumer has an info message that says it.
 *
 * Throws an error if props are out of range or contradict each other, if a FIFO queue has a batching window, if the
 * function already reads `queue`, or if its dead-letter queue is of another type. Synthesis fails if the visibility
 * timeout is shorter than the timeout of the function, if a message would expire before its last attempt, or if the sum
 * of `maxConcurrency` over the function's queues is higher than its reserved concurrency.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @example
 * declare const settle: ProductionFunction;
 * const settlements = new QueueConsumer(this, 'Settlements', { function: settle, maxConcurrency: 10 });
 * settlements.ageAlarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class QueueConsumer extends Construct {
  /**
   * The queue to send messages to.
   */
  public readonly queue: sqs.IQueue;

  /**
   * The dead-letter queue; undefined if the queue is imported.
   */
  public readonly deadLetterQueue?: sqs.IQueue;

  /**
   * Fires while at least one message is in the dead-letter queue; undefined if the queue is imported. It has no action:
   * add one.
   */
  public readonly deadLetterAlarm?: cloudwatch.Alarm;

  /**
   * Fires while the oldest message is older than its attempts take. It has no action: add one.
   */
  public readonly ageAlarm: cloudwatch.Alarm;

  private readonly timing: QueueConsumerTiming;
  private readonly maxReceiveCount: number;

  constructor(scope: Construct, id: string, private readonly props: QueueConsumerProps) {
    super(scope, id);
    validateQueueConsumerProps(this.node.path, props);

    this.maxReceiveCount = props.maxReceiveCount ?? D.maxReceiveCount.value;
    this.deadLetterQueue = props.queue ? this.completeExisting(props.queue) : this.createDeadLetterQueue();
    this.queue = props.queue ?? this.createQueue(this.deadLetterQueue!);
    this.timing = new QueueConsumerTiming(this.queue, this.addMapping());
    this.deadLetterAlarm = this.deadLetterAlarmOf(this.deadLetterQueue);
    this.ageAlarm = this.createAgeAlarm();
    informOfFifoOrder(this, this.queue.fifo);
    this.node.addValidation({ validate: () => findQueueConsumerProblems(props, this.queue, this.timing) });
    Aspects.of(this).add({ visit: node => node === this && warnQueueConsumer(this, props, this.timing) }, { priority: AspectPriority.READONLY });
  }

  /**
   * An existing queue may be in another stack. Its dead-letter queue is in that stack too, because the two refer to
   * each other.
   */
  private createDeadLetterQueue(): DeadLetterQueue {
    const { queue, fifo, encryptionKey } = this.props;
    return new DeadLetterQueue(queue as sqs.Queue | undefined ?? this, 'DeadLetters', {
      fifo: (queue ? queue.fifo : fifo) || undefined,
      encryptionKey: queue ? queue.encryptionMasterKey : encryptionKey,
      alarmDescription: this.deadLetterDescription(),
      reason: 'it is a dead-letter queue itself',
    });
  }

  private createQueue(deadLetterQueue: sqs.IQueue): sqs.IQueue {
    const { fifo, encryptionKey, retentionPeriod } = this.props;
    return new SharedQueue(this, 'Queue', {
      fifo: fifo || undefined,
      retentionPeriod: retentionPeriod ?? Duration.days(D.retentionDays.value),
      visibilityTimeout: Duration.seconds(this.recommendedVisibility()),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: this.maxReceiveCount },
      enforceSSL: D.enforceSSL.value,
      encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
    });
  }

  /** Sets what an existing queue does not have, and returns its dead-letter queue. */
  private completeExisting(queue: sqs.IQueue): sqs.IQueue | undefined {
    const resource = cfnQueueOf(queue);
    if (!resource) return undefined;
    resource.visibilityTimeout ??= this.recommendedVisibility();
    if (resource.redrivePolicy) return deadLetterQueueOf(queue);
    const deadLetterQueue = this.createDeadLetterQueue();
    resource.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: this.maxReceiveCount };
    return deadLetterQueue;
  }

  private recommendedVisibility(): number {
    return Lazy.number({ produce: () => this.timing.recommendedVisibility });
  }

  private addMapping(): lambda.CfnEventSourceMapping {
    const { function: fn, batchSize, maxBatchingWindow, maxConcurrency, provisionedPollers, filters } = this.props;
    const mapping = addEventSource(fn, new sources.SqsEventSource(this.queue, {
      batchSize: batchSize ?? D.batchSize.value,
      maxBatchingWindow,
      maxConcurrency,
      provisionedPollerConfig: provisionedPollers,
      filters: filters && [...filters],
      reportBatchItemFailures: D.reportBatchItemFailures.value,
    }));
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda has no on-failure destination for SQS: failed messages are moved to the dead-letter queue of the queue',
    });
    return mapping.node.defaultChild as lambda.CfnEventSourceMapping;
  }

  /** A dead-letter queue of this library has its alarm. */
  private deadLetterAlarmOf(queue: sqs.IQueue | undefined): cloudwatch.Alarm | undefined {
    if (queue instanceof DeadLetterQueue) return queue._messagesAlarm;
    return queue && createMessagesAlarm(this, 'DeadLetterAlarm', queue, this.deadLetterDescription());
  }

  private deadLetterDescription(): string {
    return `Messages that ${this.props.function.node.path} failed to process are in the dead-letter queue of ${this.node.path}. `
      + 'Inspect the errors in the log of the function, fix the cause, '
      + 'then redrive the messages with aws sqs start-message-move-task.';
  }

  private createAgeAlarm(): cloudwatch.Alarm {
    const { alarms, function: fn } = this.props;
    return this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }).createAlarm(this, 'AgeAlarm', {
      alarmDescription: `Messages are in ${this.queue.node.path} for longer than their attempts take: ${fn.node.path} `
        + 'is throttled, '
        + 'disabled or too slow. Compare its throttles and its duration with the number of messages sent.',
      threshold: alarms?.ageThreshold?.toSeconds() ?? Lazy.number({ produce: () => this.timing.attemptsSeconds }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
