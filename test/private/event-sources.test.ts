import { Duration } from 'aws-cdk-lib';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IdempotencyStore, ProductionDefaults } from '../../src';
import { everyMappingOf, triggersOf } from '../../src/private/event-sources';
import { newStack, plainFunction } from '../support/plain-function';
import { production, resourcesOf } from '../support/production-function';

const twoMinutes = { visibilityTimeout: Duration.minutes(2) };

test('a dead-letter queue with a disabled mapping back to its function is for a redrive by hand, and no loop', () => {
  const stack = newStack();
  const deadLetterQueue = new sqs.Queue(stack, 'Dead', twoMinutes);
  const fn = production(stack, { deadLetterQueue, events: [new sources.SqsEventSource(deadLetterQueue, { enabled: false })] });
  expect([triggersOf(fn), everyMappingOf(fn)]).toEqual([[], []]);
  expect(() => resourcesOf(stack)).not.toThrow();
});

test('an enabled mapping of the same queue is a loop', () => {
  const stack = newStack();
  const deadLetterQueue = new sqs.Queue(stack, 'Dead', twoMinutes);
  production(stack, { deadLetterQueue, events: [new sources.SqsEventSource(deadLetterQueue)] });
  expect(() => resourcesOf(stack)).toThrow("'deadLetterQueue' must not be a source of the same function");
});

test('a disabled mapping repeats no event', () => {
  const stack = newStack();
  const fn = production(stack, { idempotency: new IdempotencyStore(stack, 'Store', { expiresAfter: Duration.hours(2) }) });
  fn.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Dead', { ...twoMinutes, retentionPeriod: Duration.days(14) }), { enabled: false }));
  expect(() => resourcesOf(stack)).not.toThrow();
});

test('ProductionDefaults adds no dead-letter queue to a queue with a disabled mapping', () => {
  const stack = newStack();
  ProductionDefaults.applyTo(stack);
  const queue = new sqs.Queue(stack, 'Dead', twoMinutes);
  plainFunction(stack, 'Fn').addEventSource(new sources.SqsEventSource(queue, { enabled: false }));
  expect(Object.values(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::SQS::Queue')).toHaveLength(1);
});
