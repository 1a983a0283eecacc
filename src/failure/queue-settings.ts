import { Names } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumerProps } from './queue-consumer';
import { attemptsSeconds, DEFAULTS, LAMBDA, visibilitySeconds } from '../limits';
import { everyMappingOf, referentOf } from '../private/event-sources';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, concurrencyOf, receivesOf, retentionOf, visibilityOf, windowOf } from '../private/resource-number';

/** The id that CDK gives to the mapping of a queue, below what it invokes. */
export function mappingId(queue: sqs.IQueue): string {
  return `SqsEventSource:${Names.nodeUniqueId(queue.node)}`;
}

/** Where a queue sends what failed too often, whoever set it. */
export function deadLettersOf(queue: sqs.IQueue): sqs.IQueue | undefined {
  const stated = (queue as Partial<sqs.Queue>).deadLetterQueue?.queue;
  if (stated) return stated;
  const policy = cfnQueueOf(queue)?.redrivePolicy as { deadLetterTargetArn?: string } | undefined;
  const owner = referentOf(policy?.deadLetterTargetArn)?.node.scope as sqs.IQueue | undefined;
  return owner?.queueArn === undefined ? undefined : owner;
}

/** The consumers of each queue: it hides a message for as long as the slowest of them needs. */
const CONSUMERS = new WeakMap<sqs.IQueue, QueueSettings[]>();

/** How queue and function fit together, by what both have at the moment of asking: their props may change until synth. */
export class QueueSettings {
  /** The visibility timeout that the functions on a queue ask for, by their timeouts and batching windows. */
  public static neededVisibility(queue: sqs.IQueue): number {
    return Math.max(...CONSUMERS.get(queue)!.map(({ props, mapping }) =>
      visibilitySeconds(timeoutSecondsOf(props.function) ?? LAMBDA.timeoutMaxSeconds, windowOf(mapping))));
  }

  private readonly resource?: sqs.CfnQueue;

  constructor(
    private readonly props: QueueConsumerProps, private readonly queue: sqs.IQueue, private readonly mapping: lambda.CfnEventSourceMapping,
  ) {
    this.resource = cfnQueueOf(queue);
    CONSUMERS.set(queue, [...CONSUMERS.get(queue) ?? [], this]);
  }

  /** How often a message is received before it goes to the dead-letter queue. */
  public get receives(): number {
    return (this.resource && receivesOf(this.resource)) ?? DEFAULTS.QueueConsumer.maxReceiveCount.value;
  }

  /** How long the queue hides a message, or should where that is not known here. */
  public get visibility(): number {
    return (this.resource && visibilityOf(this.resource)) ?? QueueSettings.neededVisibility(this.queue);
  }

  /** How long all attempts of a message take. */
  public attemptsSeconds(): number {
    return attemptsSeconds(this.visibility, this.receives);
  }

  public findProblems(): string[] {
    return [...this.findShortVisibility(), ...this.findEarlyExpiry(), ...this.findOvercommitment()];
  }

  private findShortVisibility(): string[] {
    const visibility = this.resource && visibilityOf(this.resource);
    const timeout = timeoutSecondsOf(this.props.function);
    if (visibility === undefined || timeout === undefined || visibility >= timeout) return [];
    return [`the visibility timeout of 'queue' must be at least the ${timeout} s of the function's timeout, got ${visibility} s, `
      + 'and Lambda would refuse the mapping; raise it or leave it out, then it is computed'];
  }

  private findEarlyExpiry(): string[] {
    const retention = this.resource && retentionOf(this.resource);
    const attempts = this.attemptsSeconds();
    if (retention === undefined || attempts < retention) return [];
    return [`the queue must keep a message for longer than its attempts take (visibility timeout × receives = ${attempts} s), got ${retention} s, `
      + 'and the message would expire before it reaches the dead-letter queue; keep it for longer or lower the receives'];
  }

  /** Every queue of the function counts, by whomever it was attached and to whichever of its aliases. */
  private findOvercommitment(): string[] {
    const reserved = reservedConcurrencyOf(this.props.function);
    if (reserved === undefined || this.props.maxConcurrency === undefined) return [];
    const claims = everyMappingOf(this.props.function).map(concurrencyOf).filter(claim => claim !== undefined);
    const sum = claims.reduce((total, claim) => total + claim, 0);
    if (sum <= reserved) return [];
    return ["'reservedConcurrentExecutions' of the function must be at least the sum of 'maxConcurrency' over its queues "
      + `(${claims.join(' + ')} = ${sum}), got ${reserved}, and messages beyond it would be throttled into the dead-letter queue; raise it or lower them`];
  }
}
