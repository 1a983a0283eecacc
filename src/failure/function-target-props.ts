import type { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * How long EventBridge tries to deliver an event, and the dead-letter queue of events that it cannot deliver.
 */
export interface FunctionTargetOptions {
  /**
   * The age at which EventBridge sends an undelivered event to the dead-letter queue: 60 seconds to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;

  /**
   * How often EventBridge retries the delivery: 0 to 185.
   *
   * @default 185
   */
  readonly retryAttempts?: number;

  /**
   * The dead-letter queue of events that EventBridge cannot deliver: a standard queue.
   *
   * @default - the FailureQueue of the stack that contains the rule or schedule
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Options of a function as the target of a rule.
 */
export interface RuleTargetOptions extends FunctionTargetOptions {
  /**
   * The input of the function.
   *
   * @default - the event
   */
  readonly event?: events.RuleTargetInput;
}

/**
 * Options of a function as the target of a schedule.
 */
export interface ScheduleTargetOptions extends FunctionTargetOptions {
  /**
   * The input of the function.
   *
   * @default - an empty event of EventBridge Scheduler
   */
  readonly input?: scheduler.ScheduleTargetInput;
}
