import { App, Stack, aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { PrivateNetwork } from '../../src';
import { endpointOf } from '../../src/aws';
import { check } from '../../src/checks/engine/check';
import { input } from '../../src/checks/engine/load';
import { findingsOf } from '../support/findings';
import { newStack } from '../support/plain-function';
import { production } from '../support/production-function';

const ACTIONS = ['sqs:SendMessage', 'sns:Publish', 'events:PutEvents', 'secretsmanager:GetSecretValue', 'kms:Decrypt', 'kms:Sign', 's3:GetObject', 'dynamodb:GetItem', 'states:StartExecution', 'xray:PutTraceSegments', 'logs:PutLogEvents'];

/** A network with two functions that have permissions, one of them in another stack. */
function build(app: App, ours: string[], theirs: string[]): Stack[] {
  const [base, work] = [new Stack(app, 'Base'), new Stack(app, 'Work')];
  const vpc = new PrivateNetwork(base, 'Network');
  for (const [stack, actions] of [[base, ours], [work, theirs]] as const) {
    const fn = production(stack, { vpc });
    if (actions.length > 0) fn.addToRolePolicy(new iam.PolicyStatement({ actions, resources: ['arn:aws:x:eu-west-1:111122223333:y'] }));
  }
  return [base, work];
}

test('strict validation, AwsSolutions and Serverless report no open findings', () => {
  const strict = { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true };
  const { open } = findingsOf(props => {
    const app = new App(props);
    const [stack] = build(app, ACTIONS, []);
    new PrivateNetwork(stack, 'Internet', { natGateways: 2 });
    return app;
  }, strict);
  expect(open).toEqual([]);
});

test('functions reach every service for which they have permissions, and there are no other endpoints', () => {
  fc.assert(fc.property(fc.subarray(ACTIONS), fc.subarray(ACTIONS), (ours, theirs) => {
    const stacks = build(new App(), ours, theirs);
    const templates = stacks.map(stack => [stack.stackName, Template.fromStack(stack).toJSON()] as const);
    const endpoints = Object.values<any>(templates[0][1].Resources).filter(r => r.Type === 'AWS::EC2::VPCEndpoint')
      .map(r => r.Properties.ServiceName['Fn::Join'][1].at(-1).slice(1));
    const needed = [...ours, ...theirs].map(endpointOf).flatMap(e => (typeof e === 'object' ? e.name : []));
    expect(endpoints.sort()).toEqual([...new Set(['s3', 'dynamodb', ...needed])].sort());
    const findings = check(templates.map(([name, template]) => input(template, `${name}.json`)), { today: '2026-11-24' });
    expect(findings.filter(({ rule }) => rule.id === 'LP-F76').map(({ message }) => message)).toEqual([]);
  }), { numRuns: 5 });
});

test('ProductionChecks reports a function in a plain VPC that reaches no service', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
  production(stack, { vpc }).addToRolePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['arn:aws:sns:eu-west-1:111122223333:topic'] }));
  const findings = check([input(Template.fromStack(stack).toJSON(), 'Stack.json')], { today: '2026-11-24' });
  expect(findings.filter(({ rule }) => rule.id === 'LP-F76').map(({ message }) => message)).toEqual([expect.stringContaining('must have a route to sns')]);
});
