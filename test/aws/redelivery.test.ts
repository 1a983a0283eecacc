import * as fc from 'fast-check';
import { asyncRedeliverySeconds, iteratorAgeLimitSeconds, STREAM_SOURCE, streamRedeliverySeconds } from '../../src/aws';

test.each([
  ['the record age', 3_600, 86_400, 3_600, 1_800],
  ['the retention, if it is shorter', 604_800, 86_400, 86_400, 43_200],
  ['the retention, if the age is unlimited', -1, 86_400, 86_400, 43_200],
  ['the retention, if no age is set', undefined, 604_800, 604_800, 302_400],
  ['whole seconds', 61, 86_400, 61, 30],
])('a stream delivers a record again until %s', (_, age, retention, redelivery, limit) => {
  expect(streamRedeliverySeconds(age, retention)).toBe(redelivery);
  expect(iteratorAgeLimitSeconds(age, retention)).toBe(limit);
});

test('the alarm on the iterator age leaves at least as much time as has passed', () => {
  const age = fc.option(fc.integer({ min: STREAM_SOURCE.recordAgeMinSeconds, max: STREAM_SOURCE.recordAgeMaxSeconds }), { nil: undefined });
  const retention = fc.integer({ min: STREAM_SOURCE.retentionUnsetSeconds, max: STREAM_SOURCE.retentionMaxSeconds });
  fc.assert(fc.property(age, retention, (a, r) => {
    const limit = iteratorAgeLimitSeconds(a, r);
    expect(streamRedeliverySeconds(a, r) - limit).toBeGreaterThanOrEqual(limit);
    expect(limit).toBeLessThanOrEqual(r / 2);
  }));
});

test('an asynchronous event starts within the time of its delivery and its age together', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.integer({ min: 60, max: 21_600 }), fc.integer({ min: 0, max: 86_400 }), share, share, (age, delivery, a, d) => {
    expect(delivery * d + age * a).toBeLessThanOrEqual(asyncRedeliverySeconds(age, delivery));
  }));
  expect(asyncRedeliverySeconds(3_600)).toBe(3_600);
});
