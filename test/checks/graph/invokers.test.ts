import { allow, att, fn, messages, queue, r, role, sqs } from '../rules/harness';

const dead = { Fn: fn({ FunctionName: 'pay', DeadLetterConfig: { TargetArn: att('Dead') } }), Role: role(), Dead: queue(), Queue: queue(), Map: sqs() };
const unused = (resources: object) => messages('LP-F29', { ...dead, ...resources }).length;
const invoking = (Resource: unknown) => ({ PolicyDocument: { Statement: [allow('lambda:InvokeFunction', Resource)] } });
const all = { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:*' };

test.each<[string, object]>([
  ['a role of another app', r('AWS::IAM::Policy', { Roles: ['backend'], ...invoking(att('Fn')) })],
  ['a managed policy for roles of other apps', r('AWS::IAM::ManagedPolicy', invoking([att('Fn'), { 'Fn::Sub': '${Fn.Arn}:*' }]))],
  ['a user of another app', r('AWS::IAM::UserPolicy', { UserName: 'deployer', ...invoking(att('Fn')) })],
  ['a role that may invoke all functions', role([allow('lambda:InvokeFunction', all)])],
  ['a role that may invoke everything', role([allow('lambda:*')])],
  ['a role that may invoke functions with the name', role([allow('lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:pa*')])],
])('a dead-letter queue is used if %s may invoke the function', (_, Invoker) => {
  expect(unused({ Invoker })).toBe(0);
});

test.each<[string, object]>([
  ['functions with another name', role([allow('lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:111122223333:function:other-*')])],
  ['another function', r('AWS::IAM::Policy', { Roles: ['backend'], ...invoking({ 'Fn::Sub': '${Other.Arn}:*' }) })],
  ['no function', r('AWS::IAM::Policy', { Roles: ['backend'], PolicyDocument: { Statement: [allow('lambda:GetFunction', att('Fn'))] } })],
])('a dead-letter queue is not used if a role may invoke %s', (_, Invoker) => {
  expect(unused({ Other: fn(), Invoker })).toBe(1);
});

test('a function that may invoke all functions does not invoke itself', () => {
  expect(unused({ Role: role([allow('lambda:InvokeFunction', all)]) })).toBe(1);
});
