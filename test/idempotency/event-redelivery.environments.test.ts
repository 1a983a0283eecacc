import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { FailureQueue, IdempotencyStore } from '../../src';
import { plainFunction } from '../support/plain-function';
import { production } from '../support/production-function';

const env = (account: string) => ({ env: { account, region: 'eu-central-1' } });
const rate = events.Schedule.rate(Duration.minutes(5));

/** A function with a store that can hold the default event age of EventBridge. */
function idempotent(stack: Stack, expiresAfter = Duration.days(7)): lambda.IFunction {
  return production(stack, { idempotency: new IdempotencyStore(stack, 'Store', { expiresAfter }) });
}

function call(stack: Stack, fn: lambda.IFunction): void {
  new events.Rule(stack, 'Rule', { schedule: rate, targets: [new targets.LambdaFunction(fn)] });
  new scheduler.Schedule(stack, 'Schedule', { schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)), target: new LambdaInvoke(fn) });
}

test.each<[string, (app: App) => [Stack, Stack]]>([
  ['stacks of two accounts', app => [new Stack(app, 'Dev', env('111111111111')), new Stack(app, 'Prod', env('222222222222'))]],
  ['stages of two accounts', app => [new Stack(new Stage(app, 'Dev', env('111111111111')), 'Shop'), new Stack(new Stage(app, 'Prod', env('222222222222')), 'Shop')]],
  ['stages without an environment', app => [new Stack(new Stage(app, 'Dev'), 'Shop'), new Stack(new Stage(app, 'Prod'), 'Shop')]],
])('rules and schedules of other functions are no sources: %s', (_, stacksOf) => {
  const app = new App();
  const [dev, prod] = stacksOf(app);
  idempotent(dev, Duration.hours(2));
  // The same id, and so the same logical id in the template, as the idempotent function.
  call(prod, plainFunction(prod, 'Pay'));
  FailureQueue.getOrCreate(dev);
  expect(() => app.synth()).not.toThrow();
});

test('a rule of another stack of the same stage is a source', () => {
  const app = new App();
  const [functions, rules] = [new Stack(app, 'Functions'), new Stack(app, 'Rules')];
  call(rules, idempotent(functions, Duration.hours(2)));
  expect(() => app.synth()).toThrow(/'expiresAfter' must be at least .* of delivery by EventBridge/);
});
