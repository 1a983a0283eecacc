import { contextWith } from '../support/environments';
import { Deadline, OutOfTimeError } from 'cdk-production-lambda-runtime';

test('a deadline is one second before the timeout', () => {
  const deadline = Deadline.of(contextWith(3_000));
  expect(deadline.remainingMillis).toBeGreaterThan(1_900);
  expect(deadline.remainingMillis).toBeLessThanOrEqual(2_000);
  expect(deadline.limit(500)).toBe(500);
  expect(deadline.limit(9_000)).toBeLessThanOrEqual(2_000);
  expect(() => deadline.require(1_500, 'a call')).not.toThrow();
});

test('a limit is a whole number, as AbortSignal.timeout requires', () => {
  const deadline = Deadline.of(contextWith(3_000));
  expect([deadline.limit(1_234.5), deadline.limit(0.5), deadline.limit(-1)]).toEqual([1_234, 1, 1]);
  expect(AbortSignal.timeout(deadline.limit(deadline.remainingMillis / 7)).aborted).toBe(false);
});

test('a step that needs more time is not begun', () => {
  const deadline = Deadline.of(contextWith(900));
  expect([deadline.remainingMillis, deadline.limit(500)]).toEqual([0, 1]);
  expect(() => deadline.require(1, 'a call')).toThrow(new OutOfTimeError('a call needs 1 ms, 0 ms are left'));
});
