import type { AppGraph } from './app-graph';
import { covers, statementsOf } from './policy';
import type { Statement } from './policy';
import type { Resource } from './resource';
import { asBoolean, asList, asString, hasUnknown, isRecord, member, patternOf, Text, Unknown } from './value';
import type { Value } from './value';

const ENDPOINT_SETTINGS = 'x-amazon-apigateway-endpoint-configuration';
const POLICY = 'x-amazon-apigateway-policy';
const DOMAINS = ['AWS::ApiGatewayV2::DomainName', 'AWS::ApiGateway::DomainName'];
const INVOKE = 'execute-api:Invoke';
/** Ranges of at least half of all addresses. */
const EVERYWHERE = /^(\d+(\.\d+){3}|[\da-f:]*::)\/[01]$/i;
/** The keys of conditions that say nothing about the caller. */
const NOT_ABOUT_CALLERS = /^aws:(SecureTransport|CurrentTime|EpochTime|RequestedRegion)$/i;
/** All resources of an API: of every stage, method and path, or of every method and path of a stage. */
const WHOLE_API = /^\*$|^(arn:[^/]*|execute-api:)\/[^/]+(\/\*)*$|^(arn:[^/]*|execute-api:\/)?\*$/;

/** Whether the API or its OpenAPI document has a resource policy. */
export function hasPolicy(api: Resource): boolean {
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), POLICY);
  return !api.lacks('Policy') || (inBody !== undefined && inBody !== null);
}

/** Whether the resource policy of a REST API admits everyone; an unknown policy does not. */
export function hasOpenPolicy(api: Resource): boolean {
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), POLICY);
  if (api.lacks('Body') ? false : api.get('Body') instanceof Unknown) return false;
  if (api.lacks('Policy') && (inBody === undefined || inBody === null)) return true;
  const policy = api.lacks('Policy') ? inBody : api.get('Policy');
  // an unknown part is no principal, and a value in a condition restricts
  const text = policy instanceof Text
    ? policy.parts.map(part => (typeof part === 'string' ? part : '<unknown>')).join('').trim()
    : asString(policy)?.trim();
  if (text === '') return true;
  const document = text === undefined ? policy : parsed(text);
  if (!isRecord(document)) return false;
  const statements = member(document, 'Statement');
  if (statements === undefined || (Array.isArray(statements) && statements.length === 0)) return true;
  if (document !== policy || api.lacks('Policy')) return isOpen(asList(statements).map(ofValue));
  return isOpen(statementsOf(api, 'Policy').map(ofStatement));
}

function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return Unknown.VALUE;
  }
}

/** Whether only clients with a certificate, or private networks, reach the API. */
export function isPrivate(api: Resource): boolean {
  if (api.isUnknown('EndpointConfiguration') || api.isUnknown('EndpointConfiguration.Types')) return true;
  return api.list('EndpointConfiguration.Types').includes('PRIVATE');
}

/** Whether the default endpoint surely serves the API: neither a property nor the OpenAPI document switches it off. */
export function isDefaultEndpointOn(api: Resource): boolean {
  if (!api.lacks('DisableExecuteApiEndpoint')) return api.boolean('DisableExecuteApiEndpoint') === false;
  const body = api.lacks('Body') ? undefined : api.get('Body');
  // OpenAPI 3 has the settings in its servers
  const servers = member(body, 'servers');
  return [body, ...servers instanceof Unknown ? [servers] : asList(servers)].every(part => (
    asBoolean(member(member(part, ENDPOINT_SETTINGS), 'disableExecuteApiEndpoint') ?? false) === false));
}

/** The domain of a mapping, by a reference or by the same name in the template. */
export function domainOf(mapping: Resource): Resource | undefined {
  const target = mapping.target('DomainName');
  const name = mapping.rawText('DomainName');
  if (target !== undefined || name === undefined) return target;
  return mapping.template.app.ofType(...DOMAINS)
    .find(domain => domain.template === mapping.template && domain.rawText('DomainName') === name);
}

/** Whether every way to the API demands a client certificate. */
export function isBehindMutualTls(app: AppGraph, api: Resource): boolean {
  if (isDefaultEndpointOn(api)) return false;
  const domains = [
    ...app.ofType('AWS::ApiGatewayV2::ApiMapping').filter(mapping => mapping.target('ApiId') === api),
    ...app.ofType('AWS::ApiGateway::BasePathMapping').filter(mapping => mapping.target('RestApiId') === api),
  ].map(domainOf);
  // a domain outside the template may demand certificates
  return domains.every(domain => !domain?.lacks('MutualTlsAuthentication'));
}

/** A statement of a policy, as far as it says who may call. */
interface Access {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly principal: Value;
  readonly condition: Value;
  readonly resources: readonly string[];
}

function ofStatement({ effect, actions, principals, conditions, resources }: Statement): Access {
  return { effect, actions, principal: principals, condition: conditions, resources: resources.map(patternOf) };
}

function ofValue(statement: Value): Access {
  return {
    effect: patternOf(member(statement, 'Effect')),
    actions: asList(member(statement, 'Action')).map(action => patternOf(action).toLowerCase()),
    principal: member(statement, 'Principal'),
    condition: member(statement, 'Condition'),
    resources: asList(member(statement, 'Resource')).map(patternOf),
  };
}

function isOpen(statements: Access[]): boolean {
  const about = statements.filter(({ actions }) => actions.some(action => covers(action, INVOKE)));
  const isKnown = ({ effect, actions }: Access) => ['Allow', 'Deny'].includes(effect) && actions.length > 0;
  if (!statements.every(isKnown)) return false;
  const open = about.filter(({ effect, principal, condition }) => (
    effect === 'Allow' && isEveryone(principal) && !restricts(condition)));
  const denials = about.filter(denial => denial.effect === 'Deny' && excludes(denial));
  if (denials.length === 0) return open.length > 0;
  // several denials of parts may cover the API together
  return denials.length === 1 && isAboutPart(denials[0]) && open.some(({ resources }) => resources.some(isWholeApi));
}

function isAboutPart({ resources }: Access): boolean {
  return resources.length === 1 && !isWholeApi(resources[0]);
}

function isWholeApi(resource: string): boolean {
  return WHOLE_API.test(resource);
}

function isEveryone(principal: Value): boolean {
  return principal === '*' || asList(member(principal, 'AWS')).includes('*');
}

/** Whether the condition admits only some callers. */
function restricts(condition: Value): boolean {
  if (condition === undefined || condition === null) return false;
  if (!isRecord(condition) || hasUnknown(condition)) return true;
  const values = Object.values(condition).flatMap(test => (isRecord(test) ? Object.entries(test) : []))
    .filter(([key]) => !NOT_ABOUT_CALLERS.test(key)).map(([, value]) => asList(value));
  return values.some(list => list.length > 0 && !list.some(value => EVERYWHERE.test(patternOf(value))));
}

/** Whether the denial leaves some callers only: a list of callers to reject leaves everyone else. */
function excludes({ principal, condition }: Access): boolean {
  if (condition === undefined || condition === null) return !isEveryone(principal);
  if (!isRecord(condition)) return true;
  return Object.keys(condition).some(operator => /Not|Null/.test(operator)) && restricts(condition);
}
