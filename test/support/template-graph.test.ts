import { App, CfnCondition, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { dependenciesOf, expectNoCycle, findCycle } from './template-graph';

const two = (a: object, b: object = {}) => ({ Resources: { A: { Type: 'T', ...a }, B: { Type: 'T', ...b } } });
const toA = { Properties: { X: { Ref: 'A' } } };

test.each<[string, object]>([
  ['Ref', { Properties: { X: [{ Deep: { Ref: 'B' } }] } }],
  ['Fn::GetAtt as a list', { Properties: { X: { 'Fn::GetAtt': ['B', 'Arn'] } } }],
  ['Fn::GetAtt as a text', { Properties: { X: { 'Fn::GetAtt': 'B.Outputs.Arn' } } }],
  ['Fn::Sub of a resource', { Properties: { X: { 'Fn::Sub': 'arn:${AWS::Partition}:${B}' } } }],
  ['Fn::Sub of an attribute', { Properties: { X: { 'Fn::Sub': 'see ${ B.Arn }' } } }],
  ['Fn::Sub with a variable that refers', { Properties: { X: { 'Fn::Sub': ['${name}', { name: { Ref: 'B' } }] } } }],
  ['Ref inside Fn::Join', { Properties: { X: { 'Fn::Join': ['', ['a', { Ref: 'B' }]] } } }],
  ['a branch of Fn::If', { Properties: { X: { 'Fn::If': ['C', { Ref: 'B' }, { Ref: 'AWS::NoValue' }] } } }],
  ['DependsOn as a text', { DependsOn: 'B' }],
  ['DependsOn as a list', { DependsOn: ['B'] }],
  ['UpdatePolicy', { UpdatePolicy: { CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: 'B' } } } }],
  ['CreationPolicy', { CreationPolicy: { ResourceSignal: { Count: { Ref: 'B' } } } }],
])('finds a cycle through %s', (_, a) => {
  expect(findCycle(two(a, toA))).toEqual(['A', 'B', 'A']);
  expect(() => expectNoCycle(two(a, toA))).toThrow('circular dependency in the template: A → B → A');
});

test.each<[string, object]>([
  ['a variable of Fn::Sub that has the name of a resource', { Properties: { X: { 'Fn::Sub': ['${B}', { B: 'text' }] } } }],
  ['an escaped variable of Fn::Sub', { Properties: { X: { 'Fn::Sub': '${!B}' } } }],
  ['a text that is the name of a resource', { Properties: { X: 'B' } }],
  ['the Condition of a policy statement', { Properties: { Statement: [{ Condition: 'B' }] } }],
  ['pseudo parameters', { Properties: { X: { Ref: 'AWS::Region' } } }],
])('takes %s for no dependency', (_, a) => {
  expect(findCycle(two(a, toA))).toBeUndefined();
  expect(() => expectNoCycle(two(a, toA))).not.toThrow();
});

test('finds a resource that refers to itself, and a circle beyond a tail', () => {
  expect(findCycle(two({ DependsOn: 'A' }))).toEqual(['A', 'A']);
  expect(findCycle({ Resources: { Tail: { DependsOn: 'A' }, A: { DependsOn: 'B' }, B: { DependsOn: 'C' }, C: { DependsOn: 'A' } } }))
    .toEqual(['A', 'B', 'C', 'A']);
});

test('finds no cycle in a diamond', () => {
  expect(findCycle({ Resources: { A: { DependsOn: ['B', 'C'] }, B: { DependsOn: 'D' }, C: { DependsOn: 'D' }, D: {} } })).toBeUndefined();
});

test('walks conditions, apart from resources of the same name', () => {
  const template = {
    Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Or': [{ Condition: 'A' }] } },
    Resources: { A: { Type: 'T', Condition: 'A' } },
  };
  expect(findCycle(template)).toEqual(['Condition A', 'Condition B', 'Condition A']);
  expect([...dependenciesOf(template).get('A')!]).toEqual(['Condition A']);
  expect(findCycle({ ...template, Conditions: { A: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'A'] } } })).toBeUndefined();
});

test('takes a stack, an assertions template and plain JSON', () => {
  const stack = new Stack(new App(), 'Stack');
  const a = new CfnResource(stack, 'A', { type: 'A::B::C', properties: { X: Fn.ref('B') } });
  const b = new CfnResource(stack, 'B', { type: 'A::B::C' });
  b.cfnOptions.condition = new CfnCondition(stack, 'C', { expression: Fn.conditionEquals(1, 1) });
  expectNoCycle(stack);
  expectNoCycle(Template.fromStack(stack));
  expectNoCycle(Template.fromStack(stack).toJSON());
  expect([...dependenciesOf(Template.fromStack(stack).toJSON()).get(a.logicalId) ?? []]).toEqual([]);
  expect([...dependenciesOf(Template.fromStack(stack).toJSON()).get('A')!]).toEqual(['B']);
});
