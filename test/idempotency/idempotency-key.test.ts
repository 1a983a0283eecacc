import { search } from '@aws-lambda-powertools/jmespath';
import { IdempotencyKey } from '../../src';
import { EXAMPLES } from '../support/idempotent-events';

test.each(EXAMPLES)('%s selects the key of its event', (source, event, key) => {
  expect(search((IdempotencyKey as unknown as Record<string, string>)[source], event as never)).toEqual(key);
});

test('every constant has an example', () => {
  expect(EXAMPLES.map(([source]) => source).sort()).toEqual(Object.keys(IdempotencyKey).sort());
});
