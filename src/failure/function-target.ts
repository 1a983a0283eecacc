import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as scheduler_targets from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { FailureQueue } from './failure-queue';
import type { FunctionTargetOptions, RuleTargetOptions, ScheduleTargetOptions } from './function-target-props';
import { validateFunctionTargetOptions, validateScheduleOptions } from './function-target-validation';
import { DEFAULTS } from '../defaults';

const D = DEFAULTS.FunctionTarget;

/**
 * A function as the target of an EventBridge rule or schedule, with limited retries and a dead-letter queue.
 *
 * EventBridge sends an event to Lambda's asynchronous queue. If the delivery fails (for example because of a
 * throttled API or a missing permission), EventBridge retries it, and by default drops the event after 24 hours. This
 * target sends the event to the stack's FailureQueue after one hour. Events that the *function* fails to process are
 * sent to the function's own on-failure destination.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * @example
 * declare const settle: ProductionFunction;
 * new events.Rule(this, 'Captured', {
 *   eventPattern: { source: ['payments'], detailType: ['captured'] },
 *   targets: [FunctionTarget.forRule(settle)],
 * });
 */
export class FunctionTarget {
  /**
   * The function as the target of a rule.
   *
   * @param fn A ProductionFunction or an alias, so that the released version receives the event; or a function
   * @param options The limits of the retries, and the dead-letter queue
   */
  public static forRule(fn: lambda.IFunction, options: RuleTargetOptions = {}): events.IRuleTarget {
    validateFunctionTargetOptions(fn.node.path, options);
    return {
      bind: (rule, id) => {
        const delivery = deliveryProps(rule as unknown as Construct, options);
        return new targets.LambdaFunction(fn, { ...delivery, event: options.event }).bind(rule, id);
      },
    };
  }

  /**
   * The function as the target of a schedule of EventBridge Scheduler. Tokens are not allowed, because CDK's Schedule
   * rejects them.
   *
   * @param fn A ProductionFunction or an alias, so that the released version receives the event; or a function
   * @param options The limits of the retries, and the dead-letter queue
   */
  public static forSchedule(fn: lambda.IFunction, options: ScheduleTargetOptions = {}): scheduler.IScheduleTarget {
    validateFunctionTargetOptions(fn.node.path, options);
    validateScheduleOptions(fn.node.path, options);
    return {
      bind: schedule => {
        const delivery = deliveryProps(schedule as unknown as Construct, options);
        return new scheduler_targets.LambdaInvoke(fn, { ...delivery, input: options.input }).bind(schedule);
      },
    };
  }

  private constructor() {}
}

function deliveryProps(scope: Construct, options: FunctionTargetOptions) {
  return {
    deadLetterQueue: options.deadLetterQueue ?? FailureQueue.getOrCreate(scope),
    maxEventAge: options.maxEventAge ?? Duration.seconds(D.maxEventAgeSeconds.value),
    retryAttempts: options.retryAttempts ?? D.retryAttempts.value,
  };
}
