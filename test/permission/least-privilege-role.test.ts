import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LeastPrivilegeRole, type LeastPrivilegeRoleProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { resourcesOf } from '../support/production-function';
import { actionsIn, statementsOfRole } from '../support/role-statements';

const ON_BUCKET = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/*'] };

let stack: Stack;
beforeEach(() => { stack = newStack(); });

const newRole = (props?: LeastPrivilegeRoleProps) => new LeastPrivilegeRole(stack, 'Role', props);

function renderedRole(): any {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))[0].Properties;
}

function warnings(): string[] {
  const assembly = (stack.node.root as App).synth();
  return assembly.getStackByName('Stack').messages.filter(m => m.level === 'warning').map(m => `${m.id}: ${m.entry.data}`);
}

describe('defaults', () => {
  test('only Lambda can assume it, and it has no permissions', () => {
    newRole();
    expect(renderedRole()).toEqual({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
  });

  test('it is an iam.Role without other resources', () => {
    expect(newRole()).toBeInstanceOf(iam.Role);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toHaveLength(1);
  });
});

describe('props', () => {
  test('statements without references are in the role itself', () => {
    const statements = [new iam.PolicyStatement(ON_BUCKET)];
    newRole({ statements });
    statements.push(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::late/*'] }));
    expect(renderedRole().Policies).toEqual([{
      PolicyName: 'Permissions',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: 'arn:aws:s3:::reports/*' }],
      },
    }]);
  });

  test('description, roleName and path are set on the role', () => {
    newRole({ description: 'reads reports', roleName: 'reader', path: '/apps/' });
    expect(renderedRole()).toMatchObject({ Description: 'reads reports', RoleName: 'reader', Path: '/apps/' });
  });

  test('permissionsBoundary is set on the role', () => {
    newRole({ permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(stack, 'B', 'arn:aws:iam::123456789012:policy/edge') });
    expect(renderedRole().PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/edge');
  });

  test('a permissions boundary of the scope is set on the role', () => {
    newRole();
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'B', 'arn:aws:iam::123456789012:policy/edge'));
    expect(renderedRole().PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/edge');
  });
});

describe('statements', () => {
  test('without references are in the role itself, each once', () => {
    const role = newRole();
    const statement = new iam.PolicyStatement(ON_BUCKET);
    expect(role.addToPrincipalPolicy(statement)).toEqual({ statementAdded: true, policyDependable: role });
    expect(role.addToPolicy(statement)).toBe(true);
    expect(renderedRole().Policies[0].PolicyDocument.Statement).toHaveLength(1);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('with references are in one policy, each once', () => {
    const role = newRole();
    const bucket = new s3.Bucket(stack, 'Bucket');
    const statement = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] });
    expect(role.addToPrincipalPolicy(statement).statementAdded).toBe(true);
    expect(role.addToPolicy(statement)).toBe(true);
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    const { inline, attached } = statementsOfRole(resourcesOf(stack), stack.getLogicalId(role.node.defaultChild as iam.CfnRole));
    expect(inline).toEqual([]);
    expect(Object.values(attached).map(actionsIn)).toEqual([['s3:GetObject', 's3:ListBucket']]);
  });

  test('of a policy in the scope of the role are checked too', () => {
    const role = newRole();
    role.attachInlinePolicy(new iam.Policy(role, 'More', { statements: [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::b'] })] }));
    expect(() => Template.fromStack(stack)).toThrow("'Action' must name single actions, got 's3:*' on 'arn:aws:s3:::b'");
  });

  test('that change after they are added are rendered and checked as they are at synth', () => {
    const role = newRole();
    const statement = new iam.PolicyStatement({ actions: ['s3:GetObject'] });
    role.addToPrincipalPolicy(statement);
    statement.addResources('*');
    expect(() => Template.fromStack(stack)).toThrow("'Resource' must name resources for s3:GetObject, got '*'");
  });

  test('that were withdrawn are removed', () => {
    const role = newRole();
    const statement = new iam.PolicyStatement(ON_BUCKET);
    role.addToPrincipalPolicy(statement);
    role._withdraw(statement);
    role._withdraw(statement);
    expect(renderedRole().Policies).toBeUndefined();
  });

  test('with the effect Deny may have wildcards', () => {
    newRole().addToPrincipalPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['*'], resources: ['*'] }));
    expect(renderedRole().Policies[0].PolicyDocument.Statement[0].Effect).toBe('Deny');
  });

  test.each([[true], [false]])('of addToRolePolicy are added and checked with createNewPoliciesWithAddToRolePolicy %s', flag => {
    stack = newStack({}, { '@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy': flag });
    const role = newRole();
    const fn = plainFunction(stack, 'Fn', { role });
    fn.addToRolePolicy(new iam.PolicyStatement(ON_BUCKET));
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.toJSON())).toContain('arn:aws:s3:::reports/*');
    template.resourceCountIs('AWS::IAM::Policy', flag ? 1 : 0);

    stack = newStack({}, { '@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy': flag });
    plainFunction(stack, 'Fn', { role: newRole() }).addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::b'] }));
    expect(() => Template.fromStack(stack)).toThrow("'Action' must name single actions, got 's3:*' on 'arn:aws:s3:::b'");
  });
});

describe('managed policies', () => {
  const basic = () => iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole');

  test('are attached with a warning that names them', () => {
    newRole().addManagedPolicy(basic());
    expect(renderedRole().ManagedPolicyArns).toHaveLength(1);
    expect(warnings()).toEqual([expect.stringContaining(
      'managed policy arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole allows more than '
      + 'this function needs; grant only the actions and resources that the function uses')]);
  });

  test('are attached without a warning once it is acknowledged', () => {
    const role = newRole();
    role.addManagedPolicy(basic());
    Validations.of(role).acknowledge({ id: 'cdk-production-lambda:LeastPrivilegeRole.managedPolicy', reason: 'needed' });
    expect(warnings()).toEqual([]);
  });
});

describe('managed policies that allow more than a function needs', () => {
  const broad = (name = 'AdministratorAccess') => iam.ManagedPolicy.fromAwsManagedPolicyName(name);

  test.each(['AdministratorAccess', 'AmazonS3FullAccess', 'job-function/SystemAdministrator'])('fails for %s of AWS, without a warning', name => {
    newRole().addManagedPolicy(broad(name));
    expect(() => Template.fromStack(stack)).toThrow(`[Stack/Role] 'ManagedPolicyArns' must have no policy of AWS that is not for functions, got ${name}, `
      + 'which allows actions on all resources; grant the actions and resources that the function uses, '
      + 'or attach the policy with allowManagedPolicy(policy, reason)');
    expect(stack.node.findAll().flatMap(c => c.node.metadata).filter(m => m.type === 'aws:cdk:warning')).toEqual([]);
  });

  test('are attached by allowManagedPolicy with a reason, which cdk-nag reports', () => {
    const role = newRole();
    role.allowManagedPolicy(broad('AmazonS3ReadOnlyAccess'), 'the tool lists all buckets');
    expect(renderedRole().ManagedPolicyArns).toHaveLength(1);
    expect(JSON.stringify(role.node.metadata)).toContain('AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonS3ReadOnlyAccess]');
    expect(warnings()).toEqual([]);
  });

  test('fails for another policy than the one that allowManagedPolicy attached', () => {
    const role = newRole();
    role.allowManagedPolicy(broad('AmazonS3ReadOnlyAccess'), 'the tool lists all buckets');
    role.addManagedPolicy(broad());
    expect(() => Template.fromStack(stack)).toThrow('got AdministratorAccess');
  });

  test.each(['', ' \n'])('fails without a reason', reason => {
    expect(() => newRole().allowManagedPolicy(broad(), reason)).toThrow(
      "'reason' must say why the function needs the managed policy, got an empty text; state the reason in allowManagedPolicy (at Stack/Role)");
  });

  test('a policy of an account is attached with a warning, and one of this app is validated instead', () => {
    const role = newRole();
    role.addManagedPolicy(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Theirs', 'arn:aws:iam::123456789012:policy/team'));
    role.addManagedPolicy(new iam.ManagedPolicy(stack, 'Own', { statements: [new iam.PolicyStatement(ON_BUCKET)] }));
    expect(warnings()).toEqual([expect.stringContaining('managed policy arn:aws:iam::123456789012:policy/team allows more than this function needs')]);
  });
});

describe('size', () => {
  const EMPTY = '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":""}],"Version":"2012-10-17"}'.length;
  const ofSize = (size: number) => new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`a${'x'.repeat(size - EMPTY - 1)}`] });
  const tooLarge = (size: number) => `inline policies of a role must have at most 10240 characters in total, got at least ${size}; `
    + 'grant on common prefixes or tags instead of single resources, or split the function';

  test('10,240 characters are accepted', () => {
    newRole({ statements: [ofSize(10_240)] });
    expect(JSON.stringify(renderedRole().Policies[0].PolicyDocument)).toHaveLength(10_240);
  });

  test('fails at 10,241 characters', () => {
    newRole({ statements: [ofSize(10_241)] });
    expect(() => Template.fromStack(stack)).toThrow(tooLarge(10_241));
  });

  test.each([[0, false], [1, true]])('an attached policy counts once: %d characters over the limit fail: %s', (over, fails) => {
    const role = newRole({ statements: [ofSize(5_000)] });
    const policy = new iam.Policy(stack, 'More', { statements: [ofSize(5_240 + over)] });
    role.attachInlinePolicy(policy);
    policy.attachToRole(role);
    const synth = () => Template.fromStack(stack);
    if (fails) expect(synth).toThrow(tooLarge(10_241));
    else expect(synth).not.toThrow();
  });

  test.each([[0, false], [1, true]])('inline statements and grants count together: %d over the limit fail: %s', (over, fails) => {
    const reference = new CfnParameter(stack, 'P').valueAsString;
    const padding = 'x'.repeat(10_240 - 5_000 - EMPTY - 1 + over);
    newRole({ statements: [ofSize(5_000), new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${reference}${padding}`] })] });
    const synth = () => Template.fromStack(stack);
    if (fails) expect(synth).toThrow(tooLarge(10_241));
    else expect(synth).not.toThrow();
  });

  test.each([[0, false], [1, true]])('a reference counts as one character: %d over the limit fail: %s', (over, fails) => {
    const reference = new CfnParameter(stack, 'P').valueAsString;
    const padding = 'x'.repeat(10_240 - EMPTY - 1 + over);
    newRole({ statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`${reference}${padding}`] })] });
    const synth = () => Template.fromStack(stack);
    if (fails) expect(synth).toThrow(tooLarge(10_241));
    else expect(synth).not.toThrow();
  });
});

describe('Role.customizeRoles', () => {
  const reportOf = (app: App) => fs.readFileSync(path.join(app.synth().directory, 'iam-policy-report.json'), 'utf8');

  test.each([[true, 0], [false, 1]])('with preventSynthesis %s creates %d roles and reports the statements', (preventSynthesis, roles) => {
    iam.Role.customizeRoles(stack, { preventSynthesis });
    const role = newRole({ statements: [new iam.PolicyStatement(ON_BUCKET)] });
    new s3.Bucket(stack, 'Bucket').grantPut(role);
    const report = reportOf(stack.node.root as App);
    expect(report).toContain('arn:aws:s3:::reports/*');
    expect(report).toContain('s3:PutObject');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', roles);
  });

  test('rejects wildcards too', () => {
    iam.Role.customizeRoles(stack);
    newRole().addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
    expect(() => Template.fromStack(stack)).toThrow("'Action' must name single actions, got 's3:*' on '*'");
  });
});
