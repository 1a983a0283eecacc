/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { Unknown } from '../../../src/checks/graph';
import { graph, PARAMETERS } from '../../support/template-values';
import { r, ref } from '../rules/harness';

const YES = { Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, Open: { Condition: 'Nothing' } } };
const resource = (v: unknown) => graph({ Resources: { X: r('Some::Type', { v }) }, ...YES, ...PARAMETERS }).ofType('Some::Type')[0];
const either = (condition: string, a: unknown, b: unknown = ref('AWS::NoValue')) => ({ 'Fn::If': [condition, a, b] });
const names = (v: unknown) => resource(v).items('v').map(item => item.get('Name'));

test.each<[string, unknown, unknown]>([
  ['behind a condition', either('Yes', { part: { a: 1 } }, { part: { a: 2 } }), 1],
  ['behind conditions in conditions', either('Yes', { part: either('Yes', { a: 1 }) }), 1],
  ['behind an unknown condition', either('Open', { part: { a: 1 } }, { part: { a: 1 } }), Unknown.VALUE],
  ['of an unknown function', { 'Fn::Transform': { Name: 'x' } }, Unknown.VALUE],
  ['of AWS::NoValue', ref('AWS::NoValue'), undefined],
  ['of a text', 'part', undefined],
  ['of nothing', null, undefined],
  ['of an object with a key of an intrinsic function and another key', { Ref: 'Size', part: { a: 1 } }, 1],
])('%s', (_, v, expected) => {
  const found = resource(v);
  expect(found.get('v.part.a')).toBe(expected);
  expect(found.lacks('v.part.a')).toBe(expected === undefined);
  expect(found.isUnknown('v.part.a')).toBe(expected === Unknown.VALUE);
});

test('reads the items of a list, without omitted items', () => {
  expect(names([{ Name: 'a' }, either('Yes', ref('AWS::NoValue'), { Name: 'x' }), either('Yes', { Name: ref('Size') }), either('Open', { Name: 'b' }, { Name: 'c' })])).toEqual(['a', 7, Unknown.VALUE]);
});

test('reads the items of a list behind a condition, and a single object as a list', () => {
  expect(names(either('Yes', [{ Name: 'a' }]))).toEqual(['a']);
  expect(names({ Name: 'a' })).toEqual(['a']);
  expect(names(either('Yes', { Name: 'a' }))).toEqual(['a']);
});

test('reads no items of other values', () => {
  for (const v of [undefined, null, 'a', 5, ref('Names'), ref('AWS::NoValue'), either('Open', [{ Name: 'a' }])]) expect(names(v)).toEqual([]);
  expect(resource([[{ Name: 'a' }]]).items('v.0')).toEqual([]);
});

test.each<[string, unknown]>([
  ['objects', [{ Name: 'a' }, { Name: 'b', Value: 1 }]],
  ['one object', { Name: 'a' }],
  ['a list behind a condition', either('Yes', [{ Name: 'a' }])],
  ['objects behind conditions', [{ Name: 'a' }, either('Yes', { Name: 'b' }), either('Open', { Name: 'c' }, { Name: 'd' })]],
  ['names behind conditions', [{ Name: either('Yes', 'a') }, { Name: either('Open', 'b', 'c') }]],
  ['names that are no texts', [{ Name: 'a' }, { Name: ref('Size') }, { Name: 5 }, { Value: 1 }, 'b', null, [{ Name: 'c' }]]],
  ['an intrinsic function', ref('Names')],
  ['nothing', undefined],
])('reads the texts of one member: %s', (_, v) => {
  const found = resource(v);
  expect(found.strings('v', 'Name')).toEqual(found.items('v').flatMap(item => item.string('Name') ?? []));
});

test('a list is present and known, whatever its items are', () => {
  const found = resource([ref('Free')]);
  expect([found.lacks('v'), found.isUnknown('v'), found.isUnknown('v.0'), found.get('v.0')]).toEqual([false, false, true, Unknown.of('0 Free')]);
});

test('has the same text for equal values, and none behind an intrinsic function', () => {
  const metric = () => ({ part: [{ Name: 'FunctionName', Value: ref('Size') }] });
  expect(resource(metric()).rawText('v.part')).toBe(resource(metric()).rawText('v.part'));
  expect(resource(metric()).rawText('v.part')).not.toBe(resource({ part: [] }).rawText('v.part'));
  expect(resource(either('Open', metric(), metric())).rawText('v.part')).toBeUndefined();
});
