import * as fc from 'fast-check';
import { flattenReference, minimumJsonLength } from '../../src/private/template-json';

test('a value without references is as long as its JSON', () => {
  fc.assert(fc.property(fc.jsonValue(), value => {
    expect(minimumJsonLength(value)).toBe(JSON.stringify(value).length);
  }), { numRuns: 200, seed: 1 });
});

test.each<[string, unknown, string]>([
  ['a reference', { Ref: 'Bucket' }, '"b"'],
  ['an attribute', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, '"a"'],
  ['the region', { Ref: 'AWS::Region' }, '"us-east-1"'],
  ['the account', { Ref: 'AWS::AccountId' }, '"123456789012"'],
  ['the partition', { Ref: 'AWS::Partition' }, '"aws"'],
  ['the shortest URL suffix of all partitions', { Ref: 'AWS::URLSuffix' }, '"c2s.ic.gov"'],
  ['a join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'B' }, '/*']] }, '"arn:aws:s3:::b/*"'],
  ['a join with a delimiter', { 'Fn::Join': ['/', ['a', { Ref: 'B' }, 'c']] }, '"a/b/c"'],
  ['a join within a join', { 'Fn::Join': ['-', [{ 'Fn::Join': ['', ['a', 'b']] }, 'c']] }, '"ab-c"'],
  ['a join with characters that JSON escapes', { 'Fn::Join': ['', ['"', { Ref: 'B' }]] }, '"\\"b"'],
  ['a list of which only CloudFormation knows the length', { 'Fn::Join': ['', { Ref: 'List' }] }, '"l"'],
  ['absent properties', { a: 1, b: undefined }, '{"a":1}'],
])('%s counts as its shortest possible value', (_, value, shortest) => {
  expect(minimumJsonLength(value)).toBe(shortest.length);
  expect(minimumJsonLength({ Resource: [value, value] })).toBe(`{"Resource":[${shortest},${shortest}]}`.length);
});

test.each<[unknown, string]>([
  ['arn:aws:s3:::b', 'arn:aws:s3:::b'],
  [{ Ref: 'AWS::Region' }, '<AWS::Region>'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '<Bucket.Arn>'],
  [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }, '<Bucket.Arn>/*'],
  [{ 'Fn::Join': [':', ['a', { 'Fn::Join': ['', ['b', { Ref: 'C' }]] }]] }, 'a:b<C>'],
  [{ 'Fn::Select': [0, { Ref: 'List' }] }, '{"Fn::Select":[0,{"Ref":"List"}]}'],
  [undefined, ''],
])('%j reads %s', (value, text) => {
  expect(flattenReference(value)).toBe(text);
});
