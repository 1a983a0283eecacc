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

test.each([
  ['another Region', 'arn:aws:dynamodb:us-east-1:111111111111:table/records', '111111111111/us-east-1'],
  ['another account', 'arn:aws:dynamodb:eu-central-1:222222222222:table/records', '222222222222/eu-central-1'],
])('fails for a table in %s', (_, tableArn, environment) => {
  const stack = new Stack(new App(), 'Shop', env('111111111111'));
  const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn });
  expect(() => store.connect(production(stack))).toThrow(new Error(`'fn' must be in the account and Region of the table, ${environment}, got Shop/Pay/Default in 111111111111/eu-central-1, `
    + 'whose handler would look for the table there; create a store in the environment of the function (at Shop/Store)'));
});

test('a table in the same or in an unknown environment is accepted', () => {
  for (const props of [{}, env('111111111111')]) {
    const stack = new Stack(new App(), 'Shop', props);
    IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: 'arn:aws:dynamodb:eu-central-1:111111111111:table/records' }).connect(production(stack));
  }
});
