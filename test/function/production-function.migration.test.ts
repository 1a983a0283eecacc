import { Duration, aws_ec2 as ec2, aws_lambda as lambda, aws_sqs as sqs, type Stack } from 'aws-cdk-lib';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { newStack, plainFunction } from '../support/plain-function';
import { type Json, production, resourcesOf } from '../support/production-function';
import { statementsOfRole } from '../support/role-statements';

const FLAGS: [string, Json][] = [['no feature flag', {}], ['all recommended feature flags', recommended]];

/** What CloudFormation replaces the resource for, of the types that the swap keeps. */
const REPLACED_FOR: Record<string, string[]> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
  'AWS::Lambda::Function': ['FunctionName', 'PackageType', 'TenancyConfig', 'DurableConfig'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
  'AWS::IAM::Role': ['RoleName', 'Path'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
  'AWS::EC2::SecurityGroup': ['GroupName', 'GroupDescription', 'VpcId'],
  // Nothing replaces the resource, but by another name or on another role it is another policy:
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
  'AWS::IAM::Policy': ['PolicyName', 'Roles'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

const ROLE = 'PayServiceRoleCE35E396';
const POLICY = 'PayServiceRoleDefaultPolicy85A76E38';
const TRACES = { Effect: 'Allow', Action: expect.arrayContaining(['xray:PutTraceSegments', 'xray:PutTelemetryRecords']), Resource: '*' };
const DEAD_LETTERS = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Dead/), 'Arn'] } };

type Props = Partial<lambda.FunctionProps>;

/** The same stack with a plain function and with ours. */
function swap(context: Json, props: (stack: Stack) => Props = () => ({})): { before: Json; after: Json } {
  const [plain, ours] = [newStack({}, context), newStack({}, context)];
  plainFunction(plain, 'Pay', props(plain));
  production(ours, props(ours));
  return { before: resourcesOf(plain), after: resourcesOf(ours) };
}

function typesOf(resources: Json, chosen: (id: string) => boolean): string[] {
  return Object.entries<Json>(resources).filter(([id]) => chosen(id)).map(([, { Type }]) => Type).sort();
}

function changedProperties(before: Json, after: Json): string[] {
  const names = new Set([...Object.keys(before.Properties), ...Object.keys(after.Properties)]);
  return [...names].filter(name => JSON.stringify(before.Properties[name]) !== JSON.stringify(after.Properties[name])).sort();
}

describe.each(FLAGS)('with %s', (_name, context) => {
  test('function and role retain their logical ids', () => {
    const { before, after } = swap(context);

    expect(Object.keys(before)).toEqual(expect.arrayContaining(['Pay6F77D406', ROLE]));
    expect(Object.keys(after)).toEqual(expect.arrayContaining(['Pay6F77D406', ROLE]));
  });

  test('the version retains the prefix of its logical id', () => {
    const [plain, ours] = [newStack({}, context), newStack({}, context)];
    plainFunction(plain, 'Pay').addAlias('stable');
    production(ours);
    const prefix = (stack: Stack) => Object.keys(resourcesOf(stack)).find(id => id.startsWith('PayCurrentVersion'))!.slice(0, -32);

    expect(prefix(ours)).toBe('PayCurrentVersionA260EE62');
    expect(prefix(ours)).toBe(prefix(plain));
  });

  test('adds the resources that lambda.Function does not have', () => {
    const { before, after } = swap(context);

    expect(typesOf(after, id => !(id in before))).toEqual([
      'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CodeDeploy::Application', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::IAM::Role',
      'AWS::Lambda::Alias', 'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy',
    ]);
  });

  test('the function gets the defaults, and the role inline statements', () => {
    const { before, after } = swap(context);

    expect(changedProperties(before.Pay6F77D406, after.Pay6F77D406)).toEqual([
      'Architectures', 'Environment', 'LoggingConfig', 'MemorySize', 'RecursiveLoop', 'RuntimeManagementConfig', 'Timeout', 'TracingConfig',
    ]);
    expect(changedProperties(before[ROLE], after[ROLE])).toEqual(['ManagedPolicyArns', 'Policies']);
  });

  test('replaces no resource', () => {
    const { before, after } = swap(context, stack => ({
      description: 'Pays',
      vpc: new ec2.Vpc(stack, 'Vpc'),
      deadLetterQueueEnabled: true,
      tracing: lambda.Tracing.ACTIVE,
      timeout: Duration.seconds(5),
      functionName: 'pay',
      events: [],
      reservedConcurrentExecutions: 5,
    }));
    const kept = Object.keys(before).filter(id => id in after);

    expect(kept.filter(id => before[id].Type !== after[id].Type)).toEqual([]);
    expect(kept.filter(id => id.startsWith('Pay')).map(id => before[id].Type).sort()).toEqual(['AWS::EC2::SecurityGroup', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::SQS::Queue']);
    for (const id of kept) {
      const causes = REPLACED_FOR[before[id].Type] ?? Object.keys(before[id].Properties ?? {});
      const changed = changedProperties({ Properties: {}, ...before[id] }, { Properties: {}, ...after[id] });
      expect([id, changed.filter(name => causes.includes(name))]).toEqual([id, []]);
    }
  });

  test('retains the policy with grants on resources', () => {
    const { before, after } = swap(context, stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') }));

    expect(typesOf(before, id => !(id in after)).filter(type => type !== 'AWS::Logs::LogGroup')).toEqual([]);
    expect(before[POLICY].Properties.PolicyDocument.Statement).toEqual([DEAD_LETTERS]);
    expect(after[POLICY]).toEqual(before[POLICY]);
  });

  test('moves statements without a reference from the policy to the role', () => {
    const { before, after } = swap(context, stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead'), tracing: lambda.Tracing.ACTIVE }));

    expect(before[POLICY].Properties.PolicyDocument.Statement).toEqual(expect.arrayContaining([TRACES, DEAD_LETTERS]));
    expect(changedProperties(before[POLICY], after[POLICY])).toEqual(['PolicyDocument']);
    expect(after[POLICY].Properties.PolicyDocument.Statement).toEqual([DEAD_LETTERS]);
    expect(statementsOfRole(after, ROLE).inline).toContainEqual(TRACES);
  });

  test('removes a policy that would be empty', () => {
    const { before, after } = swap(context, () => ({ tracing: lambda.Tracing.ACTIVE }));

    expect(typesOf(before, id => !(id in after)).filter(type => type !== 'AWS::Logs::LogGroup')).toEqual(['AWS::IAM::Policy']);
    expect(before[POLICY].Properties.PolicyDocument.Statement).toEqual([TRACES]);
    expect(statementsOfRole(after, ROLE).inline).toContainEqual(TRACES);
  });
});

test('removes nothing without the flag of CDK for log groups', () => {
  const { before, after } = swap({});

  expect(typesOf(before, id => !(id in after))).toEqual([]);
});

test('retains the log group that CDK creates by its flag, and creates another', () => {
  const { before, after } = swap(recommended);
  const [old] = Object.entries<Json>(before).find(([, { Type }]) => Type === 'AWS::Logs::LogGroup')!;

  expect(after).not.toHaveProperty(old);
  expect(before[old]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test('the flags are the recommended flags of aws-cdk-lib', () => {
  expect(Object.keys(recommended).length).toBeGreaterThan(50);
  expect(recommended).toHaveProperty('@aws-cdk/aws-lambda:useCdkManagedLogGroup', true);
});
