import { IAM } from '../../../aws';
import { covers, grantsOf, patternOf } from '../../graph';
import type { Resource, Statement } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import {
  ISSUER,
  conditionsOf,
  eachGitHubTrust,
  hasKnownConditions,
  literalText,
  subjectsOf,
} from '../support/github-trust';
import { outOfRange } from '../support/out-of-range';

const OIDC = SOURCE.iam('id_roles_providers_create_oidc');
const CONDITIONS = SOURCE.iam('reference_policies_condition-single-vs-multi-valued-context-keys');

export const GITHUB_ROLE_RULES: Rule[] = [
  {
    id: 'LP-P22',
    category: 'deployment',
    severity: 'error',
    title: 'Any GitHub repository may assume the role',
    why:
      'All GitHub repositories share one issuer. IAM rejects a trust policy for it that has no condition '
      + 'on sub.',
    fix: `add StringEquals ${ISSUER}:sub`,
    source: OIDC,
    evaluate: eachGitHubTrust(subjectNotTested),
  },
  {
    id: 'LP-P23',
    category: 'deployment',
    severity: 'error',
    title: 'Subject condition is too broad',
    why: 'A wildcard for the repository allows any repository to deploy, including the pull requests of forks.',
    fix: 'name the repository and the environment or branch: repo:ORG/REPO:environment:prod',
    source: OIDC,
    evaluate: eachGitHubTrust(subjectTooBroad),
  },
  {
    id: 'LP-P24',
    category: 'deployment',
    severity: 'error',
    title: 'Condition operator does not test the value',
    why: 'StringEquals treats * as a literal and never matches. ForAllValues is true if the key is missing.',
    fix: 'use StringLike for patterns, and no ForAllValues in an Allow',
    source: CONDITIONS,
    evaluate: eachGitHubTrust(operatorDoesNotTest),
  },
  {
    id: 'LP-P25',
    category: 'deployment',
    severity: 'error',
    title: 'Audience is not restricted',
    why: 'The role accepts a token that was issued for another service.',
    fix: `add StringEquals ${ISSUER}:aud sts.amazonaws.com`,
    source: OIDC,
    evaluate: eachGitHubTrust(audienceNotTested),
  },
  {
    id: 'LP-P26',
    category: 'deployment',
    severity: 'info',
    title: 'Subject condition uses the old format only',
    why: 'Repositories created since 2026-07-15 send repo:ORG@ID/REPO@ID, which the old format does not match.',
    fix: 'add the format with IDs',
    source: 'https://docs.github.com/en/actions/reference/security/oidc',
    evaluate: eachGitHubTrust(oldSubjectFormatOnly),
  },
  {
    id: 'LP-P27',
    category: 'deployment',
    severity: 'error',
    title: 'Session duration is out of range',
    why: 'IAM supports a session duration of 1 to 12 hours.',
    fix: 'choose a value in range',
    source: SOURCE.iam('id_roles_manage-assume'),
    elsewhere: 'CDK throws for its own roles; F3034',
    evaluate: each('AWS::IAM::Role', sessionDurationOutOfRange),
  },
  {
    id: 'LP-P28',
    category: 'deployment',
    severity: 'warning',
    title: 'Pipeline role is an administrator',
    why: 'Everyone who can run a workflow can do everything in the account.',
    fix: 'grant sts:AssumeRole on the cdk-<qualifier>-* roles only',
    source: 'https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html',
    elsewhere: 'cdk-nag: AwsSolutions-IAM4 and IAM5',
    evaluate: eachGitHubTrust(pipelineIsAdministrator),
  },
  {
    id: 'LP-P29',
    category: 'deployment',
    severity: 'warning',
    title: 'OIDC provider is created by a custom resource',
    why:
      'The custom resource adds a function that may change all providers of the account. CloudFormation '
      + 'supports the provider natively.',
    fix: 'use iam.OidcProviderNative',
    source: OIDC,
    evaluate: each('Custom::AWSCDKOpenIdConnectProvider', providerByCustomResource),
  },
  {
    id: 'LP-P32',
    category: 'deployment',
    severity: 'warning',
    title: 'Every branch and pull request may deploy',
    why: 'repo:ORG/REPO:* also matches the subject of pull requests.',
    fix: 'name the environment or the branch',
    source: OIDC,
    evaluate: eachGitHubTrust(everyBranchMayDeploy),
  },
];

function subjectNotTested(role: Resource, statement: Statement): Found {
  if (hasKnownConditions(statement) && !conditionsOf(statement).some(({ key }) => key === `${ISSUER}:sub`)) {
    return { at: role, property: `${statement.property}.Condition`, must: `must test ${ISSUER}:sub`, got: undefined };
  }
  return undefined;
}

function subjectTooBroad(role: Resource, statement: Statement): Found {
  return subjectsOf(statement)
    .filter(({ value }) => /^(\*|repo:\*|repo:[^/]*\*?\/\*)/.test(literalText(value)))
    .map(({ value, operator }) => ({
      at: role,
      property: `${statement.property}.Condition.${operator}`,
      must: 'must name a repository',
      got: literalText(value),
    }));
}

function operatorDoesNotTest(role: Resource, statement: Statement): Found {
  return [
    ...subjectsOf(statement)
      .filter(
        ({ operator, value }) => /^(ForAnyValue:)?StringEquals/.test(operator) && literalText(value).includes('*'),
      )
      .map(({ operator, value }) => ({
        at: role,
        property: `${statement.property}.Condition.${operator}`,
        must: 'must not have wildcards',
        got: literalText(value),
      })),
    ...conditionsOf(statement)
      .filter(({ operator }) => operator.startsWith('ForAllValues:'))
      .map(({ operator, key }) => ({
        at: role,
        property: `${statement.property}.Condition.${operator}`,
        must: 'must not be used in an Allow',
        got: key,
      })),
  ];
}

function audienceNotTested(role: Resource, statement: Statement): Found {
  const audiences = conditionsOf(statement).filter(({ key }) => key === `${ISSUER}:aud`);
  const wrong = audiences
    .flatMap(({ values }) => values)
    .filter(value => typeof value === 'string' && value !== 'sts.amazonaws.com');
  if (hasKnownConditions(statement) && (audiences.length === 0 || wrong.length > 0)) {
    return {
      at: role,
      property: `${statement.property}.Condition`,
      must: `must restrict ${ISSUER}:aud to sts.amazonaws.com`,
      got: wrong[0],
    };
  }
  return undefined;
}

function oldSubjectFormatOnly(role: Resource, statement: Statement): Found {
  const all = subjectsOf(statement)
    .map(({ value }) => literalText(value))
    .filter(value => /^repo:[^*]/.test(value));
  if (all.length > 0 && !all.some(value => /@/.test(value))) {
    return {
      at: role,
      property: `${statement.property}.Condition`,
      must: 'must also accept the immutable subject format of new repositories',
      got: all[0],
    };
  }
  return undefined;
}

function sessionDurationOutOfRange(role: Resource): Found {
  return outOfRange(role, 'MaxSessionDuration', IAM.sessionMinSeconds, IAM.sessionMaxSeconds);
}

function pipelineIsAdministrator(role: Resource, statement: Statement): Found {
  const { managedPolicies, statements } = grantsOf(role.template.app, role);
  const admin = managedPolicies.some(arn => /AdministratorAccess$|PowerUserAccess$/.test(patternOf(arn)));
  const all = statements.some(
    ({ effect, actions, resources }) =>
      effect === 'Allow'
      && actions.some(action => action === '*' && covers(action, 'iam:CreateUser'))
      && resources.includes('*'),
  );
  if ((admin || all) && statement.property.endsWith('.0')) {
    return {
      at: role,
      property: admin ? 'ManagedPolicyArns' : 'Policies',
      must: 'must grant no more than the bootstrap roles',
      got: admin ? 'AdministratorAccess or PowerUserAccess' : '* on *',
    };
  }
  return undefined;
}

function providerByCustomResource(provider: Resource): Found {
  return { at: provider, property: 'Url', must: 'must be an AWS::IAM::OIDCProvider', got: provider.type };
}

function everyBranchMayDeploy(role: Resource, statement: Statement): Found {
  return subjectsOf(statement)
    .filter(({ value }) => /^repo:[^/*]+\/[^:*]+:\*$/.test(literalText(value)))
    .map(({ value, operator }) => ({
      at: role,
      property: `${statement.property}.Condition.${operator}`,
      must: 'must name an environment or branch',
      got: literalText(value),
    }));
}
