import { IAM } from '../../../limits';
import { asList, covers, grantsOf, isRecord, member, patternOf, statementsOf } from '../../graph';
import type { AppGraph, Resource, Statement, Value } from '../../graph';
import { each } from '../each';
import { outside } from '../foundation/failure';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const ISSUER = 'token.actions.githubusercontent.com';
const OIDC = SOURCE.iam('id_roles_providers_create_oidc');
const CONDITIONS = SOURCE.iam('reference_policies_condition-single-vs-multi-valued-context-keys');

/** Roles that GitHub Actions takes on. */
export const OIDC_RULES: Rule[] = [
  {
    id: 'LP-P22',
    article: 'deployment',
    severity: 'error',
    title: 'any repository of GitHub may take the role',
    why: 'IAM refuses a trust in the issuer that all of GitHub shares without a condition on sub',
    fix: `add StringEquals ${ISSUER}:sub`,
    source: OIDC,
    evaluate: eachTrust((role, statement) => (known(statement) && !conditions(statement).some(({ key }) => key === `${ISSUER}:sub`)
      ? [{ at: role, property: `${statement.property}.Condition`, must: `must test ${ISSUER}:sub`, got: undefined }] : [])),
  },
  {
    id: 'LP-P23',
    article: 'deployment',
    severity: 'error',
    title: 'the subject is too wide',
    why: 'a wildcard for the repository lets any of them deploy; a fork\'s pull request may be among them',
    fix: 'name repository and environment or branch: repo:ORG/REPO:environment:prod',
    source: OIDC,
    evaluate: eachTrust((role, statement) => subjects(statement).filter(({ value }) => /^(\*|repo:\*|repo:[^/]*\*?\/\*)/.test(literal(value)))
      .map(({ value, operator }) => ({ at: role, property: `${statement.property}.Condition.${operator}`, must: 'must name a repository', got: literal(value) }))),
  },
  {
    id: 'LP-P32',
    article: 'deployment',
    severity: 'warning',
    title: 'every branch and pull request may deploy',
    why: 'repo:ORG/REPO:* takes in the subject of pull requests',
    fix: 'name the environment or the branch',
    source: OIDC,
    evaluate: eachTrust((role, statement) => subjects(statement).filter(({ value }) => /^repo:[^/*]+\/[^:*]+:\*$/.test(literal(value)))
      .map(({ value, operator }) => ({ at: role, property: `${statement.property}.Condition.${operator}`, must: 'must name an environment or branch', got: literal(value) }))),
  },
  {
    id: 'LP-P24',
    article: 'deployment',
    severity: 'error',
    title: 'a condition that does not test what it seems to',
    why: 'StringEquals takes * for a star and never matches; ForAllValues is true when the key is missing',
    fix: 'use StringLike for patterns, and no ForAllValues in an Allow',
    source: CONDITIONS,
    evaluate: eachTrust((role, statement) => [
      ...subjects(statement).filter(({ operator, value }) => /^(ForAnyValue:)?StringEquals/.test(operator) && literal(value).includes('*'))
        .map(({ operator, value }) => ({ at: role, property: `${statement.property}.Condition.${operator}`, must: 'must not have wildcards', got: literal(value) })),
      ...conditions(statement).filter(({ operator }) => operator.startsWith('ForAllValues:'))
        .map(({ operator, key }) => ({ at: role, property: `${statement.property}.Condition.${operator}`, must: 'must not be used in an Allow', got: key })),
    ]),
  },
  {
    id: 'LP-P25',
    article: 'deployment',
    severity: 'error',
    title: 'the audience is not pinned',
    why: 'a token that was made for another service would do',
    fix: `add StringEquals ${ISSUER}:aud sts.amazonaws.com`,
    source: OIDC,
    evaluate: eachTrust((role, statement) => {
      const audiences = conditions(statement).filter(({ key }) => key === `${ISSUER}:aud`);
      const wrong = audiences.flatMap(({ values }) => values).filter(value => typeof value === 'string' && value !== 'sts.amazonaws.com');
      return known(statement) && (audiences.length === 0 || wrong.length > 0)
        ? [{ at: role, property: `${statement.property}.Condition`, must: `must pin ${ISSUER}:aud to sts.amazonaws.com`, got: wrong[0] }] : [];
    }),
  },
  {
    id: 'LP-P26',
    article: 'deployment',
    severity: 'info',
    title: 'only the old form of the subject',
    why: 'repositories that were created since 2026-07-15 send repo:ORG@ID/REPO@ID, which the old form does not match',
    fix: 'add the form with ids beside it',
    source: 'https://docs.github.com/en/actions/reference/security/oidc',
    evaluate: eachTrust((role, statement) => {
      const all = subjects(statement).map(({ value }) => literal(value)).filter(value => /^repo:[^*]/.test(value));
      return all.length > 0 && !all.some(value => /@/.test(value))
        ? [{ at: role, property: `${statement.property}.Condition`, must: 'must also take the immutable form of the subject for new repositories', got: all[0] }] : [];
    }),
  },
  {
    id: 'LP-P27',
    article: 'deployment',
    severity: 'error',
    title: 'the session length is out of range',
    why: 'a role takes 3,600 to 43,200 s',
    fix: 'choose a value in range',
    source: SOURCE.iam('id_roles_manage-assume'),
    elsewhere: 'CDK throws for its own roles; F3034',
    evaluate: each('AWS::IAM::Role', role => outside(role, 'MaxSessionDuration', IAM.sessionMinSeconds, IAM.sessionMaxSeconds)),
  },
  {
    id: 'LP-P28',
    article: 'deployment',
    severity: 'warning',
    title: 'the pipeline is an administrator',
    why: 'who can run a workflow can do everything in the account',
    fix: 'grant sts:AssumeRole on the cdk-<qualifier>-* roles only',
    source: 'https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html',
    elsewhere: 'cdk-nag: AwsSolutions-IAM4 and IAM5',
    evaluate: eachTrust((role, statement) => {
      const { managedPolicies, statements } = grantsOf(role.template.app, role);
      const admin = managedPolicies.some(arn => /AdministratorAccess$|PowerUserAccess$/.test(patternOf(arn)));
      const all = statements.some(({ effect, actions, resources }) => effect === 'Allow' && actions.some(action => action === '*' && covers(action, 'iam:CreateUser')) && resources.includes('*'));
      return (admin || all) && statement.property.endsWith('.0') ? [{ at: role, property: admin ? 'ManagedPolicyArns' : 'Policies', must: 'must grant no more than the bootstrap roles', got: admin ? 'AdministratorAccess or PowerUserAccess' : '* on *' }] : [];
    }),
  },
  {
    id: 'LP-P29',
    article: 'deployment',
    severity: 'warning',
    title: 'an OIDC provider by custom resource',
    why: 'it brings a function that may change all providers of the account; CloudFormation has the resource itself',
    fix: 'use iam.OidcProviderNative',
    source: OIDC,
    evaluate: each('Custom::AWSCDKOpenIdConnectProvider', provider => ({ at: provider, property: 'Url', must: 'must be an AWS::IAM::OIDCProvider', got: provider.type })),
  },
];

function eachTrust(check: (role: Resource, statement: Statement) => Problem[]): (app: AppGraph) => Problem[] {
  return app => app.view(gitHubTrusts).flatMap(({ role, statement }) => check(role, statement));
}

function gitHubTrusts(app: AppGraph): { role: Resource; statement: Statement }[] {
  return app.ofType('AWS::IAM::Role').filter(trustsMore).flatMap(role => statementsOf(role, 'AssumeRolePolicyDocument')
    .filter(({ effect, actions }) => effect === 'Allow' && actions.some(action => covers(action, 'sts:AssumeRoleWithWebIdentity')))
    .filter(statement => trustsGitHub(role, statement))
    .map(statement => ({ role, statement })));
}

/** Trusts more than services and accounts: almost no role does. */
function trustsMore(role: Resource): boolean {
  return asList(role.get('AssumeRolePolicyDocument.Statement'))
    .some(statement => member(statement, 'Condition') !== undefined || member(member(statement, 'Principal'), 'Federated') !== undefined);
}

function trustsGitHub(role: Resource, statement: Statement): boolean {
  const federated = member(statement.principals, 'Federated');
  const provider = role.template.app.resourceOf(federated, role);
  return patternOf(federated).includes(ISSUER) || patternOf(provider?.get('Url')).includes(ISSUER) || conditions(statement).some(({ key }) => key.startsWith(ISSUER));
}

function conditions(statement: Statement): { operator: string; key: string; values: Value[] }[] {
  return isRecord(statement.conditions) ? Object.entries(statement.conditions).flatMap(([operator, tests]) => (isRecord(tests)
    ? Object.entries(tests).map(([key, value]) => ({ operator, key, values: asList(value) })) : [])) : [];
}

function subjects(statement: Statement): { operator: string; value: Value }[] {
  return conditions(statement).filter(({ key }) => key === `${ISSUER}:sub`).flatMap(({ operator, values }) => values.map(value => ({ operator, value })));
}

/** All of the condition is in the template. */
function known(statement: Statement): boolean {
  return statement.conditions === undefined || (isRecord(statement.conditions) && Object.values(statement.conditions).every(isRecord));
}

/** Only wildcards that stand in the template count. */
function literal(value: Value): string {
  return typeof value === 'string' ? value : '';
}
