/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { alias, att, fn, messages, r, ref, role, version } from '../rules/harness';

const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const base = { Fn: fn(), Version: version(), Live: alias() };
const topicRule = { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: att('Fn') } }] } };
const receipt = { Actions: [{ LambdaAction: { FunctionArn: att('Fn') } }] };
const past = (resource: object) => messages('LP-H26', { ...base, Caller: resource }).map(message => /^'([^']+)'/.exec(message)![1]);

describe.each<[string, (arn: unknown) => object, string]>([
  ['a state machine', arn => r('AWS::StepFunctions::StateMachine', { DefinitionString: join('{"Resource":"', arn, '","End":true}') }), 'DefinitionString'],
  ['a state machine with substitutions', arn => r('AWS::StepFunctions::StateMachine', { DefinitionSubstitutions: { Fn: arn } }), 'DefinitionSubstitutions'],
  ['the enrichment of a pipe', arn => r('AWS::Pipes::Pipe', { Enrichment: arn }), 'Enrichment'],
  ['the target of a pipe', arn => r('AWS::Pipes::Pipe', { Target: arn }), 'Target'],
  ['a delivery stream', arn => r('AWS::KinesisFirehose::DeliveryStream', { ExtendedS3DestinationConfiguration: { ProcessingConfiguration: { Processors: [{ Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: arn }, { ParameterName: 'NumberOfRetries', ParameterValue: '3' }] }] } } }), 'ExtendedS3DestinationConfiguration.ProcessingConfiguration'],
  ['a rotation', arn => r('AWS::SecretsManager::RotationSchedule', { RotationLambdaARN: arn }), 'RotationLambdaARN'],
])('%s', (_, make, property) => {
  test('calls the function', () => expect(past(make(att('Fn')))).toEqual([property]));
  test('calls the alias', () => expect(past(make(ref('Live')))).toEqual([]));
});

test('a qualifier behind the ARN in a state machine is respected', () => {
  expect(past(r('AWS::StepFunctions::StateMachine', { DefinitionString: join('{"FunctionName":"', att('Fn'), ':live"}') }))).toEqual([]);
});

test('a pipe that does not wait for its target invokes asynchronously', () => {
  const pipe = (InvocationType: string) => r('AWS::Pipes::Pipe', { Target: att('Fn'), TargetParameters: { LambdaFunctionParameters: { InvocationType } } });
  expect(messages('LP-F23', { Fn: fn(), Pipe: pipe('FIRE_AND_FORGET') })).toHaveLength(1);
  expect(messages('LP-F23', { Fn: fn(), Pipe: pipe('REQUEST_RESPONSE') })).toEqual([]);
});

test('the error action of an IoT rule calls the function', () => {
  const errorOf = (arn: unknown) => r('AWS::IoT::TopicRule', { TopicRulePayload: { Actions: [{ Sns: {} }], ErrorAction: { Lambda: { FunctionArn: arn } } } });
  expect(past(errorOf(att('Fn')))).toEqual(['TopicRulePayload.ErrorAction.Lambda.FunctionArn']);
  expect(past(errorOf(ref('Live')))).toEqual([]);
});

test.each([
  ['a rule', 'AWS::Events::Rule', { Targets: [{ Arn: att('Fn') }] }, { State: 'DISABLED' }],
  ['a schedule', 'AWS::Scheduler::Schedule', { Target: { Arn: att('Fn') } }, { State: 'DISABLED' }],
  ['a pipe', 'AWS::Pipes::Pipe', { Target: att('Fn') }, { DesiredState: 'STOPPED' }],
  ['an IoT rule', 'AWS::IoT::TopicRule', topicRule, { TopicRulePayload: { ...topicRule.TopicRulePayload, RuleDisabled: true } }],
  ['a receipt rule', 'AWS::SES::ReceiptRule', { Rule: { Enabled: true, ...receipt } }, { Rule: { Enabled: false, ...receipt } }],
])('%s that is off does not call the function', (_, type, properties, off) => {
  expect(past(r(type, properties))).toHaveLength(1);
  expect(past(r(type, { ...properties, ...off }))).toEqual([]);
});

describe('functions that run only while a stack is deployed', () => {
  const plain = (props: object = {}) => fn({ Timeout: undefined, ...props });
  const custom = (ServiceToken: unknown) => r('Custom::Thing', { ServiceToken });
  const untimed = (resources: Record<string, object>) => messages('LP-F01', resources).map(message => /\(at (\w+)\)$/.exec(message)![1]);
  const waiter = r('AWS::StepFunctions::StateMachine', { DefinitionString: join('{"Resource":"', att('Poll'), '"}') });

  test('have no findings about good practice', () => {
    expect(untimed({ Fn: plain(), Thing: custom(att('Fn')) })).toEqual([]);
  });

  test('include functions behind the provider framework', () => {
    const Variables = { USER_ON_EVENT_FUNCTION_ARN: att('Mine'), USER_IS_COMPLETE_FUNCTION_ARN: att('Done'), WAITER_STATE_MACHINE_ARN: ref('Waiter') };
    expect(untimed({ Framework: plain({ Environment: { Variables } }), Thing: custom(att('Framework')), Mine: plain(), Done: plain(), Poll: plain(), Waiter: waiter })).toEqual([]);
  });

  test('include neither functions with other callers nor functions that are only referred to', () => {
    const Variables = { USER_ON_EVENT_FUNCTION_ARN: att('Mine'), TARGET: att('Other') };
    const rest = { Rule: r('AWS::Events::Rule', { Targets: [{ Arn: att('Mine') }] }), Mine: plain(), Other: plain(), Poll: plain(), Waiter: waiter };
    expect(untimed({ Framework: plain({ Environment: { Variables } }), Thing: custom(att('Framework')), ...rest })).toEqual(['Mine', 'Other', 'Poll']);
  });

  test('include functions that a trigger runs', () => {
    expect(untimed({ Fn: plain(), Version: version(), Provider: plain(), T: r('Custom::Trigger', { ServiceToken: att('Provider'), HandlerArn: ref('Version') }) })).toEqual([]);
  });

  test('have findings about limits of Lambda', () => {
    const Thing = custom(att('Fn'));
    const found = ['LP-F02', 'LP-F10', 'LP-F11', 'LP-F17', 'LP-F18'].map(id => messages(id, {
      Fn: plain({ Timeout: 901, Layers: Array(6).fill(ref('Layer')), Environment: { Variables: { A: 'x'.repeat(5000) } } }), Thing, Role: role(), Layer: r('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['x86_64'] }),
    }).length);
    expect(found).toEqual([1, 6, 1, 1, 1]);
  });
});
