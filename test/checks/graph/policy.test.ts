/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { covers } from '../../../src/checks/graph';

test.each([
  ['*', 's3:GetObject', true],
  ['s3:*', 's3:GetObject', true],
  ['s3:Get*', 's3:getobject', true],
  ['s3:Put*', 's3:GetObject', false],
  ['s3:*Object', 's3:GetObject', true],
  ['s3:*Object*Acl', 's3:GetObject', false],
])('%s covers %s: %s', (pattern, action, expected) => {
  expect(covers(pattern, action)).toBe(expected);
});
