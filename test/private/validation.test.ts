import { CfnParameter, Stack } from 'aws-cdk-lib';
import { refuse, requireRange } from '../../src/private/validation';

test('refuse throws the message and the path', () => {
  expect(() => refuse('Stack/Pay', "'memorySize' is odd; make it even")).toThrow(new Error("'memorySize' is odd; make it even (at Stack/Pay)"));
});

const check = (value: number | undefined) => () => requireRange('Stack/Pay', 'retries', value, 0, 2, 'retry less');

test.each([0, 1, 2, undefined])('requireRange accepts %s', value => {
  expect(check(value)).not.toThrow();
});

test.each([-1, 2.001, NaN, Infinity])('requireRange fails at %s', value => {
  expect(check(value)).toThrow(new Error(`'retries' must be between 0 and 2, got ${value}; retry less (at Stack/Pay)`));
});

test('requireRange knows nothing of a token and accepts it', () => {
  expect(check(new CfnParameter(new Stack(), 'P', { type: 'Number' }).valueAsNumber)).not.toThrow();
});
