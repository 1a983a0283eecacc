import { App, Aws, CfnMapping, CfnParameter, Duration, Fn, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GitHubDeployRole, type GitHubDeployRoleProps, GitHubSubject } from '../../src';
import { durationText } from '../../src/private/duration-text';

const ACCOUNT = '123456789012';
const REPO = 'shop/payments';
const IDS = { ownerId: '9919', repositoryId: '1296269' };
const ISSUER = 'token.actions.githubusercontent.com';
const bootstrap = (role: string, account = ACCOUNT, region = 'eu-west-1', qualifier = 'hnb659fds') =>
  `arn:aws:iam::${account}:role/cdk-${qualifier}-${role}-role-${account}-${region}`;

function build(props: Partial<GitHubDeployRoleProps> = {}) {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  const role = new GitHubDeployRole(stack, 'Deploy', { subjects: [GitHubSubject.environment(REPO, 'production', IDS)], ...props });
  return { stack, role, template: Template.fromStack(stack) };
}

function roleOf(props?: Partial<GitHubDeployRoleProps>): any {
  const text = JSON.stringify(Object.values(build(props).template.findResources('AWS::IAM::Role'))[0].Properties);
  return JSON.parse(text.replaceAll('{"Ref":"AWS::Partition"}', '"aws"'), (_, value) => value?.['Fn::Join']?.[1].join('') ?? value);
}
const assumable = (props?: Partial<GitHubDeployRoleProps>) => [roleOf(props).Policies[0].PolicyDocument.Statement].flat()[0].Resource;

test('the trust is exact, in both forms of the subject', () => {
  expect(roleOf().AssumeRolePolicyDocument.Statement[0]).toMatchObject({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${ISSUER}:aud`]: 'sts.amazonaws.com',
        [`${ISSUER}:sub`]: ['repo:shop/payments:environment:production', 'repo:shop@9919/payments@1296269:environment:production'],
      },
    },
  });
});

test.each([
  [GitHubSubject.environment(REPO, 'prod'), 'repo:shop/payments:environment:prod'],
  [GitHubSubject.branch(REPO, 'release/1'), 'repo:shop/payments:ref:refs/heads/release/1'],
  [GitHubSubject.tag(REPO, 'v1.0'), 'repo:shop/payments:ref:refs/tags/v1.0'],
  [GitHubSubject.pullRequest(REPO), 'repo:shop/payments:pull_request'],
])('the subject %#', (subject, claim) => {
  expect([roleOf({ subjects: [subject] }).AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[`${ISSUER}:sub`]].flat()).toEqual([claim]);
});

test('it can only assume the bootstrap roles of the account and region', () => {
  expect(roleOf().Policies).toHaveLength(1);
  expect(roleOf().ManagedPolicyArns).toBeUndefined();
  expect(assumable()).toEqual(['deploy', 'file-publishing', 'image-publishing', 'lookup'].map(role => bootstrap(role)));
  expect(assumable({ deployAccount: '999999999999', deployRegion: 'us-gov-west-1', qualifier: 'shop' }))
    .toContain(bootstrap('deploy', '999999999999', 'us-gov-west-1', 'shop'));
});

test('pull requests can read and not deploy', () => {
  expect([assumable({ subjects: [GitHubSubject.pullRequest(REPO)] })].flat()).toEqual([bootstrap('lookup')]);
});

test('all roles of a stack share one native provider', () => {
  const stack = new Stack();
  new GitHubDeployRole(stack, 'Deploy', { subjects: [GitHubSubject.branch(REPO, 'main')] });
  new GitHubDeployRole(stack, 'Look', { subjects: [GitHubSubject.pullRequest(REPO)] });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
  template.hasResourceProperties('AWS::IAM::OIDCProvider', { Url: `https://${ISSUER}`, ClientIdList: ['sts.amazonaws.com'] });
  template.resourceCountIs('AWS::Lambda::Function', 0);
});

describe('an account has one provider', () => {
  const subjects = [GitHubSubject.branch(REPO, 'main')];
  const place = (region: string, account = ACCOUNT) => ({ env: { account, region } });
  /** The ids of the stacks that define a provider. */
  const stacksWithProvider = (scope: Stage) => scope.synth().stacks
    .filter(({ template }) => Object.values<any>(template.Resources).some(({ Type, Properties }) => Type === 'AWS::IAM::OIDCProvider' && Properties.Url === `https://${ISSUER}`))
    .map(({ hierarchicalId }) => hierarchicalId.split('/').at(-1)).sort();

  test('for all its regions: the first role creates it, the others depend on it', () => {
    const app = new App();
    const [first, second] = ['eu-west-1', 'us-east-1'].map(region => new Stack(app, region, place(region)));
    for (const stack of [first, second]) new GitHubDeployRole(stack, 'Deploy', { subjects });
    expect(stacksWithProvider(app)).toEqual(['eu-west-1']);
    expect(second.dependencies).toEqual([first]);
    Template.fromStack(second).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [{ Principal: { Federated: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:oidc-provider/${ISSUER}`]] } } }] },
    });
  });

  test('another account has its own, and stacks without an account share one', () => {
    const app = new App();
    for (const [id, props] of Object.entries({ One: place('eu-west-1'), Two: place('eu-west-1', '999999999999'), Three: {}, Four: {} })) {
      new GitHubDeployRole(new Stack(app, id, props), 'Deploy', { subjects });
    }
    expect(stacksWithProvider(app)).toEqual(['One', 'Three', 'Two']);
  });

  test('a provider that the app defines is used', () => {
    const app = new App();
    new iam.OidcProviderNative(new Stack(app, 'Account'), 'Provider', { url: `https://${ISSUER}`, clientIds: ['sts.amazonaws.com'] });
    new GitHubDeployRole(new Stack(app, 'Delivery'), 'Deploy', { subjects });
    new iam.OidcProviderNative(new Stack(app, 'Elsewhere'), 'Provider', { url: 'https://gitlab.com', clientIds: ['x'] });
    expect(stacksWithProvider(app)).toEqual(['Account']);
  });

  test('the stages of an app share it, in their order', () => {
    const app = new App();
    const stages = ['Staging', 'Production'].map(id => new Stage(app, id, place('eu-west-1')));
    for (const stage of stages) new GitHubDeployRole(new Stack(stage, 'Delivery'), 'Deploy', { subjects });
    expect(stages.map(stacksWithProvider)).toEqual([['Delivery'], []]);
  });
});

test.each([
  ['all of GitHub', ISSUER],
  ['an enterprise', `${ISSUER}/octo-inc`],
  ['an enterprise with its own domain', 'token.actions.octo.ghe.com'],
])('tokens of %s are trusted', (_, issuer) => {
  const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;
  const stack = new Stack();
  const imported = iam.OidcProviderNative.fromOidcProviderArn(stack, 'Imported', arn);
  const made = new iam.OidcProviderNative(stack, 'Made', { url: `https://${issuer}` });
  for (const provider of [imported, made]) {
    const role = new GitHubDeployRole(stack, `With${provider.node.id}`, { provider, subjects: [GitHubSubject.branch(REPO, 'main')] });
    const [{ Condition: condition }] = stack.resolve(role.assumeRolePolicy).Statement;
    expect(Object.keys(condition.StringEquals)).toEqual([`${issuer}:aud`, `${issuer}:sub`]);
  }
});

test('an imported provider is used', () => {
  const stack = new Stack();
  const provider = iam.OidcProviderNative.fromOidcProviderArn(stack, 'Provider', `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`);
  new GitHubDeployRole(stack, 'Deploy', { subjects: [GitHubSubject.tag(REPO, 'v1')], provider, deployAccount: Aws.ACCOUNT_ID, deployRegion: Aws.REGION });
  Template.fromStack(stack).resourceCountIs('AWS::IAM::OIDCProvider', 0);
});

test.each([1, 12])('a session of %d hours, with a boundary', hours => {
  const permissionsBoundary = iam.ManagedPolicy.fromManagedPolicyName(new Stack(), 'Boundary', 'team');
  const role = roleOf({ maxSessionDuration: Duration.hours(hours), permissionsBoundary });
  expect(role.MaxSessionDuration).toBe(hours * 3_600);
  expect(JSON.stringify(role.PermissionsBoundary)).toContain(':policy/team');
});

test.each<Partial<GitHubDeployRoleProps>>([
  { qualifier: 'q' }, { qualifier: 'Q123456789' }, { deployRegion: 'eusc-de-east-1' }, { deployRegion: Aws.REGION, qualifier: Token.asString({ Ref: 'Qualifier' }) },
  { subjects: [GitHubSubject.branch('ana_octo/payments', 'main')] },
])('%p is allowed', props => {
  expect(() => build(props)).not.toThrow();
});

describe('fails when', () => {
  test.each([3_599, 43_201])('the session duration is %d s', seconds => {
    expect(() => build({ maxSessionDuration: Duration.seconds(seconds) })).toThrow(`'maxSessionDuration' must be between 1 hour and 12 hours, got ${durationText(seconds)}; ${seconds < 3_600 ? 'raise' : 'lower'} it (at Stack/Deploy)`);
  });

  test('the provider is not the provider of GitHub', () => {
    const provider = iam.OidcProviderNative.fromOidcProviderArn(new Stack(), 'Provider', `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`);
    expect(() => build({ provider })).toThrow(`'provider' must be the identity provider of GitHub, got gitlab.com; use the provider of ${ISSUER} (at Stack/Deploy)`);
  });

  test.each(['*', 'shop/*', 'shop', '*/payments', 'shop/pay:ments', '/payments', '_a/payments', Token.asString({ Ref: 'Repo' })])('the repository is %s', repository => {
    const got = Token.isUnresolved(repository) ? 'a token' : `'${repository}'`;
    expect(() => GitHubSubject.branch(repository, 'main')).toThrow(`'repository' must be one 'owner/repository' without wildcards, got ${got};`);
  });

  test.each(['*', 'release/*', '', 'prod?', 'a:b', 'refs/heads/main', '${aws:username}', Token.asString({ Ref: 'Name' })])('the name is %p', name => {
    for (const make of [GitHubSubject.branch, GitHubSubject.tag, GitHubSubject.environment]) expect(() => make(REPO, name)).toThrow('must be one name without wildcards');
  });

  test('an id is not a number', () => {
    expect(() => GitHubSubject.pullRequest(REPO, { ...IDS, ownerId: '*' })).toThrow("'ownerId' must be digits, got '*'");
  });

  test('there is no subject, or pull requests are combined with others', () => {
    expect(() => build({ subjects: [] })).toThrow("'subjects' must contain at least one subject, got none");
    expect(() => build({ subjects: [GitHubSubject.pullRequest(REPO), GitHubSubject.branch(REPO, 'main')] })).toThrow('any pull request could deploy');
  });

  test.each<Partial<GitHubDeployRoleProps>>([
    { deployAccount: '12345' }, { deployRegion: '*' }, { qualifier: 'a-b' }, { qualifier: '' }, { qualifier: 'q'.repeat(11) },
    { deployAccount: `${Aws.ACCOUNT_ID}*` }, { deployRegion: `${Aws.REGION}-?` }, { qualifier: `*${Token.asString({ Ref: 'Qualifier' })}` },
  ])('%p', props => {
    expect(() => build(props)).toThrow(`'${Object.keys(props)[0]}' must be `);
  });
});

test.each<[string, (stack: Stack) => Partial<GitHubDeployRoleProps>]>([
  ['token of qualifier', () => ({ qualifier: Lazy.string({ produce: () => '*' }) })],
  ['token of deployAccount', () => ({ deployAccount: Lazy.string({ produce: () => '*' }) })],
  ['token of deployRegion', () => ({ deployRegion: Lazy.string({ produce: () => 'eu-*' }) })],
  ['default of a parameter', stack => ({ deployAccount: new CfnParameter(stack, 'Account', { default: '*' }).valueAsString })],
  ['allowed value of a parameter', stack => ({ qualifier: new CfnParameter(stack, 'Name', { default: 'q', allowedValues: ['q', '?'] }).valueAsString })],
  ['value of a mapping', stack => ({ deployRegion: new CfnMapping(stack, 'Regions', { mapping: { eu: { name: '*' } } }).findInMap('eu', 'name') })],
  ['branch of a condition', () => ({ deployAccount: Fn.conditionIf('IsOpen', '*', '123456789012').toString() })],
])('fails at synth when the %s resolves to a wildcard', (_, props) => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new GitHubDeployRole(stack, 'Deploy', { subjects: [GitHubSubject.environment('shop/payments', 'production')], ...props(stack) });
  expect(() => app.synth()).toThrow("[Stack/Deploy] 'subjects', 'qualifier', 'deployAccount' and 'deployRegion' must have no wildcards, got '");
});

test('fails at synth when a wildcard is added to the trust policy, also by an override', () => {
  const app = new App();
  const role = new GitHubDeployRole(new Stack(app, 'Stack'), 'Deploy', { subjects: [GitHubSubject.environment('shop/payments', 'production')] });
  (role.node.defaultChild as iam.CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:shop/*' } });
  expect(() => app.synth()).toThrow("must have no wildcards, got 'repo:shop/*'");
});

test('accepts a parameter and a mapping without a wildcard', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new GitHubDeployRole(stack, 'Deploy', {
    subjects: [GitHubSubject.environment('shop/payments', 'production')],
    deployAccount: new CfnParameter(stack, 'Account', { default: '123456789012' }).valueAsString,
    deployRegion: new CfnMapping(stack, 'Regions', { mapping: { eu: { name: 'eu-west-1' } } }).findInMap('eu', 'name'),
  });
  expect(() => app.synth()).not.toThrow();
});
