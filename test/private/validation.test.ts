import { App, CfnParameter, Duration, Lazy, Stack, Token, Validations } from 'aws-cdk-lib';
import { refuse, requireDuration, requireProps, requireRange, requireWhole, warn, wholeSeconds } from '../../src/private/validation';
import { warningsOf } from '../support/warnings';

test('refuse throws the message and the path', () => {
  expect(() => refuse('Stack/Pay', "'memorySize' is odd; make it even")).toThrow(new Error("'memorySize' is odd; make it even (at Stack/Pay)"));
});

test('refuse writes tokens as people read them', () => {
  const token = Lazy.string({ produce: () => 'x' });
  expect(() => refuse('Stack/Pay', `'a' must be a name, got '${token}'; write it`)).toThrow(new Error("'a' must be a name, got a token; write it (at Stack/Pay)"));
  expect(() => refuse('Stack/Pay', `'a' must be a name, got 'x-${token}'; write it`)).toThrow(new Error("'a' must be a name, got 'x-<token>'; write it (at Stack/Pay)"));
});

const check = (value: number | undefined) => () => requireRange('Stack/Pay', 'retries', value, 0, 2, 'retry less');

test.each([0, 1, 2, undefined])('requireRange accepts %s', value => {
  expect(check(value)).not.toThrow();
});

test.each([-1, 2.001, NaN, Infinity])('requireRange fails at %s', value => {
  expect(check(value)).toThrow(new Error(`'retries' must be between 0 and 2, got ${value}; retry less (at Stack/Pay)`));
});

test('requireRange accepts a token', () => {
  expect(check(new CfnParameter(new Stack(), 'P', { type: 'Number' }).valueAsNumber)).not.toThrow();
});

test.each<[number, Parameters<typeof requireRange>[5], string]>([
  [-1, undefined, 'raise it'],
  [3, undefined, 'lower it'],
  [-1, { above: 'split the work' }, 'raise it'],
  [3, { above: 'split the work' }, 'split the work'],
  [-1, { below: 'leave it out' }, 'leave it out'],
  [3, { below: 'leave it out' }, 'lower it'],
])('the fix for %s with %j is to %s', (value, fix, text) => {
  expect(() => requireRange('Stack/Pay', 'retries', value, 0, 2, fix)).toThrow(new Error(`'retries' must be between 0 and 2, got ${value}; ${text} (at Stack/Pay)`));
  expect(() => requireDuration('Stack/Pay', 'retries', Duration.seconds(value + 2), 2, 4, fix)).toThrow(`; ${text} (at Stack/Pay)`);
});

test('a text is no number, and a number is no duration', () => {
  const text = '512' as unknown as number;
  const problem = new Error("'memorySize' must be a number, got \"512\"; pass a number (at Stack/Pay)");
  expect(() => requireRange('Stack/Pay', 'memorySize', text, 128, 10_240)).toThrow(problem);
  expect(() => requireWhole('Stack/Pay', 'memorySize', text)).toThrow(problem);
  expect(() => requireDuration('Stack/Pay', 'timeout', 30 as unknown as Duration, 1, 900))
    .toThrow(new Error("'timeout' must be a Duration, got 30; write it as Duration.seconds(…) (at Stack/Pay)"));
});

test('requireProps names the props that are present', () => {
  type Props = { function: string; path: string };
  const without = (props?: object) => () => requireProps('Stack/Api', props as Props, 'path', 'function');
  expect(without({ path: '/', function: 'pay' })).not.toThrow();
  expect(without({ path: '/', handler: 'pay' })).toThrow(new Error("'function' must be set, got only 'path', 'handler'; add it, or rename the prop that has its value (at Stack/Api)"));
  expect(without({ path: '/', function: undefined })).toThrow("'function' must be set, got only 'path'");
  for (const none of [{}, undefined, 'x' as unknown as object]) expect(without(none)).toThrow("'path' must be set, got no props; add it");
});

test.each([[Duration.seconds(0), 0], [Duration.minutes(2), 120], [Duration.millis(3_000), 3]])('wholeSeconds accepts %s', (duration, seconds) => {
  expect(wholeSeconds('Stack/Api', 'maxAge', duration)).toBe(seconds);
});

test('wholeSeconds accepts a token', () => {
  expect(Token.isUnresolved(wholeSeconds('Stack/Api', 'maxAge', Duration.seconds(Lazy.number({ produce: () => 1 }))))).toBe(true);
});

test('wholeSeconds fails at a fraction of a second', () => {
  expect(() => wholeSeconds('Stack/Api', 'maxAge', Duration.millis(1_500)))
    .toThrow(new Error("'maxAge' must be a whole number of seconds, got 1.5 seconds; round it (at Stack/Api)"));
});

test('requireWhole fails at a fraction, and accepts whole numbers, tokens and absent values', () => {
  expect(() => requireWhole('Stack/Db', 'readers', 1.5)).toThrow(new Error("'readers' must be a whole number, got 1.5; round it (at Stack/Db)"));
  for (const value of [0, 2, undefined, new CfnParameter(new Stack(), 'P', { type: 'Number' }).valueAsNumber]) {
    expect(() => requireWhole('Stack/Db', 'readers', value)).not.toThrow();
  }
});

test('warn adds a warning that can be acknowledged by its id', () => {
  const stack = new Stack(new App(), 'Stack');
  warn(stack, 'Pay.slow', 'it is slow; make it faster');
  expect(warningsOf(stack)).toEqual([expect.stringContaining('it is slow; make it faster')]);
  const other = new Stack(new App(), 'Stack');
  warn(other, 'Pay.slow', 'it is slow; make it faster');
  Validations.of(other).acknowledge({ id: 'cdk-production-lambda:Pay.slow', reason: 'it is a test' });
  expect(warningsOf(other)).toEqual([]);
});
