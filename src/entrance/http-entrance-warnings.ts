import { Annotations, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { authorizerId } from './access-spec';
import type { Entrance } from './entrance';
import { EntranceKind, isFunctionUrl } from './entrance-capabilities';
import type { RestApiEntranceOptions } from './entrance-props';
import type { HttpEntranceProps } from './http-entrance-props';
import { type ResolvedRoute, routeKey } from './resolved-route';
import { findAuthenticationOverlaps } from './route-overlap';
import type { RouteRegistry } from './route-registry';
import { isTenantIsolated, tenantIdSource } from './tenant-isolation';
import { isBurstBelowRate, resolveThrottle, type Throttle } from './throttle';
import { FUNCTION_URL, HTTP_API, LOAD_BALANCER } from '../aws';
import { withoutDefaults } from '../private/cdk-internals';
import { definitionOf, reservedConcurrencyOf } from '../private/function-definition';
import { warn } from '../private/validation';

/** Not a warning: most REST APIs respond with text. */
const BINARY_RESPONSES = 'a REST API decodes a binary or compressed response only if the first media type of the Accept header is binary, unlike the other entrances; '
  + "set 'binaryMediaTypes' of Entrance.restApi to [] if all bodies are text, or to ['*/*'] if browsers receive such responses: then read 'isBase64Encoded' of requests";

/** The last part of a warning's id, and its message. */
type Warning = readonly [string, string];

/**
 * Adds the warnings of an HttpEntrance. Called at synthesis: until then routes can be added, and overrides and Aspects can
 * change the functions.
 */
export function warnHttpEntrance(scope: Construct, { _spec: { kind, restApi } }: Entrance, props: HttpEntranceProps, registry: RouteRegistry): void {
  const warnings = [
    ...warningsOfProps(props),
    ...warningsOfQuotas(scope, kind, registry),
    ...kind === EntranceKind.LOAD_BALANCER ? findAuthenticationOverlaps(registry.routes).map((message): Warning => ['overlappingAccess', message]) : [],
    ...registry.routes.flatMap(route => warningsOfRoute(kind, route)),
    ...restApi ? warningsOfTenants(restApi, registry) : [],
    ...registry.functions.flatMap(fn => warningsOfFunction(kind, props, fn)),
  ];
  for (const [what, message] of warnings) warn(scope, `HttpEntrance.${what}`, message);
  if (restApi && restApi.binaryMediaTypes === undefined && !props.streaming) Annotations.of(scope).addInfoV2('cdk-production-lambda:HttpEntrance.binaryResponses', BINARY_RESPONSES);
}

function warningsOfProps({ cors, throttle }: HttpEntranceProps): Warning[] {
  const warnings = warningsOfThrottle(resolveThrottle(throttle));
  if (!cors?.allowOrigins?.includes('*')) return warnings;
  return [...warnings, ['corsAnyOrigin', "'allowOrigins' of '*' allows scripts of every web page to read responses; list the origins of your own pages"]];
}

function warningsOfThrottle(throttle: Throttle): Warning[] {
  if (!isBurstBelowRate(throttle)) return [];
  const { rateLimit, burstLimit } = throttle;
  return [['burstBelowRate', `'burstLimit' of ${burstLimit} is below 'rateLimit' of ${rateLimit}, so callers cannot reach the rate; raise the burst to at least the rate`]];
}

function warningsOfQuotas(scope: Construct, kind: EntranceKind, { routes, routeCount }: RouteRegistry): Warning[] {
  const warnings: Warning[] = [];
  const quota = { [EntranceKind.HTTP_API as string]: HTTP_API.routesDefault, [EntranceKind.LOAD_BALANCER]: LOAD_BALANCER.rulesDefault }[kind];
  if (quota !== undefined && routeCount > quota) {
    warnings.push(['routeQuota', `${routeCount} routes exceed the default quota of ${kind}, ${quota}; request a quota increase before you deploy`]);
  }
  const isApi = kind === EntranceKind.HTTP_API || kind === EntranceKind.REST_API;
  const authorizers = new Set(routes.flatMap(({ access }) => access.kind === 'iam' || access.kind === 'unauthenticated' ? [] : [authorizerId(scope, access)])).size;
  if (isApi && authorizers > HTTP_API.authorizersDefault) {
    warnings.push(['authorizerQuota', `${authorizers} authorizers exceed the default quota of ${kind}, ${HTTP_API.authorizersDefault}; `
      + 'use the same Access in several routes, or request a quota increase before you deploy']);
  }
  return warnings;
}

function warningsOfRoute(kind: EntranceKind, route: ResolvedRoute): Warning[] {
  const warnings = route.throttle ? warningsOfThrottle(route.throttle) : [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
  if (kind === EntranceKind.REST_API && route.access.kind === 'userPool' && route.scopes.length === 0) {
    warnings.push(['userPoolClients', `a REST API accepts tokens of every client of the user pool for ${routeKey(route)}, not only of 'clients'; `
      + "require 'scopes' that only these clients have, or use Entrance.httpApi()"]);
  }
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
  if (kind === EntranceKind.CLOUD_FRONT && route.method !== 'GET' && route.method !== 'HEAD') {
    warnings.push(['signedBodies', `callers of ${routeKey(route)} must send the SHA-256 of the body in the header x-amz-content-sha256: `
      + 'CloudFront signs the request but does not read its body']);
  }
  return warnings;
}

function warningsOfTenants(options: RestApiEntranceOptions, { functions }: RouteRegistry): Warning[] {
  const source = tenantIdSource(options);
  const isolated = functions.filter(isTenantIsolated).map(fn => withoutDefaults(fn.node.path));
  if (isolated.length === 0 || Token.isUnresolved(source) || !source.startsWith('method.request.')) return [];
  return [['tenantFromCaller', `callers choose the tenant of ${isolated.join(' and ')}, because 'tenantIdSource' is ${source}; `
    + 'map a value of the authorizer, such as context.authorizer.tenantId or context.authorizer.claims.sub']];
}

function warningsOfFunction(kind: EntranceKind, { throttle, streaming }: HttpEntranceProps, fn: lambda.IFunction): Warning[] {
  const definition = definitionOf(fn);
  if (!definition) return [];
  const path = withoutDefaults(definition.node.path);
  const warnings: Warning[] = [];
  if (streaming && !streamsNatively(definition.runtime)) {
    warnings.push(['streamingRuntime', `'streaming' from ${definition.runtime.name} requires a custom runtime or the Lambda Web Adapter; `
      + 'of the managed runtimes only Node.js supports it natively']);
  }
  const reserved = reservedConcurrencyOf(fn);
  const perConcurrency = FUNCTION_URL.requestsPerSecondPerReservedConcurrency;
  if (isFunctionUrl(kind) && reserved === undefined) {
    warnings.push(['noReservedConcurrency', `a function URL is throttled only by the concurrency of its function; set 'reservedConcurrentExecutions' of ${path} `
      + `(${perConcurrency} requests a second for each)`]);
  }
  const rate = throttle?.rateLimit;
  if (rate !== undefined && reserved !== undefined && rate > reserved * perConcurrency) {
    warnings.push(['rateAboveReserved', `'rateLimit' of ${rate} a second is above the ${reserved * perConcurrency} a second that ${path} supports with its reserved concurrency; `
      + 'lower the rate, so that callers receive 429 and not 5xx']);
  }
  return warnings;
}

function streamsNatively({ family }: lambda.Runtime): boolean {
  return family === undefined || family === lambda.RuntimeFamily.NODEJS || family === lambda.RuntimeFamily.OTHER;
}
