import { Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';
import type { FailureQueueProps } from './failure-queue-props';
import { stackSingleton } from '../private/stack-singleton';

/**
 * A queue for asynchronous events that a function failed to process, with the request and the error.
 *
 * Creates a standard queue that retains messages for 14 days, encrypted, with a policy that denies requests without
 * TLS, and an alarm that fires while at least one message is visible. One queue per stack is enough:
 * `FailureQueue.getOrCreate(scope)` returns it, and every ProductionFunction without `onFailure` uses it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @example
 * const failures = FailureQueue.getOrCreate(this);
 * failures.failedEventsAlarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class FailureQueue extends DeadLetterQueue {
  /**
   * Returns the queue that all functions of a stack share. The first call creates it.
   *
   * @param scope Any construct of the stack
   */
  public static getOrCreate(scope: Construct): FailureQueue {
    return stackSingleton(scope, 'FailureQueue', home => new FailureQueue(home, 'FailureQueue'));
  }

  /**
   * Fires while at least one failed event is in the queue. It has no action: add one.
   */
  public readonly failedEventsAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: FailureQueueProps = {}) {
    const reason = 'it is the on-failure destination of functions, and a dead-letter queue itself';
    super(scope, id, {
      ...props,
      reason,
      alarmDescription: `Events that functions of this stack failed to process are in ${scope.node.path}/${id}. `
        + 'Inspect a message (it contains the request and the error), fix the cause, then send the requests again.',
    });
    this.failedEventsAlarm = this._messagesAlarm;
    Validations.of(this).acknowledge({ id: 'AwsSolutions::AwsSolutions-SQS3', reason });
  }
}
