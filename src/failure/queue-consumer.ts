import { AspectPriority, Aspects, Duration, Lazy, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { checkQueueProps } from './checked-queue-props';
import { DeadLetterQueue, depthAlarm } from './dead-letter-queue';
import { deadLettersOf, mappingId, QueueSettings } from './queue-settings';
import { queueWarnings } from './queue-warnings';
import { DEFAULTS } from '../limits';
import { cfnQueueOf } from '../private/resource-number';

const D = DEFAULTS.QueueConsumer;

/**
 * Properties of a QueueConsumer.
 */
export interface QueueConsumerProps {
  /**
   * What works the messages off: a ProductionFunction, an alias or a function. It must answer with the ids of the
   * messages that failed (`batchItemFailures`), as Powertools' batch processor does; an exception fails the whole batch.
   */
  readonly function: lambda.IFunction;

  /**
   * A queue of your own. What it leaves open is set on it: the visibility timeout and a dead-letter queue. What it
   * states is kept, refused where Lambda would refuse it, and warned of where it falls short. An imported queue can't
   * be read or changed from here: what it must have is told in a warning.
   *
   * @default - a queue made here, encrypted, by TLS only, kept for 4 days
   */
  readonly queue?: sqs.IQueue;

  /**
   * Whether the queue made here keeps the order within each message group. Not with `queue`.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * How long the queue made here keeps a message that is not worked off: at least 60 seconds, less than the 14 days of
   * its dead-letter queue. Not with `queue`.
   *
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;

  /**
   * A key of your own for the queues that are made here. Services that send to the queue need its use by the key's policy.
   *
   * @default - SQS encrypts with a key of its own (SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How often a message is received before it goes to the dead-letter queue made here: at least 1, at most 1,000. Below
   * 5 is a warning, because a throttled receive counts too.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * The most messages of one invocation: 1 to 10, with a batching window up to 10,000.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How long Lambda gathers messages before it invokes: at most 300 seconds, whole seconds; not for a FIFO queue.
   *
   * @default - Lambda invokes at once
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * The most batches worked on at a time: 2 to 1,000. State it where the function calls what can't scale as Lambda
   * does, such as a database. The function's reserved concurrency must be at least the sum over its queues.
   *
   * @default - up to 1,250 batches, as Lambda scales
   */
  readonly maxConcurrency?: number;

  /**
   * Pollers that are kept for this queue alone and react within seconds: 2 to 200 at least, 2 to 2,000 at most. Each may
   * have 10 batches worked on; a reserved concurrency below that is a warning. Not with `maxConcurrency`.
   *
   * @default - Lambda's shared pollers
   */
  readonly provisionedPollers?: lambda.ProvisionedPollerConfig;

  /**
   * Which messages are worked on, as `lambda.FilterCriteria.filter` makes them; any one must match. Messages that do not match
   * are deleted. More than 5 is a warning, because AWS must have raised your quota; more than 10 is refused.
   *
   * @default - all messages
   */
  readonly filters?: { [key: string]: any }[];

  /**
   * The age of the oldest message above which the alarm fires.
   *
   * @default - the visibility timeout times the receives before the dead-letter queue: older messages have waited
   */
  readonly ageAlarmThreshold?: Duration;
}

/**
 * A function that works off a queue, with a place for what fails.
 *
 * In the account appear, unless a queue is given: the queue (encrypted, TLS only, 4 days) and its dead-letter queue of
 * the same type (14 days), which gets a message after 5 receives; always the event source mapping with partial batch
 * responses, and two alarms: one as soon as a message is in the dead-letter queue, one when messages grow old. The
 * visibility timeout is 6 × the function's timeout + the batching window, computed at synth from the timeout that the
 * function then has, and the slowest function counts where several read a given queue; where the timeout is not known
 * (an imported function), it is computed from the 900 seconds that Lambda allows at most.
 *
 * Delivery is at least once: the function must be idempotent, for example by an `IdempotencyStore` with
 * `IdempotencyKey.SQS`.
 *
 * Refused: props outside their ranges or that contradict each other, a batching window on a FIFO queue, a given queue
 * that the function reads already, or whose visibility timeout is below the function's timeout or whose dead-letter queue is of the other type, a message
 * that would expire before its last attempt, a `maxConcurrency` whose sum over the function's queues is above the
 * reserved concurrency.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @example
 * declare const settle: ProductionFunction;
 * const settlements = new QueueConsumer(this, 'Settlements', { function: settle, maxConcurrency: 10 });
 * settlements.ageAlarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class QueueConsumer extends Construct {
  /**
   * The queue to send to.
   */
  public readonly queue: sqs.IQueue;

  /**
   * Where messages go that failed too often; absent where an imported queue hides it.
   */
  public readonly deadLetterQueue?: sqs.IQueue;

  /**
   * Fires while at least one message is in the dead-letter queue. It has no action yet: add yours.
   */
  public readonly deadLetterAlarm?: cloudwatch.Alarm;

  /**
   * Fires while the oldest message is older than its attempts take. It has no action yet: add yours.
   */
  public readonly ageAlarm: cloudwatch.Alarm;

  private readonly settings: QueueSettings;
  private readonly maxReceiveCount: number;

  constructor(scope: Construct, id: string, private readonly props: QueueConsumerProps) {
    super(scope, id);
    checkQueueProps(this, props);

    this.maxReceiveCount = props.maxReceiveCount ?? D.maxReceiveCount.value;
    this.deadLetterQueue = props.queue ? this.completeGiven(props.queue) : this.createDeadLetterQueue();
    this.queue = props.queue ?? this.createQueue(this.deadLetterQueue!);
    this.settings = new QueueSettings(props, this.queue, this.addMapping());
    this.deadLetterAlarm = this.alarmOf(this.deadLetterQueue);
    this.ageAlarm = this.createAgeAlarm();
    this.node.addValidation({ validate: () => this.settings.findProblems() });
    Aspects.of(this).add({ visit: node => node === this && this.warn() }, { priority: AspectPriority.READONLY });
  }

  /** Below a given queue and so in its stack, which may be another: the two refer to each other. */
  private createDeadLetterQueue(): DeadLetterQueue {
    const { queue, fifo, encryptionKey } = this.props;
    return new DeadLetterQueue(queue as sqs.Queue | undefined ?? this, 'DeadLetters', {
      fifo: (queue ? queue.fifo : fifo) || undefined,
      encryptionKey: queue ? queue.encryptionMasterKey : encryptionKey,
      alarmDescription: this.deadLetterDescription(),
      reason: 'it is the dead-letter queue itself',
    });
  }

  private createQueue(deadLetterQueue: sqs.IQueue): sqs.IQueue {
    const { fifo, encryptionKey, retentionPeriod } = this.props;
    return new sqs.Queue(this, 'Queue', {
      fifo: fifo || undefined,
      retentionPeriod: retentionPeriod ?? Duration.days(D.retentionDays.value),
      visibilityTimeout: Duration.seconds(Lazy.number({ produce: () => QueueSettings.neededVisibility(this.queue) })),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: this.maxReceiveCount },
      enforceSSL: D.enforceSSL.value,
      encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
    });
  }

  /** Sets on a given queue what it leaves open, and returns its dead-letter queue. */
  private completeGiven(queue: sqs.IQueue): sqs.IQueue | undefined {
    const resource = cfnQueueOf(queue);
    if (!resource) return undefined;
    resource.visibilityTimeout ??= Lazy.number({ produce: () => QueueSettings.neededVisibility(queue) });
    if (resource.redrivePolicy) return deadLettersOf(queue);
    const deadLetterQueue = this.createDeadLetterQueue();
    resource.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: this.maxReceiveCount };
    return deadLetterQueue;
  }

  private addMapping(): lambda.CfnEventSourceMapping {
    const { function: fn, batchSize, maxBatchingWindow, maxConcurrency, provisionedPollers, filters } = this.props;
    fn.addEventSource(new sources.SqsEventSource(this.queue, {
      batchSize: batchSize ?? D.batchSize.value,
      maxBatchingWindow,
      maxConcurrency,
      provisionedPollerConfig: provisionedPollers,
      filters: filters && [...filters],
      reportBatchItemFailures: D.reportBatchItemFailures.value,
    }));
    const mapping = fn.node.findChild(mappingId(this.queue));
    Validations.of(mapping).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason: 'Lambda has no on-failure destination for SQS: what fails goes to the dead-letter queue of the queue',
    });
    return mapping.node.defaultChild as lambda.CfnEventSourceMapping;
  }

  private alarmOf(queue: sqs.IQueue | undefined): cloudwatch.Alarm | undefined {
    if (queue instanceof DeadLetterQueue) return queue.alarm;
    return queue && depthAlarm(this, 'DeadLetterAlarm', queue, this.deadLetterDescription());
  }

  private deadLetterDescription(): string {
    return `Messages that ${this.props.function.node.path} could not handle wait in the dead-letter queue of ${this.node.path}. `
      + 'Read the errors in the log of the function, mend the cause, then redrive with aws sqs start-message-move-task.';
  }

  private createAgeAlarm(): cloudwatch.Alarm {
    return this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }).createAlarm(this, 'AgeAlarm', {
      alarmDescription: `Messages wait in ${this.queue.node.path} for longer than their attempts take: ${this.props.function.node.path} `
        + 'is throttled, disabled or too slow. Compare its throttles and its duration with the messages sent.',
      threshold: this.props.ageAlarmThreshold?.toSeconds() ?? Lazy.number({ produce: () => this.settings.attemptsSeconds() }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** At synth, when everything is as it will be deployed. */
  private warn(): void {
    for (const [what, message] of queueWarnings(this.props, this.settings)) Validations.of(this).addWarning(`cdk-production-lambda:QueueConsumer.${what}`, message);
  }
}
