import * as fc from 'fast-check';
import {
  asyncHorizonSeconds, attemptsSeconds, iteratorAgeLimitSeconds, queueHorizonSeconds, streamHorizonSeconds, visibilitySeconds,
  LAMBDA, QUEUE_SOURCE, SQS, STREAM_SOURCE,
} from '../../src/limits';

const timeout = fc.integer({ min: 1, max: LAMBDA.timeoutMaxSeconds });
const window = fc.integer({ min: 0, max: QUEUE_SOURCE.windowMaxSeconds });
const receives = fc.integer({ min: 1, max: 1_000 });
const retention = fc.integer({ min: SQS.retentionMinSeconds, max: SQS.retentionMaxSeconds });

/** The moments at which one message is received, when it reappears `visibility` after each receive and then waits for a poller. */
function receivesOfMessage(visibility: number, count: number, kept: number, waits: number[]): number[] {
  const moments: number[] = [];
  let next = waits[0];
  while (moments.length < count && next < kept) {
    moments.push(next);
    next += visibility + waits[moments.length % waits.length];
  }
  return moments;
}

test.each([
  [1, 0, 6], [3, 0, 18], [10, 0, 60], [10, 5, 65], [900, 0, 5_400], [900, 300, 5_700],
  [7_200, 0, 43_200], [7_201, 0, 43_200], // Managed Instances: SQS hides a message for 12 hours at most
])('a timeout of %i s and a window of %i s need a visibility timeout of %i s', (t, w, expected) => {
  expect(visibilitySeconds(t, w)).toBe(expected);
});

test('a message never reappears while the batch it was received with can still run, and SQS accepts the timeout', () => {
  fc.assert(fc.property(timeout, window, (t, w) => {
    const visibility = visibilitySeconds(t, w);
    expect(visibility).toBeGreaterThanOrEqual(t + w);
    expect(visibility).toBeLessThanOrEqual(SQS.visibilityMaxSeconds);
  }));
});

test('five throttled tries of a batch and a run still fit before its messages reappear', () => {
  fc.assert(fc.property(timeout, window, (t, w) => expect(visibilitySeconds(t, w) - w - t).toBe(5 * t)));
});

test('a longer timeout or window never shortens the visibility timeout', () => {
  fc.assert(fc.property(timeout, timeout, window, window, (t1, t2, w1, w2) => {
    expect(visibilitySeconds(Math.max(t1, t2), Math.max(w1, w2))).toBeGreaterThanOrEqual(visibilitySeconds(Math.min(t1, t2), Math.min(w1, w2)));
  }));
});

test('no receive of a message comes after the horizon that began with the first, however long it waits in between', () => {
  const waits = fc.array(fc.integer({ min: 0, max: SQS.retentionMaxSeconds }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(timeout, window, receives, retention, waits, (t, w, count, kept, between) => {
    const moments = receivesOfMessage(visibilitySeconds(t, w), count, kept, between);
    const last = (moments.at(-1) ?? 0) - (moments[0] ?? 0);
    expect(last).toBeLessThan(queueHorizonSeconds(kept));
  }));
});

test('the receives alone are no horizon: a message that waited comes after them', () => {
  const visibility = visibilitySeconds(10, 0);
  const moments = receivesOfMessage(visibility, 5, SQS.retentionUnsetSeconds, [0, 7_200]);
  expect(moments.at(-1)).toBeGreaterThan(attemptsSeconds(visibility, 5));
});

test('a message that does not wait reaches the dead-letter queue before it expires, when its attempts take less than the retention', () => {
  fc.assert(fc.property(timeout, window, receives, retention, (t, w, count, kept) => {
    const visibility = visibilitySeconds(t, w);
    fc.pre(attemptsSeconds(visibility, count) < kept);
    expect(receivesOfMessage(visibility, count, kept, [0])).toHaveLength(count);
  }));
});

test.each([
  ['the record age', 3_600, 86_400, 3_600, 1_800],
  ['the retention, where it is shorter', 604_800, 86_400, 86_400, 43_200],
  ['the retention, where the age is endless', -1, 86_400, 86_400, 43_200],
  ['the retention, where no age is stated', undefined, 604_800, 604_800, 302_400],
  ['whole seconds', 61, 86_400, 61, 30],
])('a stream repeats until %s', (_, age, kept, horizon, limit) => {
  expect(streamHorizonSeconds(age, kept)).toBe(horizon);
  expect(iteratorAgeLimitSeconds(age, kept)).toBe(limit);
});

test('the alarm on a lagging stream leaves at least as much time as has passed', () => {
  const age = fc.option(fc.integer({ min: STREAM_SOURCE.recordAgeMinSeconds, max: STREAM_SOURCE.recordAgeMaxSeconds }), { nil: undefined });
  const kept = fc.integer({ min: STREAM_SOURCE.retentionUnsetSeconds, max: STREAM_SOURCE.retentionMaxSeconds });
  fc.assert(fc.property(age, kept, (a, k) => {
    const limit = iteratorAgeLimitSeconds(a, k);
    expect(streamHorizonSeconds(a, k) - limit).toBeGreaterThanOrEqual(limit);
    expect(limit).toBeLessThanOrEqual(k / 2);
  }));
});

test('an asynchronous event may start as late as its delivery and its age allow together', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.integer({ min: 60, max: 21_600 }), fc.integer({ min: 0, max: 86_400 }), share, share, (age, delivery, a, d) => {
    expect(delivery * d + age * a).toBeLessThanOrEqual(asyncHorizonSeconds(age, delivery));
  }));
  expect(asyncHorizonSeconds(3_600)).toBe(3_600);
});
