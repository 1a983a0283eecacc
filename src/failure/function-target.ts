import { Duration, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as scheduler_targets from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureQueue } from './failure-queue';
import { DEFAULTS, EVENT_BRIDGE } from '../limits';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.FunctionTarget;

/**
 * How long EventBridge tries to deliver, and what becomes of what it could not.
 */
export interface FunctionTargetOptions {
  /**
   * How old an event may get before it goes to the dead-letter queue: 60 seconds to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;

  /**
   * How often delivery is tried again: 0 to 185.
   *
   * @default 185
   */
  readonly retryAttempts?: number;

  /**
   * Where events go that could not be delivered: a standard queue.
   *
   * @default - the FailureQueue of the stack in which the rule or schedule is
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * Options of a function as the target of a rule.
 */
export interface RuleTargetOptions extends FunctionTargetOptions {
  /**
   * What the function gets.
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
   * What the function gets.
   *
   * @default - an empty event of EventBridge Scheduler
   */
  readonly input?: scheduler.ScheduleTargetInput;
}

/**
 * A function as the target of an EventBridge rule or schedule, with an end to the delivery and a place for what could
 * not be delivered.
 *
 * EventBridge hands an event to Lambda's asynchronous queue. What it can't hand over (a throttled API, a missing
 * permission) it tries again, and by default drops after 24 hours; here it goes to the stack's FailureQueue after one.
 * What the *function* then fails to do goes to the function's own on-failure destination.
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
   * @param fn The function, best a ProductionFunction or an alias: the event then reaches the released version
   * @param options How long the delivery is tried, and where what failed goes
   */
  public static forRule(fn: lambda.IFunction, options: RuleTargetOptions = {}): events.IRuleTarget {
    checkOptions(fn, options);
    return {
      bind: (rule, id) => {
        const queue = options.deadLetterQueue ?? FailureQueue.of(rule as unknown as events.Rule);
        return new targets.LambdaFunction(fn, { ...delivery(options, queue), event: options.event }).bind(rule, id);
      },
    };
  }

  /**
   * The function as the target of a schedule of EventBridge Scheduler. Numbers must be known at synth: CDK's own Schedule
   * refuses tokens.
   *
   * @param fn The function, best a ProductionFunction or an alias: the event then reaches the released version
   * @param options How long the delivery is tried, and where what failed goes
   */
  public static forSchedule(fn: lambda.IFunction, options: ScheduleTargetOptions = {}): scheduler.IScheduleTarget {
    checkOptions(fn, options);
    for (const prop of ['maxEventAge', 'retryAttempts'] as const) {
      if (isToken(options[prop])) refuse(fn.node.path, `'${prop}' of a schedule must be known at synth, got a token, which CDK's Schedule refuses; state a number`);
    }
    return {
      bind: schedule => {
        const queue = options.deadLetterQueue ?? FailureQueue.of(schedule as scheduler.Schedule);
        return new scheduler_targets.LambdaInvoke(fn, { ...delivery(options, queue), input: options.input }).bind(schedule);
      },
    };
  }

  private constructor() {}
}

function checkOptions(fn: lambda.IFunction, options: FunctionTargetOptions): void {
  const { path } = fn.node;
  const { maxEventAge, retryAttempts, deadLetterQueue } = options;
  const age = maxEventAge?.isUnresolved() ? undefined : maxEventAge?.toSeconds();
  requireRange(path, 'maxEventAge', age, EVENT_BRIDGE.eventAgeMinSeconds, EVENT_BRIDGE.eventAgeMaxSeconds, 'it is a number of seconds');
  requireRange(path, 'retryAttempts', retryAttempts, 0, EVENT_BRIDGE.retryAttemptsMax, 'it is a number of attempts');
  if (deadLetterQueue?.fifo) refuse(path, "'deadLetterQueue' must be a standard queue, got a FIFO queue; EventBridge can't deliver to it");
}

function isToken(value: Duration | number | undefined): boolean {
  return value instanceof Duration ? value.isUnresolved() : Token.isUnresolved(value);
}

function delivery(options: FunctionTargetOptions, deadLetterQueue: sqs.IQueue) {
  return {
    deadLetterQueue,
    maxEventAge: options.maxEventAge ?? Duration.seconds(D.maxEventAgeSeconds.value),
    retryAttempts: options.retryAttempts ?? D.retryAttempts.value,
  };
}
