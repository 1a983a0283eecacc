import { App, Aspects, Aws, CfnResource, NestedStack, PropertyInjectors, Stack, Stage, Tags, aws_ec2 as ec2, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_secretsmanager as secretsmanager, type IPropertyInjector, type InjectionContext } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import type { IConstruct } from 'constructs';
import { newStack } from '../support/plain-function';
import { type Json, only, placedStatements, production, resourcesOf, roleStatements } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const NAMES = /^(FunctionName|RoleName|LogGroupName|QueueName|AlarmName|ApplicationName|DeploymentGroupName|GroupName|TopicName)$/;

/** Names in the properties of resources that are no references: each would keep the stack from being deployed twice. */
function fixedNames(stack: Stack): string[] {
  return Object.entries<Json>(resourcesOf(stack)).flatMap(([id, { Properties = {} }]) => Object.entries(Properties)
    .filter(([name, value]) => NAMES.test(name) && typeof value === 'string').map(([name]) => `${id}.${name}`));
}

function withEverything(stack: Stack): void {
  production(stack, {
    vpc: new ec2.Vpc(stack, 'Vpc'),
    secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login') },
    logEncryptionKey: new kms.Key(stack, 'Key'),
    environmentEncryption: new kms.Key(stack, 'Other'),
  }).addFunctionUrl().grantInvokeUrl(new iam.User(stack, 'Caller'));
}

test('no resource has a fixed name', () => {
  const stack = newStack();
  withEverything(stack);

  expect(fixedNames(stack)).toEqual([]);
});

test('two functions can be in one stack', () => {
  const stack = newStack();
  production(stack, {}, 'Pay');
  production(stack, {}, 'Refund');

  expect(Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::Lambda::Alias')).toHaveLength(2);
  expectNoCycle(stack);
});

test('two stacks of one app have the same template', () => {
  const app = new App();
  const [one, two] = ['One', 'Two'].map(id => new Stack(app, id));
  [one, two].forEach(stack => production(stack));
  // The hash in the version's id covers the name of the stack in the environment of Powertools.
  const plain = (stack: Stack) => JSON.stringify(resourcesOf(stack)).replaceAll(/(PayCurrentVersion\w{8})\w{32}/g, '$1').replaceAll('One', 'Two');

  expect(plain(one)).toBe(plain(two));
});

test.each([
  ['an environment-agnostic stack', undefined],
  ['eu-west-1', 'eu-west-1'],
  ['China', 'cn-north-1'],
  ['GovCloud', 'us-gov-west-1'],
])('in %s no ARN contains the partition aws', (_name, region) => {
  const stack = newStack(region ? { env: { account: '123456789012', region } } : {});
  withEverything(stack);

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/arn:aws(-cn|-us-gov)?:/);
});

test.each([['none', {}], ['all', recommended], ['policies of their own, which CDK no longer recommends,', { '@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy': true }]])(
  'with %s of the feature flags the app synthesises without a cycle', (_name, context) => {
    const stack = newStack({}, context);
    withEverything(stack);

    expectNoCycle(stack);
  },
);

test('each stage has its own resources', () => {
  const app = new App();
  const stacks = ['Test', 'Prod'].map(id => new Stack(new Stage(app, id), 'Payments'));
  stacks.forEach(stack => production(stack));
  const [test, prod] = stacks.map(stack => Template.fromStack(stack).toJSON());

  expect(JSON.parse(JSON.stringify(test).replaceAll('Test/', 'Prod/'))).toEqual(prod);
});

test('a nested stack has its own queue and CodeDeploy application', () => {
  const parent = newStack();
  const nested = new NestedStack(parent, 'Nested');
  production(parent);
  production(nested);

  expect(Object.keys(resourcesOf(nested))).toEqual(expect.arrayContaining([expect.stringMatching(/^ProductionLambdaFailureQueue/)]));
  expectNoCycle(nested);
  expectNoCycle(parent);
});

test.each([['the other way round', true], ['in the order of use', false]])('a function invokes another function of its stack, declared %s', (_name, later) => {
  const stack = newStack();
  const caller = later ? production(stack, {}, 'Caller') : undefined;
  const pay = production(stack);
  const from = caller ?? production(stack, {}, 'Caller');
  from.addEnvironment('PAY', pay.functionArn);
  pay.grantInvoke(from);

  expect(only(stack, 'AWS::Lambda::Function', /^Caller/).Properties.Environment.Variables.PAY).toEqual({ Ref: expect.stringMatching(/^PayLive/) });
  expectNoCycle(stack);
});

test('a function invokes a function of another stack by its alias', () => {
  const app = new App();
  const pay = production(new Stack(app, 'Payments'));
  const stack = new Stack(app, 'Shop');
  const shop = production(stack, { environment: { PAY: pay.functionArn, NAME: pay.functionName } }, 'Shop');
  pay.grantInvoke(shop);

  expect(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.PAY).toEqual({ 'Fn::ImportValue': expect.stringContaining('PayLive') });
  expect(Object.values(placedStatements(stack, /^ShopServiceRole/).attached)).toEqual([
    [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::ImportValue': expect.stringContaining('PayLive') } }],
  ]);
  expectNoCycle(stack);
});

class FunctionDefaults implements IPropertyInjector {
  public readonly constructUniqueId = lambda.Function.PROPERTY_INJECTION_ID;
  constructor(private readonly defaults: object) {}
  public inject(originalProps: lambda.FunctionProps, _context: InjectionContext): lambda.FunctionProps {
    return { ...this.defaults, ...originalProps };
  }
}

test('a property injector on lambda.Function sets only props without a value', () => {
  const app = new App();
  PropertyInjectors.of(app).add(new FunctionDefaults({ description: 'of the platform team', reservedConcurrentExecutions: 7, deadLetterQueueEnabled: true, memorySize: 128 }));
  const stack = new Stack(app, 'Stack');
  production(stack);

  expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
    Description: 'of the platform team', ReservedConcurrentExecutions: 7, MemorySize: 512, DeadLetterConfig: { TargetArn: expect.anything() },
  });
});

test('an aspect changes the function behind the alias', () => {
  const stack = newStack();
  production(stack);
  Aspects.of(stack).add({ visit: (node: IConstruct) => node instanceof lambda.CfnFunction && node.addPropertyOverride('Description', 'seen') });
  Tags.of(stack).add('owner', 'payments');

  expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({ Description: 'seen', Tags: [{ Key: 'owner', Value: 'payments' }] });
});

test('PermissionsBoundary.of() sets the boundary of the role', () => {
  const stack = newStack();
  production(stack);
  iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess'));

  expect(only(stack, 'AWS::IAM::Role', /^Pay/).Properties.PermissionsBoundary).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/PowerUserAccess']] });
});

test('Role.customizeRoles() replaces the roles', () => {
  const stack = newStack();
  iam.Role.customizeRoles(stack, {
    usePrecreatedRoles: { 'Stack/Pay/ServiceRole': 'pay', 'Stack/ProductionLambda/Release/Role': 'codedeploy' },
  });
  production(stack);

  expect(Object.values<Json>(resourcesOf(stack)).map(({ Type }) => Type)).not.toContain('AWS::IAM::Role');
  expect(only(stack, 'AWS::Lambda::Function').Properties.Role).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':role/pay']] });
});

test('an imported role is not changed', () => {
  const stack = newStack();
  production(stack, { role: iam.Role.fromRoleArn(stack, 'Mine', `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/pay`, { mutable: false }) });

  expect(Object.values<Json>(resourcesOf(stack)).map(({ Type }) => Type)).not.toContain('AWS::IAM::Policy');
});

test('the same app has the same template, byte by byte', () => {
  const bytes = () => {
    const stack = newStack();
    withEverything(stack);
    return JSON.stringify(Template.fromStack(stack).toJSON());
  };

  expect(bytes()).toBe(bytes());
});

test('the default child is the function', () => {
  const stack = newStack();
  const fn = production(stack);
  (fn.node.defaultChild as CfnResource).addPropertyOverride('Description', 'by escape hatch');

  expect(only(stack, 'AWS::Lambda::Function').Properties.Description).toBe('by escape hatch');
  expect(roleStatements(stack)).toHaveLength(3);
});
