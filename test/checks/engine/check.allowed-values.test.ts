import { fn, messages, queue, ref, sqs } from '../rules/harness';

const allowed = (AllowedValues: unknown[], rest: object = {}) => ({ Parameters: { P: { Type: 'String', AllowedValues, ...rest } } });
const found = (Timeout: unknown, extra: object) => messages('LP-F02', { Fn: fn({ Timeout }) }, extra);

test('a fault with every allowed value of a parameter is found', () => {
  expect(found(ref('P'), allowed([1000, 1200]))).toEqual([expect.stringContaining("'Timeout' must be at most 15 minutes, got 16 minutes 40 seconds")]);
  expect(messages('LP-F06', { Fn: fn({ Runtime: { 'Fn::Sub': 'nodejs${P}.x' } }) }, allowed(['14', '16']))).toHaveLength(1);
});

test('one allowed value without the fault is enough', () => {
  expect(found(ref('P'), allowed([1000, 10]))).toEqual([]);
  expect(messages('LP-F06', { Fn: fn({ Runtime: { 'Fn::Sub': 'nodejs${P}.x' } }) }, allowed(['16', '24']))).toEqual([]);
});

test('a default decides', () => {
  expect(found(ref('P'), allowed([1000, 10], { Default: 1000 }))).toHaveLength(1);
  expect(found(ref('P'), allowed([1000, 10], { Default: 10 }))).toEqual([]);
});

test('parameters without allowed values, and values of the Systems Manager, stay unknown', () => {
  expect(found(ref('P'), allowed([]))).toEqual([]);
  expect(found(ref('P'), allowed(['/a', '/b'], { Type: 'AWS::SSM::Parameter::Value<String>' }))).toEqual([]);
});

test('each parameter is tried with the others unknown', () => {
  const Parameters = { Timeout: { Type: 'Number', AllowedValues: [60, 120] }, Visibility: { Type: 'Number', AllowedValues: [30, 90] } };
  const resources = { Fn: fn({ Timeout: ref('Timeout') }), Queue: queue({ VisibilityTimeout: ref('Visibility') }), Map: sqs() };
  expect(messages('LP-F31', resources, { Parameters })).toEqual([]);
  expect(messages('LP-F31', { ...resources, Queue: queue() }, { Parameters })).toHaveLength(1);
});

test('long lists are not tried', () => {
  expect(found(ref('P'), allowed(Array.from({ length: 40 }, (_, i) => 1000 + i)))).toEqual([]);
});
