import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GitHubDeployRole, GitHubSubject } from '../../src';

const ACCOUNT = '123456789012';
const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;
const REPO = 'shop/payments';
const IDS = { ownerId: '9919', repositoryId: '1296269' };

/** The role as IAM stores it, with the ids of this account instead of references. */
function roleOf(subjects: GitHubSubject[]): any {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  new GitHubDeployRole(stack, 'Deploy', { subjects });
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  return JSON.parse(JSON.stringify(role.Properties), (_, value) => {
    if (value?.Ref === 'AWS::Partition') return 'aws';
    if (typeof value?.Ref === 'string') return PROVIDER;
    return value?.['Fn::Join']?.[1].join('') ?? value;
  });
}

/**
 * The decision of IAM about a token of GitHub. The simulator knows the condition keys of Google's tokens but not of GitHub's, so
 * the keys are renamed: IAM evaluates both in the same way.
 */
async function assumes(subjects: GitHubSubject[], claims: { aud?: string; sub?: string }, principal = PROVIDER): Promise<string> {
  const known = (text: string) => text.replaceAll(`${ISSUER}:`, 'accounts.google.com:');
  const result = await runSimulation({
    request: {
      principal,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: { resource: ROLE, accountId: ACCOUNT },
      contextVariables: Object.fromEntries(Object.entries(claims).map(([key, value]) => [known(`${ISSUER}:${key}`), value])),
    },
    identityPolicies: [],
    resourcePolicy: JSON.parse(known(JSON.stringify(roleOf(subjects).AssumeRolePolicyDocument))),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
}

/** The decision of IAM about an action of a session of the role. Bootstrap roles trust their account. */
async function may(subjects: GitHubSubject[], action: string, resource: string): Promise<string> {
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }] };
  const result = await runSimulation({
    request: { principal: ROLE, action, resource: { resource, accountId: ACCOUNT }, contextVariables: {} },
    identityPolicies: roleOf(subjects).Policies.map(({ PolicyName: name, PolicyDocument: policy }: any) => ({ name, policy })),
    ...action === 'sts:AssumeRole' && { resourcePolicy: trust },
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
}

const PRODUCTION = [GitHubSubject.environment(REPO, 'production', IDS)];
const LOOK = [GitHubSubject.pullRequest(REPO, IDS)];
const bootstrap = (role: string, { account = ACCOUNT, region = 'eu-west-1', qualifier = 'hnb659fds' } = {}) =>
  `arn:aws:iam::${account}:role/cdk-${qualifier}-${role}-role-${account}-${region}`;

describe('a token of GitHub', () => {
  const aud = 'sts.amazonaws.com';

  test.each<[string, GitHubSubject[], { aud?: string; sub?: string }, string]>([
    ['of the environment', PRODUCTION, { aud, sub: 'repo:shop/payments:environment:production' }, 'Allowed'],
    ['of the environment, with ids', PRODUCTION, { aud, sub: 'repo:shop@9919/payments@1296269:environment:production' }, 'Allowed'],
    ['of another environment', PRODUCTION, { aud, sub: 'repo:shop/payments:environment:staging' }, 'ImplicitlyDenied'],
    ['of an environment in another case', PRODUCTION, { aud, sub: 'repo:shop/payments:environment:Production' }, 'ImplicitlyDenied'],
    ['of an environment with the same prefix', PRODUCTION, { aud, sub: 'repo:shop/payments:environment:production-2' }, 'ImplicitlyDenied'],
    ['of a pull request', PRODUCTION, { aud, sub: 'repo:shop/payments:pull_request' }, 'ImplicitlyDenied'],
    ['of a branch', PRODUCTION, { aud, sub: 'repo:shop/payments:ref:refs/heads/main' }, 'ImplicitlyDenied'],
    ['of another repository', PRODUCTION, { aud, sub: 'repo:shop/payments-fork:environment:production' }, 'ImplicitlyDenied'],
    ['of a new repository of the same name', PRODUCTION, { aud, sub: 'repo:shop@9919/payments@7:environment:production' }, 'ImplicitlyDenied'],
    ['of a new owner of the same name', PRODUCTION, { aud, sub: 'repo:shop@7/payments@1296269:environment:production' }, 'ImplicitlyDenied'],
    ['for another audience', PRODUCTION, { aud: 'https://github.com/shop', sub: 'repo:shop/payments:environment:production' }, 'ImplicitlyDenied'],
    ['without an audience', PRODUCTION, { sub: 'repo:shop/payments:environment:production' }, 'ImplicitlyDenied'],
    ['without a subject', PRODUCTION, { aud }, 'ImplicitlyDenied'],
    ['of the branch', [GitHubSubject.branch(REPO, 'release/1')], { aud, sub: 'repo:shop/payments:ref:refs/heads/release/1' }, 'Allowed'],
    ['of a branch below it', [GitHubSubject.branch(REPO, 'release')], { aud, sub: 'repo:shop/payments:ref:refs/heads/release/1' }, 'ImplicitlyDenied'],
    ['of a tag with the name of the branch', [GitHubSubject.branch(REPO, 'v1')], { aud, sub: 'repo:shop/payments:ref:refs/tags/v1' }, 'ImplicitlyDenied'],
    ['of the tag', [GitHubSubject.tag(REPO, 'v1')], { aud, sub: 'repo:shop/payments:ref:refs/tags/v1' }, 'Allowed'],
    ['of a pull request, for the role of pull requests', LOOK, { aud, sub: 'repo:shop@9919/payments@1296269:pull_request' }, 'Allowed'],
    ['of one of two branches', ['main', 'next'].map(branch => GitHubSubject.branch(REPO, branch)), { aud, sub: 'repo:shop/payments:ref:refs/heads/next' }, 'Allowed'],
  ])('%s', async (_, subjects, claims, expected) => {
    expect(await assumes(subjects, claims)).toBe(expected);
  });

  test('of another provider with the same claims', async () => {
    const other = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;
    expect(await assumes(PRODUCTION, { aud, sub: 'repo:shop/payments:environment:production' }, other)).toBe('ImplicitlyDenied');
  });
});

describe('a session', () => {
  test.each<[string, GitHubSubject[], string, string, string]>([
    ...['deploy', 'file-publishing', 'image-publishing', 'lookup'].map((role): [string, GitHubSubject[], string, string, string] =>
      [`that deploys: ${role}`, PRODUCTION, 'sts:AssumeRole', bootstrap(role), 'Allowed']),
    ['that deploys: the role of CloudFormation', PRODUCTION, 'sts:AssumeRole', bootstrap('cfn-exec'), 'ImplicitlyDenied'],
    ['that deploys: another region', PRODUCTION, 'sts:AssumeRole', bootstrap('deploy', { region: 'us-east-1' }), 'ImplicitlyDenied'],
    ['that deploys: another qualifier', PRODUCTION, 'sts:AssumeRole', bootstrap('deploy', { qualifier: 'other' }), 'ImplicitlyDenied'],
    ['that deploys: any other role', PRODUCTION, 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, 'ImplicitlyDenied'],
    ['that deploys: a stack directly', PRODUCTION, 'cloudformation:CreateStack', `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/x/y`, 'ImplicitlyDenied'],
    ['that deploys: a passed role', PRODUCTION, 'iam:PassRole', bootstrap('cfn-exec'), 'ImplicitlyDenied'],
    ['of a pull request: lookup', LOOK, 'sts:AssumeRole', bootstrap('lookup'), 'Allowed'],
    ['of a pull request: deploy', LOOK, 'sts:AssumeRole', bootstrap('deploy'), 'ImplicitlyDenied'],
    ['of a pull request: assets', LOOK, 'sts:AssumeRole', bootstrap('file-publishing'), 'ImplicitlyDenied'],
  ])('%s', async (_, subjects, action, resource, expected) => {
    expect(await may(subjects, action, resource)).toBe(expected);
  });
});
