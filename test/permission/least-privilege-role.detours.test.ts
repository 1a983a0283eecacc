import { App, Aspects, CfnMapping, CfnParameter, CfnResource, Fn, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LeastPrivilegeRole } from '../../src';

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const ENV = { account: '123456789012', region: 'eu-west-1' };
const wide = () => new iam.PolicyStatement({ actions: ['*'], resources: ['*'] });
const on = (...resources: string[]) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources });
const narrow = () => on('arn:aws:s3:::reports/*');

type Detour = (stack: Stack, role: LeastPrivilegeRole) => unknown;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

function refused(detour: Detour): string[] {
  const role = new LeastPrivilegeRole(stack, 'Role');
  detour(stack, role);
  try {
    app.synth();
  } catch (error) {
    return [...(error as Error).message.matchAll(/\[Stack\/Role\] .*/g)].map(([line]) => line);
  }
  return [];
}

describe('one error for a statement that is added by', () => {
  test.each<[string, Detour]>([
    ['attachInlinePolicy', (s, role) => role.attachInlinePolicy(new iam.Policy(s, 'P', { statements: [wide()] }))],
    ['a policy that gets it later', (s, role) => { const p = new iam.Policy(s, 'P', { statements: [narrow()] }); role.attachInlinePolicy(p); p.addStatements(wide()); }],
    ['Policy.roles', (s, role) => new iam.Policy(s, 'P', { statements: [wide()], roles: [role] })],
    ['Policy.attachToRole', (s, role) => new iam.Policy(s, 'P', { statements: [wide()] }).attachToRole(role)],
    ['ManagedPolicy.roles', (s, role) => new iam.ManagedPolicy(s, 'P', { statements: [wide()], roles: [role] })],
    ['ManagedPolicy.attachToRole', (s, role) => new iam.ManagedPolicy(s, 'P', { statements: [wide()] }).attachToRole(role)],
    ['addManagedPolicy', (s, role) => role.addManagedPolicy(new iam.ManagedPolicy(s, 'P', { statements: [wide()] }))],
    ['Role.fromRoleArn', (s, role) => iam.Role.fromRoleArn(s, 'Same', role.roleArn).addToPrincipalPolicy(wide())],
    ['Role.fromRoleName', (s, role) => iam.Role.fromRoleName(s, 'Same', role.roleName).addToPrincipalPolicy(wide())],
    ['CfnPolicy', (s, role) => new iam.CfnPolicy(s, 'P', { policyName: 'x', roles: [role.roleName], policyDocument: { Statement: [EVERYTHING] } })],
    ['CfnRolePolicy', (s, role) => new iam.CfnRolePolicy(s, 'P', { policyName: 'x', roleName: role.roleName, policyDocument: { Statement: EVERYTHING } })],
    ['an untyped resource', (s, role) => new CfnResource(s, 'P', {
      type: 'AWS::IAM::Policy', properties: { PolicyName: 'x', Roles: [{ Ref: s.getLogicalId(role.node.defaultChild as iam.CfnRole) }], PolicyDocument: { Statement: [EVERYTHING] } },
    })],
    ['an override of Policies', (_, role) => (role.node.defaultChild as iam.CfnRole).addPropertyOverride('Policies', [{ PolicyName: 'x', PolicyDocument: { Statement: [EVERYTHING] } }])],
    ['an override of a policy', (s, role) => {
      const policy = new iam.Policy(s, 'P', { statements: [narrow()], roles: [role] });
      (policy.node.defaultChild as iam.CfnPolicy).addPropertyOverride('PolicyDocument.Statement', [EVERYTHING]);
    }],
    ['an Aspect', (s, role) => Aspects.of(s).add({ visit: node => { if (node === role) role.addToPrincipalPolicy(wide()); } })],
    ['a change after it was added', (_, role) => { const statement = narrow(); role.addToPrincipalPolicy(statement); statement.addActions('*'); statement.addAllResources(); }],
    ['JSON', (_, role) => role.addToPrincipalPolicy(iam.PolicyStatement.fromJson(EVERYTHING))],
  ])('%s', (_, detour) => {
    expect(refused(detour)).toEqual([expect.stringMatching(/^\[Stack\/Role\] 'Action' must name single actions, got '\*' on .*'\*'; list the actions/)]);
  });
});

test.each<[string, Detour]>([
  ['another stack', (_, role) => new iam.ManagedPolicy(new Stack(app, 'Other', { env: ENV }), 'P', { statements: [wide()], roles: [role] })],
  ['a nested stack', (s, role) => new iam.CfnPolicy(new NestedStack(s, 'Nested'), 'P', { policyName: 'x', roles: [role.roleName], policyDocument: { Statement: [EVERYTHING] } })],
  ['another stack, by a name', (_, role) => new iam.CfnPolicy(new Stack(app, 'Other', { env: ENV }), 'P', {
    policyName: 'x', roles: [role.roleName], policyDocument: { Statement: [EVERYTHING] },
  })],
])('a policy of %s is refused', (_, detour) => {
  expect(refused(detour)).toEqual([expect.stringContaining("'Action' must name single actions, got '*' on '*'")]);
});

test('a policy for the fixed name of the role is refused', () => {
  const role = new LeastPrivilegeRole(stack, 'Role', { roleName: 'reader' });
  new iam.CfnPolicy(stack, 'P', { policyName: 'x', roles: ['reader'], policyDocument: { Statement: [EVERYTHING] } });
  expect(() => app.synth()).toThrow(`[${role.node.path}] 'Action' must name single actions`);
});

describe('a resource is rejected if it is everything after', () => {
  const PARAMETER: Detour = (s, role) => role.addToPrincipalPolicy(on(new CfnParameter(s, 'Bucket', { default: '*' }).valueAsString));

  test.each<[string, Detour]>([
    ['Fn::Sub', (_, role) => role.addToPrincipalPolicy(on(Fn.sub('arn:${AWS::Partition}:s3:::*')))],
    ['Fn::Sub with a variable', (_, role) => role.addToPrincipalPolicy(on(Fn.sub('${x}', { x: '*' })))],
    ['Fn::Sub of a parameter', (s, role) => { new CfnParameter(s, 'B', { default: '*' }); role.addToPrincipalPolicy(on(Fn.sub('arn:aws:s3:::${B}'))); }],
    ['Fn::If', (_, role) => role.addToPrincipalPolicy(on(Fn.conditionIf('C', 'arn:aws:s3:::b', '*').toString()))],
    ['Fn::If within Fn::Join', (_, role) => role.addToPrincipalPolicy(on(Fn.join('', ['arn:aws:s3:::', Fn.conditionIf('C', 'b', '*').toString()])))],
    ['Fn::Join', (s, role) => role.addToPrincipalPolicy(on(Fn.join(':', ['arn', s.partition, 's3', '', '', '*'])))],
    ['Fn::Select', (_, role) => role.addToPrincipalPolicy(on(Fn.select(1, Fn.split(',', 'a,*'))))],
    ['Fn::FindInMap', (s, role) => {
      const buckets = new CfnMapping(s, 'Buckets', { mapping: { one: { name: 'arn:aws:s3:::b' }, two: { name: '*' } } });
      role.addToPrincipalPolicy(on(buckets.findInMap(new CfnParameter(s, 'Which').valueAsString, 'name')));
    }],
    ['the value that a stack passes to a nested stack', (s, role) => {
      const nested = new NestedStack(s, 'Nested', { parameters: { Bucket: '*' } });
      const bucket = new CfnParameter(nested, 'Bucket').valueAsString;
      new iam.CfnPolicy(nested, 'P', { policyName: 'x', roles: [role.roleName], policyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: bucket }] } });
    }],
    ['the default of a parameter', PARAMETER],
    ['a lazy text', (_, role) => role.addToPrincipalPolicy(on(Lazy.string({ produce: () => '*' })))],
    ['a lazy list', (_, role) => role.addToPrincipalPolicy(on(...Lazy.list({ produce: () => ['*'] })))],
  ])('%s', (_, detour) => {
    expect(refused(detour)).toEqual([expect.stringContaining("'Resource' must name resources for s3:GetObject, got '")]);
  });

  test('an action by Fn::Sub', () => {
    expect(refused((_, role) => role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [Fn.sub('iam:*')], resources: ['arn:aws:iam::123456789012:role/x'] }))))
      .toEqual([expect.stringContaining("'Action' must name single actions, got 'iam:*'")]);
  });
});

test.each<[string, Detour]>([
  ['references', (s, role) => { const b = new s3.Bucket(s, 'B'); b.grantRead(role); role.addToPrincipalPolicy(on(Fn.sub('${B}/*', { B: b.bucketArn }))); }],
  ['a parameter without a default', (s, role) => role.addToPrincipalPolicy(on(Fn.sub('arn:aws:s3:::${B}/*', { B: new CfnParameter(s, 'Bucket').valueAsString })))],
  ['a parameter with a name as default', (s, role) => role.addToPrincipalPolicy(on(new CfnParameter(s, 'Bucket', { default: 'arn:aws:s3:::b/*' }).valueAsString))],
  ['narrow policies', (s, role) => { new iam.ManagedPolicy(s, 'M', { statements: [narrow()], roles: [role] }); new iam.Policy(s, 'P', { statements: [narrow()], roles: [role] }); }],
  ['a wide policy of another role', s => new iam.Policy(s, 'P', { statements: [wide()], roles: [new iam.Role(s, 'Else', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') })] })],
  ['a copy that must not be changed', (_, role) => role.withoutPolicyUpdates().addToPrincipalPolicy(wide())],
])('%s are accepted', (_, detour) => {
  expect(refused(detour)).toEqual([]);
  expect(() => app.synth()).not.toThrow();
});

describe('a condition', () => {
  const under = (conditions: iam.Conditions, action = 'secretsmanager:GetSecretValue'): Detour => (_, role) =>
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: ['*'], conditions }));

  test.each<[string, Detour]>([
    ['on the tag of the resource', under({ StringEquals: { 'aws:ResourceTag/team': 'shop' } })],
    ['on a key of the service', under({ ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:eu-central-1:123456789012:cluster/shop' } }, 'ecs:ListTasks')],
    ['on any of several values', under({ 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/shop-*' } }, 'kms:Decrypt')],
  ])('%s scopes *', (_, detour) => expect(refused(detour)).toEqual([]));

  test.each<[string, Detour]>([
    ['on the caller', under({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } })],
    ['on the connection', under({ Bool: { 'aws:SecureTransport': 'true' } })],
    ['that a request without the key meets', under({ StringEqualsIfExists: { 'aws:ResourceTag/team': 'shop' } })],
    ['that excludes', under({ StringNotEquals: { 'aws:ResourceTag/team': 'shop' } })],
    ['for all values', under({ 'ForAllValues:StringEquals': { 'aws:ResourceTag/team': 'shop' } })],
    ['on every value', under({ StringLike: { 'aws:ResourceTag/team': '*' } })],
    ['on one value or every value', under({ StringLike: { 'aws:ResourceTag/team': ['shop', '*'] } })],
    ['of another service', under({ StringEquals: { 'elasticfilesystem:AccessPointArn': 'arn:x' } }, 'iam:PassRole')],
    ['on the service that gets a role', under({ StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }, 'iam:PassRole')],
  ])('%s does not', (_, detour) => expect(refused(detour)).toEqual([expect.stringContaining("'Resource' must name resources for")]));

  test('belongs to the wildcard that allowWildcard allows', () => {
    const conditions = { StringEquals: { 'aws:PrincipalTag/x': '1' } };
    const allowed: Detour = (_, role) => role.allowWildcard(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'], conditions }), 'because');
    expect(refused((s, role) => { allowed(s, role); under(conditions, 's3:GetObject')(s, role); })).toEqual([]);
    stack = new Stack(app = new App(), 'Stack', { env: ENV });
    expect(refused((s, role) => { allowed(s, role); role.addToPrincipalPolicy(on('*')); })).toEqual([expect.stringContaining("got '*'")]);
  });
});

test.each<[string, object]>([
  ['everyone', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }],
  ['every account', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
  ['everyone but one', { Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '123456789012' } }],
])('fails when %s may assume the role', (_, statement) => {
  expect(refused((_stack, role) => role.assumeRolePolicy!.addStatements(iam.PolicyStatement.fromJson(statement)))).toEqual([
    "[Stack/Role] 'AssumeRolePolicyDocument' must name the principals that assume the role, got '*'; name a service, an account or a role",
  ]);
});

test('the policies of each stage belong to the roles of that stage, at each synthesis', () => {
  for (const id of ['Test', 'Live']) {
    const inStage = new Stack(new Stage(app, id), 'Stack', { env: ENV });
    const role = new LeastPrivilegeRole(inStage, 'Role');
    new iam.Policy(inStage, 'P', { statements: [id === 'Live' ? wide() : narrow()], roles: [role] });
  }
  expect(() => app.synth()).toThrow('[Live/Stack/Role] \'Action\' must name single actions');
  expect(() => app.synth()).toThrow(expect.objectContaining({ message: expect.not.stringContaining('Test/') }));
});

test('a policy that is attached after a synthesis is part of the next', () => {
  const role = new LeastPrivilegeRole(stack, 'Role');
  expect(() => app.synth()).not.toThrow();
  new iam.Policy(stack, 'P', { statements: [wide()], roles: [role] });
  expect(() => app.synth({ force: true })).toThrow("'Action' must name single actions");
});
