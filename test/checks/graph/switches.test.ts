import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { att, fn, messages, queue, ref, rule, sqs } from '../rules/harness';

const parameter = (rest: object) => ({ Parameters: { On: { Type: 'String', ...rest } } });
const withoutDeadLetters = (Enabled: unknown, extra: object = {}) => messages('LP-F34', { Fn: fn(), Queue: queue(), Map: sqs({ Enabled }) }, extra);

test.each<[string, unknown, object, number]>([
  ['true', true, {}, 1],
  ['false', false, {}, 0],
  ['a parameter that is false by default', ref('On'), parameter({ Default: 'false' }), 1],
  ['a parameter that is false by default, as text', { 'Fn::Sub': '${On}' }, parameter({ Default: 'false', AllowedValues: ['true', 'false'] }), 1],
  ['a parameter without a default', ref('On'), parameter({ AllowedValues: ['true', 'false'] }), 1],
  ['a parameter that allows false only', ref('On'), parameter({ Default: 'false', AllowedValues: ['false'] }), 0],
  ['a condition that is the other branch', { 'Fn::If': ['Never', true, false] }, { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }, 0],
])('a mapping with Enabled set to %s', (_, enabled, extra, findings) => expect(withoutDeadLetters(enabled, extra)).toHaveLength(findings));

test('a condition on the parameter decides with it', () => {
  const extra = { ...parameter({ Default: 'false', AllowedValues: ['true', 'false'] }), Conditions: { IsOn: { 'Fn::Equals': [ref('On'), 'true'] } } };
  const redrive = { RedrivePolicy: { 'Fn::If': ['IsOn', { deadLetterTargetArn: att('Dead'), maxReceiveCount: 5 }, ref('AWS::NoValue')] } };
  expect(messages('LP-F34', { Fn: fn(), Dead: queue(), Queue: queue(redrive), Map: sqs({ Enabled: ref('On') }) }, extra)).toEqual([]);
});

test('a mapping that a parameter switches on for a redrive is no loop', () => {
  const resources = (enabled: object) => ({ Fn: fn({ DeadLetterConfig: { TargetArn: att('Queue') } }), Queue: queue(), Map: sqs(enabled), Rule: rule() });
  expect(messages('LP-F22', resources({ Enabled: ref('On') }), parameter({ Default: 'false' }))).toEqual([]);
  expect(messages('LP-F22', resources({ Enabled: ref('On') }), parameter({ Default: 'true' }))).toHaveLength(1);
});

test('the stack around a nested stack decides', () => {
  const nested = (On: string) => {
    const parent = { Resources: { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { On } } } } };
    const child = { ...parameter({ Default: 'false' }), Resources: { Fn: fn(), Queue: queue(), Map: sqs({ Enabled: ref('On') }) } };
    const templates = [input(parent, 'parent.json'), { ...input(child, 'child.json'), parent: { name: 'parent.json', logicalId: 'Nested' } }];
    return check(templates).filter(({ rule: { id } }) => id === 'LP-F34').length;
  };
  expect([nested('true'), nested('false')]).toEqual([1, 0]);
});
