import type { AppGraph } from './app-graph';
import { covers, statementsOf } from './policy';
import type { Statement } from './policy';
import type { Resource } from './resource';
import { asList, asString, hasUnknown, isRecord, member, patternOf, Unknown } from './value';
import type { Value } from './value';

const INVOKE = 'execute-api:Invoke';
const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** Whether the resource policy of a REST API admits everyone; an unknown policy does not. */
export function hasOpenPolicy(api: Resource): boolean {
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), 'x-amazon-apigateway-policy');
  if (api.lacks('Body') ? false : api.get('Body') instanceof Unknown) return false;
  if (api.lacks('Policy') && (inBody === undefined || inBody === null)) return true;
  const policy = api.lacks('Policy') ? inBody : api.get('Policy');
  if (asString(policy)?.trim() === '') return true;
  if (!isRecord(policy)) return false;
  const statements = member(policy, 'Statement');
  if (statements === undefined || (Array.isArray(statements) && statements.length === 0)) return true;
  if (api.lacks('Policy')) return isOpen(asList(statements).map(ofValue));
  return isOpen(statementsOf(api, 'Policy').map(ofStatement));
}

/** Whether only clients with a certificate, or private networks, reach the API. */
export function isPrivate(api: Resource): boolean {
  if (api.isUnknown('EndpointConfiguration') || api.isUnknown('EndpointConfiguration.Types')) return true;
  return api.list('EndpointConfiguration.Types').includes('PRIVATE');
}

/** Whether every way to the API demands a client certificate. */
export function isBehindMutualTls(app: AppGraph, api: Resource): boolean {
  if (api.boolean('DisableExecuteApiEndpoint', false) === false) return false;
  const domains = [
    ...app.ofType('AWS::ApiGatewayV2::ApiMapping').filter(mapping => mapping.target('ApiId') === api),
    ...app.ofType('AWS::ApiGateway::BasePathMapping').filter(mapping => mapping.target('RestApiId') === api),
  ].map(mapping => app.resourceOf(mapping.get('DomainName'), mapping));
  // a domain outside the template may demand certificates
  return domains.every(domain => !domain?.lacks('MutualTlsAuthentication'));
}

/** A statement of a policy, as far as it says who may call. */
interface Access {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly principal: Value;
  readonly condition: Value;
}

function ofStatement({ effect, actions, principals, conditions }: Statement): Access {
  return { effect, actions, principal: principals, condition: conditions };
}

function ofValue(statement: Value): Access {
  return {
    effect: patternOf(member(statement, 'Effect')),
    actions: asList(member(statement, 'Action')).map(action => patternOf(action).toLowerCase()),
    principal: member(statement, 'Principal'),
    condition: member(statement, 'Condition'),
  };
}

function isOpen(statements: Access[]): boolean {
  const about = statements.filter(({ actions }) => actions.some(action => covers(action, INVOKE)));
  const isKnown = ({ effect, actions }: Access) => ['Allow', 'Deny'].includes(effect) && actions.length > 0;
  if (!statements.every(isKnown)) return false;
  const letsAll = about.some(({ effect, principal, condition }) => (
    effect === 'Allow' && isEveryone(principal) && !restricts(condition)));
  return letsAll && !about.some(denial => denial.effect === 'Deny' && excludes(denial));
}

function isEveryone(principal: Value): boolean {
  return principal === '*' || asList(member(principal, 'AWS')).includes('*');
}

/** Whether the condition admits only some callers. */
function restricts(condition: Value): boolean {
  if (condition === undefined || condition === null) return false;
  if (!isRecord(condition) || hasUnknown(condition)) return true;
  const values = Object.values(condition)
    .flatMap(test => (isRecord(test) ? Object.values(test).flatMap(asList) : [test]));
  return values.length > 0 && !values.some(value => EVERYWHERE.includes(patternOf(value)));
}

/** Whether the denial leaves some callers only: a list of callers to reject leaves everyone else. */
function excludes({ principal, condition }: Access): boolean {
  if (condition === undefined || condition === null) return !isEveryone(principal);
  if (!isRecord(condition)) return true;
  return Object.keys(condition).some(operator => /Not|Null/.test(operator)) && restricts(condition);
}
