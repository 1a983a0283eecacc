import * as fc from 'fast-check';
import { attemptsSeconds, LAMBDA, QUEUE_SOURCE, queueRedeliverySeconds, recommendedVisibilitySeconds, SQS } from '../../src/aws';

const timeout = fc.integer({ min: 1, max: LAMBDA.timeoutMaxSeconds });
const window = fc.integer({ min: 0, max: QUEUE_SOURCE.windowMaxSeconds });
const receives = fc.integer({ min: 1, max: 1_000 });
const retention = fc.integer({ min: SQS.retentionMinSeconds, max: SQS.retentionMaxSeconds });

/** The times at which one message is received, if it becomes visible `visibility` after each receive and then waits for a poller. */
function receivesOfMessage(visibility: number, count: number, expiry: number, waits: number[]): number[] {
  const times: number[] = [];
  let next = waits[0];
  while (times.length < count && next < expiry) {
    times.push(next);
    next += visibility + waits[times.length % waits.length];
  }
  return times;
}

test.each([
  [1, 0, 6], [3, 0, 18], [10, 0, 60], [10, 5, 65], [900, 0, 5_400], [900, 300, 5_700],
  [7_200, 0, 43_200], [7_201, 0, 43_200], // Managed Instances: the visibility timeout of SQS is at most 12 hours
])('a timeout of %i s and a window of %i s need a visibility timeout of %i s', (t, w, expected) => {
  expect(recommendedVisibilitySeconds(t, w)).toBe(expected);
});

test('a message does not become visible while its batch can still run, and SQS accepts the visibility timeout', () => {
  fc.assert(fc.property(timeout, window, (t, w) => {
    const visibility = recommendedVisibilitySeconds(t, w);
    expect(visibility).toBeGreaterThanOrEqual(t + w);
    expect(visibility).toBeLessThanOrEqual(SQS.visibilityMaxSeconds);
  }));
});

test('five throttled attempts of a batch and one run end before its messages become visible', () => {
  fc.assert(fc.property(timeout, window, (t, w) => expect(recommendedVisibilitySeconds(t, w) - w - t).toBe(5 * t)));
});

test('a longer timeout or window never shortens the visibility timeout', () => {
  fc.assert(fc.property(timeout, timeout, window, window, (t1, t2, w1, w2) => {
    expect(recommendedVisibilitySeconds(Math.max(t1, t2), Math.max(w1, w2)))
      .toBeGreaterThanOrEqual(recommendedVisibilitySeconds(Math.min(t1, t2), Math.min(w1, w2)));
  }));
});

test('no message is received after the redelivery time that began with its first receive, however long it waits', () => {
  const waits = fc.array(fc.integer({ min: 0, max: SQS.retentionMaxSeconds }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(timeout, window, receives, retention, waits, (t, w, count, expiry, between) => {
    const times = receivesOfMessage(recommendedVisibilitySeconds(t, w), count, expiry, between);
    const last = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(last).toBeLessThan(queueRedeliverySeconds(expiry));
  }));
});

test('a message that waits is received after the time that its attempts take', () => {
  const visibility = recommendedVisibilitySeconds(10, 0);
  const times = receivesOfMessage(visibility, 5, SQS.retentionUnsetSeconds, [0, 7_200]);
  expect(times.at(-1)).toBeGreaterThan(attemptsSeconds(visibility, 5));
});

test('a message that does not wait reaches the dead-letter queue before it expires, if its attempts take less than the retention', () => {
  fc.assert(fc.property(timeout, window, receives, retention, (t, w, count, expiry) => {
    const visibility = recommendedVisibilitySeconds(t, w);
    fc.pre(attemptsSeconds(visibility, count) < expiry);
    expect(receivesOfMessage(visibility, count, expiry, [0])).toHaveLength(count);
  }));
});
