import { App, Aws, CfnParameter, Fn, Lazy, Reference, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { contains } from '../../src/private/value-search';

const stack = new Stack(new App(), 'Stack');
const parameter = new CfnParameter(stack, 'Parameter');
const numbers = new CfnParameter(stack, 'Number', { type: 'Number' });
const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' });
const queue = new sqs.Queue(stack, 'Queue');
const ofParameter = { reference: ({ target }: Reference) => target instanceof CfnParameter };
const inParameter = (value: unknown) => contains(stack, value, ofParameter);

test.each<[string, unknown]>([
  ['a reference', parameter.value],
  ['a text', `before ${parameter.valueAsString} after`],
  ['a number', numbers.valueAsNumber],
  ['a list', list.valueAsList],
  ['a part of a list', Fn.select(0, list.valueAsList)],
  ['a key', { StringEquals: { [`${parameter.valueAsString}:sub`]: 'x' } }],
  ['a deep value', { a: [{ b: [undefined, null, parameter.valueAsString] }] }],
  ['a lazy value', Lazy.any({ produce: () => ({ a: parameter.valueAsString }) })],
  ['a lazy text in a text', `a ${Lazy.string({ produce: () => `b ${parameter.valueAsString}` })}`],
  ['a joined text', Fn.join('-', ['a', parameter.valueAsString])],
  ['a joined list', Fn.join('-', list.valueAsList)],
  ['JSON', stack.toJsonString({ a: [parameter.valueAsString] })],
  ['a branch', Fn.conditionIf('Condition', parameter.valueAsString, 'b')],
  ['a policy', new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['a:b'], resources: [parameter.valueAsString] })] })],
])('finds a reference in %s', (_, value) => expect(inParameter(value)).toBe(true));

test.each<[string, unknown]>([
  ['a reference to another element', `before ${queue.queueArn} after`],
  ['a pseudo parameter', Aws.REGION],
  ['a text without a token', 'text'],
  ['a list without a token', ['text']],
  ['other values', { a: [1, true, undefined, null, () => parameter.value] }],
  ['JSON with another reference', stack.toJsonString({ a: queue.queueName })],
])('finds none in %s', (_, value) => expect(inParameter(value)).toBe(false));

test('finds texts in values, keys and what a token resolves to', () => {
  const at = (value: unknown) => contains(stack, value, { reference: () => false, text: text => text.startsWith('sought') });
  expect([at('sought'), at({ sought: 1 }), at([Token.asAny({ a: 'sought' })]), at(Fn.join('', ['sought', queue.queueName]))]).toEqual([true, true, true, true]);
  expect([at('other'), at({ sought: undefined }), at({ a: 'not sought' })]).toEqual([false, false, false]);
});
