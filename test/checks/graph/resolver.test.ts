/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { asNumber, patternOf, Reference, Text, Unknown } from '../../../src/checks/graph';
import { graph, value, PARAMETERS } from '../../support/template-values';
import { att, r, ref } from '../rules/harness';

test.each([
  ['a default', ref('Size'), 7],
  ['a list parameter', ref('Names'), ['a', 'b']],
  ['a parameter without default', ref('Free'), Unknown.of('0 Free')],
  ['a parameter from SSM', ref('Latest'), Unknown.of('0 Latest')],
  ['an undefined name', ref('Nothing'), Unknown.of('0 Nothing')],
  ['join', { 'Fn::Join': ['-', ['a', ref('Size')]] }, 'a-7'],
  ['split and select', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'x,y'] }] }, 'y'],
  ['select out of range', { 'Fn::Select': [9, ['x']] }, Unknown.VALUE],
  ['sub with variables', { 'Fn::Sub': ['${a}/${Size}/${!b}', { a: 'x' }] }, 'x/7/${b}'],
  ['map', { 'Fn::FindInMap': ['M', 'k', 'v'] }, 42],
  ['map without the key', { 'Fn::FindInMap': ['M', 'z', 'v'] }, Unknown.VALUE],
  ['map with a default', { 'Fn::FindInMap': ['M', 'z', 'v', { DefaultValue: 1 }] }, 1],
  ['an unknown function', { 'Fn::Transform': {} }, Unknown.VALUE],
  ['no value in a list', ['a', ref('AWS::NoValue')], ['a']],
  ['an import without an export', { 'Fn::ImportValue': 'x' }, Unknown.VALUE],
  ['an object as text', { 'Fn::ToJsonString': { a: [1, 'x"y', null, true], b: {} } }, '{"a":[1,"x\\"y",null,true],"b":{}}'],
  ['wrong arguments', { 'Fn::Join': 'x' }, Unknown.VALUE],
])('%s', (_, raw, expected) => {
  expect(value(raw, { ...PARAMETERS, Mappings: { M: { k: { v: 42 } } } })).toEqual(expected);
});

test('references in a text are preserved', () => {
  const text = value({ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${Queue.Arn}/x' });
  expect(text).toBeInstanceOf(Text);
  expect(patternOf(text as Text)).toBe('arn:*:sqs:*/x');
  expect((text as Text).references[0].resource.logicalId).toBe('Queue');
});

test('a part of a reference refers to the same resource', () => {
  const piece = value({ 'Fn::Select': [5, { 'Fn::Split': [':', att('Queue')] }] });
  expect(piece).toBeInstanceOf(Reference);
  expect((piece as Reference).resource.logicalId).toBe('Queue');
});

test('a text is split at its known separators, unless an unknown part could contain one', () => {
  const part = (index: number, text: unknown) => patternOf(value({ 'Fn::Select': [index, { 'Fn::Split': [':', text] }] }, PARAMETERS) as never);
  expect(part(5, { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs' })).toBe('jobs');
  expect(part(0, { 'Fn::Sub': '${Queue}-x:y' })).toBe('*-x');
  expect(value({ 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Sub': '${Free}:x' }] }] }, PARAMETERS)).toBe(Unknown.VALUE);
});

test('a text with a number is a number, other text is not', () => {
  expect(['12', ' 1.5 ', '-1', '1e3', '', '0x10', true].map(asNumber)).toEqual([12, 1.5, -1, undefined, undefined, undefined, undefined]);
});

test('keys of the prototype are ordinary keys', () => {
  const app = graph({ Resources: { X: r('Some::Type', {}) } });
  expect(app.ofType('Some::Type')[0].get('constructor')).toBeUndefined();
  expect(app.ofType('Some::Type')[0].get('__proto__.polluted')).toBeUndefined();
});

test('an object as text has its references in quotes', () => {
  const text = value({ 'Fn::ToJsonString': { arn: { 'Fn::Sub': 'a"${AWS::Partition}' }, queue: att('Queue') } });
  expect(patternOf(text as Text)).toBe('{"arn":"a\\"*","queue":"*"}');
  expect((text as Text).references).toHaveLength(1);
});
