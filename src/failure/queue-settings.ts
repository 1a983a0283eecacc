import { type Duration, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { QueueConsumerProps } from './queue-consumer';
import { attemptsSeconds, DEFAULTS, LAMBDA, QUEUE_SOURCE, visibilitySeconds } from '../limits';
import { mappingsOf } from '../private/event-sources';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { numberOf, receivesOf, retentionOf, visibilityOf } from '../private/resource-number';

/** How a queue and its function fit together, by what both have at the moment of asking: their props may change until synth. */
export class QueueSettings {
  constructor(private readonly props: QueueConsumerProps, private readonly findQueue: () => sqs.CfnQueue | undefined) {}

  public get maxReceiveCount(): number {
    return this.props.maxReceiveCount ?? DEFAULTS.QueueConsumer.maxReceiveCount.value;
  }

  /** The visibility timeout that the function's timeout asks for. */
  public neededVisibility(): number {
    return visibilitySeconds(timeoutSecondsOf(this.props.function) ?? LAMBDA.timeoutMaxSeconds, windowSeconds(this.props.maxBatchingWindow));
  }

  /** How long all attempts of a message take. */
  public attemptsSeconds(): number {
    const queue = this.findQueue();
    const visibility = queue && visibilityOf(queue);
    const receives = queue && receivesOf(queue);
    return attemptsSeconds(visibility ?? this.neededVisibility(), receives ?? this.maxReceiveCount);
  }

  public findProblems(): string[] {
    return [...this.findShortVisibility(), ...this.findEarlyExpiry(), ...this.findOvercommitment()];
  }

  private findShortVisibility(): string[] {
    const queue = this.findQueue();
    const visibility = queue && visibilityOf(queue);
    const timeout = timeoutSecondsOf(this.props.function);
    if (visibility === undefined || timeout === undefined || visibility >= timeout) return [];
    return [`the visibility timeout of 'queue' must be at least the ${timeout} s of the function's timeout, got ${visibility} s, `
      + 'and Lambda would refuse the mapping; raise it or leave it out, then it is computed'];
  }

  private findEarlyExpiry(): string[] {
    const queue = this.findQueue();
    const retention = queue && retentionOf(queue);
    const attempts = this.attemptsSeconds();
    if (retention === undefined || attempts < retention) return [];
    return [`the queue must keep a message for longer than its attempts take (visibility timeout × receives = ${attempts} s), got ${retention} s, `
      + 'and the message would expire before it reaches the dead-letter queue; keep it for longer or lower the receives'];
  }

  /** Every queue of the function counts, by whomever it was attached. */
  private findOvercommitment(): string[] {
    const reserved = reservedConcurrencyOf(this.props.function);
    const claims = mappingsOf(this.props.function).map(claimOf).filter(claim => claim > 0);
    const sum = claims.reduce((total, claim) => total + claim, 0);
    if (reserved === undefined || this.props.maxConcurrency === undefined || sum <= reserved) return [];
    return ["'reservedConcurrentExecutions' of the function must be at least the sum of 'maxConcurrency' over its queues "
      + `(${claims.join(' + ')} = ${sum}), got ${reserved}, and messages beyond it would be throttled into the dead-letter queue; raise it or lower them`];
  }
}

/** A window that only CloudFormation knows counts as the longest. */
export function windowSeconds(window: Duration | undefined): number {
  return window?.isUnresolved() ? QUEUE_SOURCE.windowMaxSeconds : window?.toSeconds() ?? 0;
}

function claimOf(mapping: lambda.CfnEventSourceMapping): number {
  const config = Stack.of(mapping).resolve(mapping.scalingConfig) as lambda.CfnEventSourceMapping.ScalingConfigProperty | undefined;
  return numberOf(mapping, config?.maximumConcurrency) ?? 0;
}
