import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { fn, messages, ref, source } from '../rules/harness';

const given = (props: object) => messages('LP-F44', { Fn: fn(), Map: source(ref('Given'), props) }).length;
const kafka = (props: object) => messages('LP-F133', { Fn: fn(), Map: source({ 'Fn::ImportValue': 'cluster' }, { StartingPosition: 'TRIM_HORIZON', ...props }) }).length;
const event = (Type: string, Properties: object) => check([input({
  Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type, Properties } } } } },
}, 'template.json')]).map(({ rule }) => rule.id);

test('the properties of a mapping show the kind of a source that only the deployment knows', () => {
  expect(given({ StartingPosition: 'TRIM_HORIZON' })).toBe(1);
  expect(given({ StartingPosition: 'TRIM_HORIZON', DocumentDBEventSourceConfig: {} })).toBe(0);
  expect(given({ Queues: ['q'] })).toBe(0);
  expect(given({})).toBe(0);
  expect(kafka({ Topics: ['t'] })).toBe(1);
  expect(kafka({})).toBe(0);
});

test.each<[string, object, string]>([
  ['SQS', { Queue: { 'Fn::ImportValue': 'queue' } }, 'LP-F38'],
  ['Kinesis', { Stream: { 'Fn::ImportValue': 'stream' }, StartingPosition: 'LATEST' }, 'LP-F44'],
  ['DynamoDB', { Stream: { 'Fn::ImportValue': 'stream' }, StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1 }, 'LP-F49'],
  ['MSK', { Stream: { 'Fn::ImportValue': 'cluster' }, Topics: ['t'], StartingPosition: 'LATEST' }, 'LP-F133'],
])('an event of type %s has a source of its kind', (type, properties, rule) => {
  expect(event(type, properties)).toContain(rule);
});

test('an event of another type has no such source', () => {
  expect(event('MQ', { Broker: { 'Fn::ImportValue': 'broker' }, Queues: ['q'] })).not.toContain('LP-F38');
});
