import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { knownSeconds, lateNumberText, numberText } from '../../src/private/tokens';

const stack = new Stack();
const parameter = new CfnParameter(stack, 'P', { type: 'Number' }).valueAsNumber;

test.each<[string, Duration | undefined, number | undefined]>([
  ['a duration', Duration.minutes(2), 120], ['no duration', undefined, undefined], ['a token', Duration.seconds(parameter), undefined],
])('knownSeconds of %s', (_, duration, seconds) => {
  expect(knownSeconds(duration)).toBe(seconds);
});

test('numberText writes a number, and a reference for a token', () => {
  expect(numberText(7.5)).toBe('7.5');
  expect(stack.resolve(`${numberText(parameter)} %`)).toEqual({ 'Fn::Join': ['', [{ Ref: 'P' }, ' %']] });
});

test('lateNumberText reads the value when it is resolved', () => {
  let value: unknown = 1;
  const text = `more than ${lateNumberText(() => value)} %`;
  value = 5;
  expect(stack.resolve(text)).toBe('more than 5 %');
  value = parameter;
  expect(stack.resolve(text)).toEqual({ 'Fn::Join': ['', ['more than ', { Ref: 'P' }, ' %']] });
});
