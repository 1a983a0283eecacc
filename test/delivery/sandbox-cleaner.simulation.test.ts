import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SandboxCleaner } from '../../src';

const ACCOUNT = '123456789012';
const STACK = `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/Payments-feature-a-0b6d4f2e/1`;
const SANDBOX = { 'aws:ResourceTag/owner': 'ana', 'aws:ResourceTag/expires': '2026-01-31' };

/** The policies of the role, with the ARN of an account instead of references. */
function policies(): { name: string; policy: any }[] {
  const stack = new Stack(new App(), 'Account', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  new SandboxCleaner(stack, 'Cleaner', { dryRun: false });
  const template = Template.fromStack(stack);
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const attached = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
  return [...role.Properties.Policies, ...attached].map(({ PolicyName: name, PolicyDocument: policy }, place) => ({
    name: `${name}${place}`,
    policy: JSON.parse(JSON.stringify(policy), (_, value) => {
      if (value?.Ref === 'AWS::Partition') return 'aws';
      if (value?.['Fn::GetAtt']) return `arn:aws:sqs:eu-west-1:${ACCOUNT}:${value['Fn::GetAtt'][0]}`;
      return value?.['Fn::Join']?.[1].join('') ?? value;
    }),
  }));
}

async function may(action: string, resource: string, contextVariables: Record<string, string> = {}): Promise<string> {
  const result = await runSimulation({
    request: { principal: `arn:aws:iam::${ACCOUNT}:role/cleaner`, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
    identityPolicies: policies(),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
}

test.each<[string, string, string, Record<string, string>, string]>([
  ['deletes a stack with both tags', 'cloudformation:DeleteStack', STACK, SANDBOX, 'Allowed'],
  ['reads the template of a stack with both tags', 'cloudformation:GetTemplateSummary', STACK, SANDBOX, 'Allowed'],
  ['lists stacks', 'cloudformation:DescribeStacks', STACK, {}, 'Allowed'],
  ['does not delete a stack without tags', 'cloudformation:DeleteStack', STACK, {}, 'ImplicitlyDenied'],
  ['does not delete a stack without an owner', 'cloudformation:DeleteStack', STACK, { 'aws:ResourceTag/expires': '2026-01-31' }, 'ImplicitlyDenied'],
  ['does not delete a stack whose tag is no day', 'cloudformation:DeleteStack', STACK, { ...SANDBOX, 'aws:ResourceTag/expires': 'never' }, 'ImplicitlyDenied'],
  ['does not delete a stack of another Region', 'cloudformation:DeleteStack', STACK.replace('eu-west-1', 'us-east-1'), SANDBOX, 'ImplicitlyDenied'],
  ['does not change a stack', 'cloudformation:UpdateStack', STACK, SANDBOX, 'ImplicitlyDenied'],
  ['does not pass a role', 'iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`, {}, 'ImplicitlyDenied'],
  ['does not delete a table', 'dynamodb:DeleteTable', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/Ledger`, {}, 'ImplicitlyDenied'],
])('the role %s', async (_, action, resource, context, expected) => {
  expect(await may(action, resource, context)).toBe(expected);
});
