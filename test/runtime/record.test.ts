import { fromRecord, toRecord } from '../../runtime/src/record';

test('a record states the version of its format', () => {
  expect(JSON.parse(toRecord({ id: 1 }))).toEqual({ v: 1, result: { id: 1 } });
  expect(JSON.parse(toRecord('x'.repeat(400_000)))).toEqual({ v: 1, lost: expect.stringContaining('a result must be at most 399360 bytes') });
});

test.each<[string, unknown, string]>([
  ['an error', new RangeError('no'), 'no'], ['null', null, 'null'],
])('a result whose conversion throws %s is lost, and its work is not done again', (_, thrown, message) => {
  const result = { toJSON() { throw thrown; } };
  expect(JSON.parse(toRecord(result))).toEqual({ v: 1, lost: `a result must be JSON to be saved: ${message}` });
});

// Both versions of a canary release read each other's records: these texts never change.
test.each<[string, string, unknown]>([
  ['of the file that was copied before there was a package', '{"result":{"id":1}}', { id: 1 }],
  ['of format 1', '{"v":1,"result":{"id":1}}', { id: 1 }],
  ['of format 1 without a result', '{"v":1}', undefined],
  ['of format 1 with a field that a later version adds', '{"v":1,"result":[],"at":"2026-11-29"}', []],
])('a record %s is read', (_, text, result) => {
  expect(fromRecord(text)).toEqual(result);
});

test.each<[string, unknown, string]>([
  ['of a newer format', '{"v":2,"data":"AAA"}', 'the result was saved in format 2, and this version reads formats up to 1'],
  ['whose result is lost', '{"v":1,"lost":"too large"}', 'too large'],
  ['whose result is lost, of the copied file', '{"lost":"too large"}', 'too large'],
  ['of something else', 'text', 'the record was not written by cdk-production-lambda-runtime'],
  ['that is no text', { id: 1 }, 'the record was not written by cdk-production-lambda-runtime'],
  ['that is null', 'null', 'the record was not written by cdk-production-lambda-runtime'],
])('a record %s has no result, and its work is not done again', (_, text, message) => {
  expect(() => fromRecord(text as string)).toThrow(expect.objectContaining({ name: 'ResultLostError', message }));
});
