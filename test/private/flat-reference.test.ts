import { flatReference } from '../../src/private/flat-reference';

test.each<[unknown, string]>([
  ['arn:aws:s3:::b', 'arn:aws:s3:::b'],
  [{ Ref: 'AWS::Region' }, '<AWS::Region>'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '<Bucket.Arn>'],
  [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }, '<Bucket.Arn>/*'],
  [{ 'Fn::Join': [':', ['a', { 'Fn::Join': ['', ['b', { Ref: 'C' }]] }]] }, 'a:b<C>'],
  [{ 'Fn::Select': [0, { Ref: 'List' }] }, '{"Fn::Select":[0,{"Ref":"List"}]}'],
  [undefined, ''],
])('%j reads %s', (value, text) => {
  expect(flatReference(value)).toBe(text);
});
