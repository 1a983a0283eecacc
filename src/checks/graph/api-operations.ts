import type { AppGraph } from './app-graph';
import type { Resource } from './resource';
import { asList, asNumber, asString, isRecord, member, Unknown } from './value';
import type { Value } from './value';

const METHODS = new Set([
  'get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'x-amazon-apigateway-any-method',
]);
const API_TYPES = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'];

/** An operation of the OpenAPI document of an API. */
export interface ApiOperation {
  readonly api: Resource;
  /** In the form `POST /pay`. */
  readonly name: string;
  /** In lower case. */
  readonly method: string;
  readonly property: string;
  readonly integration: Value;
  /** Whether an authorizer, IAM or an API key is required; undefined if it is not known. */
  readonly secured: boolean | undefined;
  /** The names of the security schemes that the operation requires, as far as they are known. */
  readonly schemes: readonly string[];
  /** @default - the maximum of the API */
  readonly timeoutSeconds?: number;
}

/** The operations in the documents of all APIs. */
export function operationsOf(app: AppGraph): readonly ApiOperation[] {
  return app.view(compute);
}

function compute(app: AppGraph): ApiOperation[] {
  return app.ofType(...API_TYPES).flatMap(api => (api.lacks('Body') ? [] : operationsIn(api)));
}

function operationsIn(api: Resource): ApiOperation[] {
  const body = api.get('Body');
  const paths = member(body, 'paths');
  if (!isRecord(body) || !isRecord(paths)) return [];
  return Object.entries(paths).flatMap(([path, item]) => (isRecord(item) ? Object.entries(item) : [])
    .filter(([method, operation]) => METHODS.has(method.toLowerCase()) && isRecord(operation))
    .map(([method, operation]) => {
      const integration = member(operation, 'x-amazon-apigateway-integration');
      const milliseconds = asNumber(member(integration, 'timeoutInMillis'));
      return {
        api,
        name: `${method.startsWith('x-') ? 'ANY' : method.toUpperCase()} ${path}`,
        method: method.toLowerCase(),
        property: `Body.paths.${path}.${method}`,
        integration,
        secured: isSecured(body, operation, api.type === API_TYPES[0]),
        schemes: asList(securityOf(body, operation)).flatMap(demand => (isRecord(demand) ? Object.keys(demand) : [])),
        timeoutSeconds: milliseconds === undefined ? unsetTimeout(integration) : milliseconds / 1_000,
      };
    }));
}

/** AWS documents no default for a streamed response, whose timeout is at most 15 minutes. */
function unsetTimeout(integration: Value): number | undefined {
  const mode = member(integration, 'responseTransferMode');
  return mode === undefined || asString(mode)?.toUpperCase() === 'BUFFERED' ? undefined : Infinity;
}

function isSecured(body: Value, operation: Value, isRest: boolean): boolean | undefined {
  const type = member(member(operation, 'x-amazon-apigateway-auth'), 'type');
  if (type !== undefined) return asString(type) === undefined ? undefined : asString(type)!.toUpperCase() !== 'NONE';
  const security = securityOf(body, operation);
  if (security === undefined || security === null) return false;
  if (!Array.isArray(security)) return undefined;
  if (security.some(requirement => requirement instanceof Unknown)) return undefined;
  const schemes = [member(member(body, 'components'), 'securitySchemes'), member(body, 'securityDefinitions')];
  const demanding = security.filter(requirement => isDemanding(requirement, schemes, isRest)).length;
  // a REST API combines an authorizer and an API key, and knows no alternatives
  return isRest ? demanding > 0 : demanding > 0 && demanding === security.length;
}

function securityOf(body: Value, operation: Value): Value {
  return member(operation, 'security') ?? member(body, 'security');
}

/** Whether the requirement names a security scheme. SAM writes NONE for a route without an authorizer. */
function isDemanding(requirement: Value, schemes: Value[], isRest: boolean): boolean {
  return isRecord(requirement) && Object.keys(requirement)
    .some(name => name !== 'NONE' && !schemes.some(map => isIgnored(member(map, name), isRest)));
}

/**
 * API Gateway ignores a scheme without an extension that names the authorizer or its kind. The exception is an API key,
 * which only REST APIs have.
 */
function isIgnored(scheme: Value, isRest: boolean): boolean {
  const type = asString(member(scheme, 'type'))?.toLowerCase() ?? '';
  return isRecord(scheme) && ['http', 'oauth2', 'openidconnect', ...isRest ? [] : ['apikey']].includes(type)
    && !Object.keys(scheme).some(key => key.startsWith('x-amazon-apigateway-'));
}
