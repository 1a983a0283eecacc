import { Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue';
import { sharedInStack } from '../private/shared';

/**
 * Properties of a FailureQueue.
 */
export interface FailureQueueProps {
  /**
   * A key of your own for the messages. The functions that send here are granted its use.
   *
   * @default - SQS encrypts with a key of its own (SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Where asynchronous events go that a function could not handle, with the request and the error.
 *
 * In the account appear a standard queue that keeps messages for 14 days, encrypted, with a policy that refuses
 * anything but TLS, and an alarm that fires as soon as one message is visible. A stack needs one:
 * `FailureQueue.of(scope)` returns it, and every ProductionFunction uses it unless it is given an `onFailure`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @example
 * const failures = FailureQueue.of(this);
 * failures.alarm.addAlarmAction(new cloudwatch_actions.SnsAction(new sns.Topic(this, 'OnCall')));
 */
export class FailureQueue extends DeadLetterQueue {
  /**
   * The queue that all functions of a stack share, made at the first call.
   *
   * @param scope Any construct of the stack
   */
  public static of(scope: Construct): FailureQueue {
    return sharedInStack(scope, 'FailureQueue', home => new FailureQueue(home, 'FailureQueue'));
  }

  constructor(scope: Construct, id: string, props: FailureQueueProps = {}) {
    const reason = 'it is the end of the line itself: the on-failure destination of functions';
    super(scope, id, {
      reason,
      encryptionKey: props.encryptionKey,
      alarmDescription: `Events that functions of this stack could not handle wait in ${scope.node.path}/${id}. `
        + 'Read one message (it carries the request and the error), mend the cause, then send the requests again.',
    });
    Validations.of(this).acknowledge({ id: 'AwsSolutions::AwsSolutions-SQS3', reason });
  }
}
