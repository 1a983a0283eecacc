import { Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { effectiveProperties, effectiveProperty, effectiveValue } from '../../src/private/effective-properties';

function newQueue(): sqs.CfnQueue {
  return new sqs.CfnQueue(new Stack(), 'Queue', { visibilityTimeout: 30, queueName: 'orders' });
}

test('without an override, the value of the resource is effective', () => {
  const queue = newQueue();
  expect(effectiveProperty(queue, 'VisibilityTimeout', queue.visibilityTimeout)).toBe(30);
  expect(effectiveProperties(queue)).toEqual({ VisibilityTimeout: 30, QueueName: 'orders' });
});

test.each<[string, (queue: sqs.CfnQueue) => void, number | undefined]>([
  ['addPropertyOverride', queue => queue.addPropertyOverride('VisibilityTimeout', 60), 60],
  ['addOverride', queue => queue.addOverride('Properties.VisibilityTimeout', 60), 60],
  ['addPropertyDeletionOverride', queue => queue.addPropertyDeletionOverride('VisibilityTimeout'), undefined],
])('%s takes precedence', (_, override, expected) => {
  const queue = newQueue();
  override(queue);
  expect(effectiveProperty(queue, 'VisibilityTimeout', queue.visibilityTimeout)).toBe(expected);
  expect(effectiveProperties(queue).VisibilityTimeout).toBe(expected);
});

test('effectiveValue retains tokens', () => {
  const queue = newQueue();
  const token = Stack.of(queue).account;
  queue.addPropertyOverride('QueueName', token);
  expect(effectiveValue(queue, 'QueueName', queue.queueName)).toBe(token);
});
