import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ReleaseGroup } from '../../src';
import { newStack } from '../support/plain-function';

test('a stack has one, wherever it is asked for', () => {
  const stack = newStack();
  const nested = new NestedStack(stack, 'Nested');
  expect(ReleaseGroup.of(stack)).toBe(ReleaseGroup.of(stack));
  expect(ReleaseGroup.of(nested)).toBe(ReleaseGroup.of(nested));
  expect(ReleaseGroup.of(nested)).not.toBe(ReleaseGroup.of(stack));
  expect(Stack.of(ReleaseGroup.of(nested))).toBe(nested);
});

test('it is an application and a role that CodeDeploy alone can assume', () => {
  const stack = newStack();
  const { application, role } = ReleaseGroup.of(stack);
  const template = Template.fromStack(stack);
  expect(stack.resolve(application.applicationName)).toEqual({ Ref: 'ProductionLambdaReleaseApplication402114E3' });
  expect(stack.resolve(role.roleArn)).toEqual({ 'Fn::GetAtt': ['ProductionLambdaReleaseRole980DE51E', 'Arn'] });
  template.hasResourceProperties('AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda' });
  template.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' } }] },
  });
  template.resourceCountIs('AWS::IAM::Policy', 0);
});
