/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { scenariosOf } from '../../../src/checks/graph';
import { OTHER } from '../../../src/checks/graph/condition-scenarios';
import { fn, messages, queue, ref, sqs } from '../rules/harness';

const CONDITIONS = { Parameters: { Env: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] } }, Conditions: { Prod: { 'Fn::Equals': [ref('Env'), 'prod'] }, Dev: { 'Fn::Not': [{ Condition: 'Prod' }] } } };
const either = (a: unknown, b: unknown) => ({ 'Fn::If': ['Prod', a, b] });

test('both branches of a condition are checked', () => {
  expect(messages('LP-F02', { Fn: fn({ Timeout: either(1000, 10) }) }, CONDITIONS)).toHaveLength(1);
  expect(messages('LP-F02', { Fn: fn({ Timeout: either(10, 1000) }) }, CONDITIONS)).toHaveLength(1);
  expect(messages('LP-F02', { Fn: fn({ Timeout: either(10, 900) }) }, CONDITIONS)).toEqual([]);
});

test('branches of one condition are combined', () => {
  const resources = { Fn: fn({ Timeout: either(60, 10) }), Queue: queue({ VisibilityTimeout: either(360, 60) }), Map: sqs() };
  expect(messages('LP-F31', resources, CONDITIONS)).toEqual([]);
  expect(messages('LP-F32', resources, CONDITIONS)).toEqual([]);
});

test('resources of different scenarios are not combined', () => {
  const resources = { Slow: { ...fn({ Timeout: 60 }), Condition: 'Prod' }, Queue: { ...queue(), Condition: 'Dev' }, Map: sqs({}, ref('Slow')) };
  expect(messages('LP-F31', resources, CONDITIONS)).toEqual([]);
});

test('a parameter has each literal that it is compared with, and one other value', () => {
  const open = { Parameters: { Env: { Type: 'String' } }, Conditions: CONDITIONS.Conditions, Resources: { Fn: fn({ Timeout: either(1, 2) }) } };
  expect(scenariosOf([{ template: open }]).map(scenario => [...scenario.values()])).toEqual([['prod'], [OTHER, true]]);
});

test('a comparison of other values is true and false', () => {
  const odd = { Conditions: { Odd: { 'Fn::Equals': [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'x'] } } };
  expect(messages('LP-F02', { Fn: fn({ Timeout: { 'Fn::If': ['Odd', 1000, 10] } }) }, odd)).toHaveLength(1);
});

test('there are at most 16 scenarios, and fewer for a large app', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`C${i}`, { 'Fn::Equals': [ref(`P${i}`), 'x'] }]));
  const using = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`Q${i}`, queue({ v: { 'Fn::If': [`C${i}`, 1, 2] } })]));
  expect(scenariosOf([{ template: { Conditions: many, Resources: using } }])).toHaveLength(16);
  const large = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`Z${i}`, queue()]));
  expect(scenariosOf([{ template: { Conditions: many, Resources: { ...using, ...large } } }])).toHaveLength(3);
});

test('the metadata of CDK creates no scenarios', () => {
  const metadata = { Conditions: { CDKMetadataAvailable: { 'Fn::Equals': [ref('AWS::Region'), 'eu-west-1'] } }, Resources: { CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable' } } };
  expect(scenariosOf([{ template: metadata }])).toHaveLength(1);
});

test.each([['prod-eu', 0], ['eu_prod', 0], ['pre-prod', 1], ['non-prod', 1], ['product', 1]])('good practice is demanded of the stage %s only, if it is production', (stage, others) => {
  const stages = { Parameters: { Env: { Type: 'String', Default: 'test', AllowedValues: ['test', stage] } }, Conditions: { Prod: { 'Fn::Equals': [ref('Env'), stage] } } };
  expect(messages('LP-F01', { Fn: fn({ Timeout: either(10, { Ref: 'AWS::NoValue' }) }) }, stages)).toHaveLength(others);
});

test('a mapping is read by the text of a parameter alone', () => {
  const stages = { Parameters: CONDITIONS.Parameters, Mappings: { Stages: { dev: { Timeout: 10 }, prod: { Timeout: 1000 } } } };
  expect(messages('LP-F02', { Fn: fn({ Timeout: { 'Fn::FindInMap': ['Stages', { 'Fn::Sub': '${Env}' }, 'Timeout'] } }) }, stages)).toHaveLength(1);
});

const regions = (rows: object) => ({ Mappings: { Regions: rows } });
const byRegion = (column: unknown) => ({ 'Fn::FindInMap': ['Regions', ref('AWS::Region'), column] });

test('a mapping is read for each Region and account that it lists', () => {
  const rows = { 'eu-west-1': { Timeout: 10 }, 'us-east-1': { Timeout: 1000 } };
  expect(messages('LP-F02', { Fn: fn({ Timeout: byRegion('Timeout') }) }, regions(rows))).toHaveLength(1);
  expect(messages('LP-F02', { Fn: fn({ Timeout: byRegion('Timeout') }) }, regions(rows), 'us-east-1')).toHaveLength(1);
  expect(messages('LP-F02', { Fn: fn({ Timeout: byRegion('Timeout') }) }, regions(rows), 'eu-west-1')).toEqual([]);
  const accounts = { Fn: fn({ Timeout: { 'Fn::FindInMap': ['Regions', 'Timeout', { 'Fn::Sub': '${AWS::AccountId}' }] } }) };
  expect(messages('LP-F02', accounts, regions({ Timeout: { 111122223333: 10, 444455556666: 1000 } }))).toHaveLength(1);
  expect(messages('LP-F02', accounts, regions({ Timeout: { 111122223333: 10, 444455556666: 900 }, Memory: { 777788889999: 1000 } }))).toEqual([]);
});

test('Regions whose values differ in ARNs and images only are one scenario', () => {
  const row = (region: string, account: string, version: number) => ({ Layer: `arn:aws:lambda:${region}:${account}:layer:Insights:${version}`, Image: `ami-0${account}` });
  const Mappings = { Regions: { 'eu-west-1': row('eu-west-1', '580247275435', 5), 'us-east-1': row('us-east-1', '580247275436', 12), 'me-central-1': row('me-central-1', '580247275437', 1) } };
  const template = { Mappings, Resources: { Fn: fn({ Layers: [byRegion('Layer')] }) } };
  expect(scenariosOf([{ template }])).toHaveLength(1);
  expect(scenariosOf([{ template, region: 'eu-west-1' }]).map(scenario => scenario.size)).toEqual([0]);
});

test('an unknown key does not matter if every value of the mapping is equal', () => {
  const composed = { 'Fn::Join': ['-', [ref('Stage'), ref('AWS::Region')]] };
  const found = (rows: object, rest: unknown[] = []) => messages('LP-F02', { Fn: fn({ Timeout: { 'Fn::FindInMap': ['Regions', composed, 'Timeout', ...rest] } }) }, { ...regions(rows), Parameters: { Stage: { Type: 'String' } } });
  expect(found({ 'a-eu-west-1': { Timeout: 1000 }, 'b-eu-west-1': { Timeout: 1000 } })).toHaveLength(1);
  expect(found({ 'a-eu-west-1': { Timeout: 1000 }, 'b-eu-west-1': { Timeout: 999 } })).toEqual([]);
  expect(found({ 'a-eu-west-1': { Timeout: 1000 } }, [{ DefaultValue: 10 }])).toEqual([]);
});

test('a comparison with a mapping of Regions has the value of each Region', () => {
  const Conditions = { Slow: { 'Fn::Equals': [byRegion('Slow'), 'true'] } };
  const resources = { Fn: fn({ Timeout: { 'Fn::If': ['Slow', 1000, 10] } }) };
  const found = (rows: object, region?: string) => messages('LP-F02', resources, { ...regions(rows), Conditions }, region);
  expect(found({ 'eu-west-1': { Slow: 'true' }, 'us-east-1': { Slow: 'false' } })).toHaveLength(1);
  expect(found({ 'eu-west-1': { Slow: 'true' }, 'us-east-1': { Slow: 'false' } }, 'us-east-1')).toEqual([]);
  expect(found({ 'eu-west-1': { Slow: 'false' }, 'us-east-1': { Slow: 'false' } })).toEqual([]);
});

test('a comparison of values that are computed from literals has one result', () => {
  const on = { 'Fn::Select': [0, { 'Fn::Split': [',', 'off,on'] }] };
  const when = (value: string) => ({ Conditions: { On: { 'Fn::Equals': [on, { 'Fn::Join': ['', [value]] }] } } });
  const resources = { Fn: fn({ Timeout: { 'Fn::If': ['On', 1000, 10] } }) };
  expect(messages('LP-F02', resources, when('on'))).toEqual([]);
  expect(messages('LP-F02', resources, when('off'))).toHaveLength(1);
});

test('a mapping is read under each key that a parameter is a part of', () => {
  const Mappings = { Limits: { 'for-dev': { T: 10 }, 'for-prod': { T: 1000 } } };
  const timeout = (key: unknown) => ({ Fn: fn({ Timeout: { 'Fn::FindInMap': ['Limits', key, 'T'] } }) });
  const parameters = (stage: object) => ({ Mappings, Parameters: { Stage: { Type: 'String', ...stage } } });
  const [sub, joined] = [{ 'Fn::Sub': 'for-${Stage}' }, { 'Fn::Join': ['-', ['for', ref('Stage')]] }];
  for (const key of [sub, joined]) expect(messages('LP-F02', timeout(key), parameters({ AllowedValues: ['dev', 'prod'] }))).toHaveLength(1);
  expect(messages('LP-F02', timeout(sub), parameters({ AllowedValues: ['dev'] }))).toEqual([]);
  expect(messages('LP-F02', timeout(sub), parameters({}))).toEqual([]);
});
