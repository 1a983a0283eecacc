import { collect } from './each';
import type { Found } from './each';
import { asList, covers, isRecord, member, patternOf, statementsOf } from '../../graph';
import type { AppGraph, Resource, Statement, Value } from '../../graph';
import type { Problem } from '../rule';

/** The OIDC issuer that all GitHub repositories share. */
export const ISSUER = 'token.actions.githubusercontent.com';

/** One key that the condition of a statement tests. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: Value[];
}

/** Checks every statement of a trust policy that trusts GitHub Actions. */
export function eachGitHubTrust(
  check: (role: Resource, statement: Statement) => Found,
): (app: AppGraph) => Problem[] {
  return app => collect(app.view(gitHubTrusts), ({ role, statement }) => check(role, statement), app);
}

export function conditionsOf({ conditions }: Statement): Condition[] {
  if (!isRecord(conditions)) return [];
  return Object.entries(conditions).flatMap(([operator, tests]) => (isRecord(tests)
    ? Object.entries(tests).map(([key, value]) => ({ operator, key, values: asList(value) }))
    : []));
}

/** The patterns for the subject of the token, each with its operator. */
export function subjectsOf(statement: Statement): { operator: string; value: Value }[] {
  return conditionsOf(statement)
    .filter(({ key }) => key === `${ISSUER}:sub`)
    .flatMap(({ operator, values }) => values.map(value => ({ operator, value })));
}

/** Whether the template contains the whole condition. */
export function hasKnownConditions({ conditions }: Statement): boolean {
  return conditions === undefined || (isRecord(conditions) && Object.values(conditions).every(isRecord));
}

/** The text, if it is part of the template: wildcards of unknown values do not count. */
export function literalText(value: Value): string {
  return typeof value === 'string' ? value : '';
}

function gitHubTrusts(app: AppGraph): { role: Resource; statement: Statement }[] {
  return app.ofType('AWS::IAM::Role').filter(mayTrustFederation).flatMap(role => (
    statementsOf(role, 'AssumeRolePolicyDocument')
      .filter(allowsWebIdentity)
      .filter(statement => trustsGitHub(role, statement))
      .map(statement => ({ role, statement }))));
}

/** Few roles trust more than services and accounts, so this test comes first. */
function mayTrustFederation(role: Resource): boolean {
  return asList(role.get('AssumeRolePolicyDocument.Statement')).some(statement => (
    member(statement, 'Condition') !== undefined || member(member(statement, 'Principal'), 'Federated') !== undefined));
}

function allowsWebIdentity({ effect, actions }: Statement): boolean {
  return effect === 'Allow' && actions.some(action => covers(action, 'sts:AssumeRoleWithWebIdentity'));
}

function trustsGitHub(role: Resource, statement: Statement): boolean {
  const federated = member(statement.principals, 'Federated');
  const provider = role.template.app.resourceOf(federated, role);
  return patternOf(federated).includes(ISSUER)
    || patternOf(provider?.get('Url')).includes(ISSUER)
    || conditionsOf(statement).some(({ key }) => key.startsWith(ISSUER));
}
