import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { SandboxCleaner, type SandboxCleanerProps } from '../../src';

function cleaner(props?: SandboxCleanerProps): Template {
  const stack = new Stack(new App(), 'Account');
  new SandboxCleaner(stack, 'Cleaner', props);
  return Template.fromStack(stack);
}

describe('by default', () => {
  const template = cleaner();

  test('it is a dry run, every day at 03:00 UTC', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { DRY_RUN: 'true' } }, Description: 'Deletes stacks of sandboxes that have expired (dry run)', Timeout: 300,
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(0 3 * * ? *)' });
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('a failed run is sent to the FailureQueue of the stack once', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('FailureQueue'), 'Arn'] } } },
    });
  });

  test('the role has no AWS managed policy, and deletes nothing but stacks', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role'));
    expect(roles.map(role => role.Properties.ManagedPolicyArns)).toEqual([undefined]);
    const policies = [...Object.values(template.findResources('AWS::IAM::Policy')).map(policy => policy.Properties), ...roles[0].Properties.Policies];
    const actions = policies.flatMap(policy => policy.PolicyDocument.Statement).flatMap(({ Action }: any) => Action);
    expect(actions.filter((action: string) => /Delete|PassRole|\*/.test(action))).toEqual(['cloudformation:DeleteStack']);
  });
});

describe('props', () => {
  test('dryRun: false deletes', () => {
    cleaner({ dryRun: false }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { DRY_RUN: 'false' } }, Description: 'Deletes stacks of sandboxes that have expired',
    });
  });

  test('schedule: replaces the default', () => {
    cleaner({ schedule: events.Schedule.rate(Duration.hours(12)) }).hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(12 hours)' });
  });

  test('function: starts a run by hand', () => {
    const stack = new Stack(new App(), 'Account');
    const { function: fn } = new SandboxCleaner(stack, 'Cleaner');
    expect(stack.resolve(fn.functionArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^CleanerFunction/), 'Arn'] });
  });
});
