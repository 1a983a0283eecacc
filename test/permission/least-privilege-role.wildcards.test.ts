import { type App, Aws, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { LeastPrivilegeRole } from '../../src';
import { TemplateTexts } from '../../src/permission/template-texts';
import { widePartsOf } from '../../src/private/policy-wildcards';
import { newStack } from '../support/plain-function';

const ADVICE = 'or add the statement with allowWildcard(statement, reason)';
const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/t';

let stack: Stack;
let role: LeastPrivilegeRole;
beforeEach(() => {
  stack = newStack();
  role = new LeastPrivilegeRole(stack, 'Role');
});

const add = (props: iam.PolicyStatementProps) => role.addToPrincipalPolicy(new iam.PolicyStatement(props));
const synth = () => Template.fromStack(stack);
const problems = (props: iam.PolicyStatementProps) => {
  const statement = stack.resolve(new iam.PolicyStatement(props).toStatementJson());
  return widePartsOf(new TemplateTexts({ parameter: () => undefined, mapping: () => undefined }).statement(statement));
};

describe('fails at synth, with the path of the role, when', () => {
  test.each<[string, iam.PolicyStatementProps, string]>([
    ['an action is *', { actions: ['*'], resources: [ARN] }, `'Action' must name single actions, got '*' on '${ARN}'; list the actions, ${ADVICE}`],
    ['an action is a whole service', { actions: ['dynamodb:GetItem', 'dynamodb:*'], resources: [ARN] },
      `'Action' must name single actions, got 'dynamodb:*' on '${ARN}'; list the actions, ${ADVICE}`],
    ['an action means a whole service', { actions: ['s3:**'], resources: [ARN] }, `'Action' must name single actions, got 's3:**' on '${ARN}'; list the actions, ${ADVICE}`],
    ['an action that can be scoped is allowed on *', { actions: ['dynamodb:GetItem'], resources: ['*'] },
      `'Resource' must name resources for dynamodb:GetItem, got '*'; grant on the resource itself, ${ADVICE}`],
    ['* stands beside a resource', { actions: ['dynamodb:GetItem'], resources: [ARN, '*'] },
      `'Resource' must name resources for dynamodb:GetItem, got '*'; grant on the resource itself, ${ADVICE}`],
    ['an action that can be scoped stands beside one that cannot', { actions: ['xray:PutTraceSegments', 's3:GetObject'], resources: ['*'] },
      `'Resource' must name resources for s3:GetObject, got '*'; grant on the resource itself, ${ADVICE}`],
    ['an ARN leaves all buckets open', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::*'] },
      `'Resource' must name resources for s3:GetObject, got 'arn:aws:s3:::*'; grant on the resource itself, ${ADVICE}`],
    ['an ARN with references leaves the resource open', { actions: ['sqs:SendMessage'], resources: [`arn:${Aws.PARTITION}:sqs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`] },
      `'Resource' must name resources for sqs:SendMessage, got 'arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:*'; grant on the resource itself, ${ADVICE}`],
    ['all but an action is allowed', { notActions: ['iam:*'], resources: [ARN] }, `'NotAction' allows everything it does not name, got 'iam:*'; list the allowed actions, ${ADVICE}`],
    ['all but a resource is allowed', { actions: ['s3:GetObject'], notResources: [ARN] },
      `'NotResource' allows everything it does not name, got '${ARN}'; list the allowed resources, ${ADVICE}`],
  ])('%s', (_, statement, message) => {
    add(statement);
    expect(synth).toThrow(`[Stack/Role] ${message}`);
  });

  test('a statement of the role has a principal', () => {
    add({ actions: ['s3:GetObject'], resources: [ARN], principals: [new iam.AnyPrincipal()] });
    expect(synth).toThrow('[Stack/Role] A PolicyStatement used in an identity-based policy cannot specify any IAM principals');
  });

  test('two statements have the same problem, which is reported once', () => {
    add({ actions: ['s3:GetObject'], resources: ['*'] });
    add({ actions: ['s3:GetObject'], resources: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } });
    expect(() => synth()).toThrow(expect.objectContaining({ message: expect.not.stringMatching(/s3:GetObject[^]*s3:GetObject/) }));
  });
});

test.each<[string, iam.PolicyStatementProps]>([
  ['part of a service', { actions: ['s3:Get*', 's3:List*'], resources: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'] }],
  ['actions that IAM cannot scope', { actions: ['xray:PutTraceSegments', 'sts:GetCallerIdentity'], resources: ['*'] }],
  ['every resource of one kind', { actions: ['dynamodb:GetItem'], resources: [`arn:${Aws.PARTITION}:dynamodb:*:*:table/orders-*`] }],
  ['what a reference stands for', { actions: ['s3:GetObject'], resources: [Aws.STACK_ID] }],
  ['a Deny of everything', { effect: iam.Effect.DENY, notActions: ['s3:*'], resources: ['*'] }],
])('accepts %s', (_, statement) => {
  expect(problems(statement)).toEqual([]);
  add(statement);
  expect(synth).not.toThrow();
});

describe('allowWildcard', () => {
  const wide = (): iam.PolicyStatementProps => ({ actions: ['s3:*'], resources: ['*'] });

  test.each<[string, iam.PolicyStatementProps]>([
    ['a wide action on everything', wide()],
    ['everything', { actions: ['*'], resources: ['*'] }],
    ['an open ARN', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::*'] }],
    ['NotAction', { notActions: ['iam:*'], resources: [ARN] }],
    ['NotResource', { actions: ['s3:GetObject'], notResources: [ARN] }],
  ])('adds %s', (_, statement) => {
    role.allowWildcard(new iam.PolicyStatement(statement), 'the tool sweeps all buckets');
    expect(Object.values(synth().findResources('AWS::IAM::Role'))[0].Properties.Policies[0].PolicyDocument.Statement).toHaveLength(1);
  });

  test('also allows the same wildcards in a grant of another construct', () => {
    role.allowWildcard(new iam.PolicyStatement({ actions: ['sqs:ListQueues', 's3:GetObject', 's3:PutObject'], resources: ['*'] }), 'any bucket');
    add({ actions: ['s3:GetObject'], resources: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'true' } } });
    expect(synth).not.toThrow();
  });

  test('allows no other action, resource or role', () => {
    role.allowWildcard(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }), 'any bucket');
    role.allowWildcard(new iam.PolicyStatement({ actions: ['sqs:*'], resources: ['arn:aws:sqs:eu-west-1:123456789012:q'] }), 'one queue');
    add({ actions: ['s3:DeleteObject'], resources: ['*'] });
    add({ actions: ['sqs:*'], resources: ['arn:aws:sqs:eu-west-1:123456789012:other'] });
    expect(synth).toThrow(/'Resource' must name resources for s3:DeleteObject, got '\*'/);
    expect(synth).toThrow(/got 'sqs:\*' on 'arn:aws:sqs:eu-west-1:123456789012:other'/);
    stack = newStack();
    new LeastPrivilegeRole(stack, 'One').allowWildcard(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }), 'any bucket');
    new LeastPrivilegeRole(stack, 'Two', { statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })] });
    expect(synth).toThrow("[Stack/Two] 'Resource' must name resources for s3:GetObject, got '*'");
  });

  test('also allows the same wildcards in an attached policy', () => {
    role.allowWildcard(new iam.PolicyStatement(wide()), 'the tool sweeps all buckets');
    role.attachInlinePolicy(new iam.Policy(stack, 'More', { statements: [new iam.PolicyStatement(wide())] }));
    expect(synth).not.toThrow();
  });

  test.each(['', '  \n'])('fails without a reason', reason => {
    expect(() => role.allowWildcard(new iam.PolicyStatement(wide()), reason)).toThrow(
      "'reason' must say why the statement needs the wildcard, got an empty text; state the reason in allowWildcard (at Stack/Role)");
  });
});

test('cdk-nag reports the reason of an allowed wildcard, and all other wildcards as findings', () => {
  const neighbour = new iam.Role(stack, 'Neighbour', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const open = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:${Aws.PARTITION}:s3:::*`] });
  role.allowWildcard(open, 'any bucket may be named');
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['xray:PutTraceSegments'], resources: ['*'] }));
  neighbour.addToPrincipalPolicy(open);
  const app = stack.node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  expect(() => app.synth()).toThrow(/Stack\/Neighbour\/DefaultPolicy\/Resource[^]*AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:s3:::\*\]/);
  expect(() => app.synth()).toThrow(expect.objectContaining({ message: expect.not.stringContaining('Stack/Role') }));
});
