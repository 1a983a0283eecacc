import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ReleaseGroup } from '../../src/release/release-group';
import { newStack } from '../support/plain-function';

test('getOrCreate() returns the same group for all scopes of a stack', () => {
  const stack = newStack();
  const nested = new NestedStack(stack, 'Nested');
  expect(ReleaseGroup.getOrCreate(stack)).toBe(ReleaseGroup.getOrCreate(stack));
  expect(ReleaseGroup.getOrCreate(nested)).toBe(ReleaseGroup.getOrCreate(nested));
  expect(ReleaseGroup.getOrCreate(nested)).not.toBe(ReleaseGroup.getOrCreate(stack));
  expect(Stack.of(ReleaseGroup.getOrCreate(nested))).toBe(nested);
});

test('creates an application, and a role that only CodeDeploy can assume', () => {
  const stack = newStack();
  const { application, role } = ReleaseGroup.getOrCreate(stack);
  const template = Template.fromStack(stack);
  expect(stack.resolve(application.applicationName)).toEqual({ Ref: 'ProductionLambdaReleaseApplication402114E3' });
  expect(stack.resolve(role.roleArn)).toEqual({ 'Fn::GetAtt': ['ProductionLambdaReleaseRole980DE51E', 'Arn'] });
  template.hasResourceProperties('AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda' });
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' } }] },
  });
  template.resourceCountIs('AWS::IAM::Policy', 0);
});
