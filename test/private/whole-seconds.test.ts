import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { wholeSeconds } from '../../src/private/whole-seconds';

test.each([[Duration.seconds(0), 0], [Duration.minutes(2), 120], [Duration.millis(3_000), 3]])('whole seconds are given: %s', (duration, seconds) => {
  expect(wholeSeconds('Stack/Api', 'maxAge', duration)).toBe(seconds);
});

test('seconds that are not known yet are let through', () => {
  expect(Token.isUnresolved(wholeSeconds('Stack/Api', 'maxAge', Duration.seconds(Lazy.number({ produce: () => 1 }))))).toBe(true);
});

test('fails when there are parts of a second', () => {
  expect(() => wholeSeconds('Stack/Api', 'maxAge', Duration.millis(1_500)))
    .toThrow(new Error("'maxAge' must be a whole number of seconds, got 1.5; round it (at Stack/Api)"));
});
