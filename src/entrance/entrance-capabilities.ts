import { refuse } from '../private/validation';

/** The kinds of entrance. A function URL has more capabilities behind CloudFront, so it counts as two kinds. */
export enum EntranceKind {
  FUNCTION_URL = 'a function URL',
  CLOUD_FRONT = 'a function URL behind CloudFront',
  HTTP_API = 'an HTTP API',
  REST_API = 'a REST API',
  LOAD_BALANCER = 'a load balancer',
}

/** Capabilities that only some kinds of entrance have. */
export enum Capability {
  JWT, USER_POOL, IAM, LAMBDA_AUTHORIZER, SCOPES, ACCESS_PER_ROUTE, SEVERAL_FUNCTIONS, CORS, THROTTLE, VALIDATION,
  API_KEY, STREAMING, DOMAIN, MUTUAL_TLS, WAF, ACCESS_LOG, LOG_ENCRYPTION_KEY, PRIVATE_NETWORK, STATIC_ADDRESS, INTEGRATION_LATENCY,
}

const { FUNCTION_URL, CLOUD_FRONT, HTTP_API, REST_API, LOAD_BALANCER } = EntranceKind;

const FACTORIES: Record<EntranceKind, string> = {
  [FUNCTION_URL]: 'Entrance.functionUrl()',
  [CLOUD_FRONT]: 'Entrance.functionUrl({ cloudFront: true })',
  [HTTP_API]: 'Entrance.httpApi()',
  [REST_API]: 'Entrance.restApi()',
  [LOAD_BALANCER]: 'Entrance.loadBalancer()',
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html */
const SUPPORTED_BY: Record<Capability, readonly EntranceKind[]> = {
  [Capability.JWT]: [HTTP_API, LOAD_BALANCER],
  [Capability.USER_POOL]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Capability.IAM]: [FUNCTION_URL, HTTP_API, REST_API],
  [Capability.LAMBDA_AUTHORIZER]: [HTTP_API, REST_API],
  [Capability.SCOPES]: [HTTP_API, REST_API],
  [Capability.ACCESS_PER_ROUTE]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Capability.SEVERAL_FUNCTIONS]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Capability.CORS]: [FUNCTION_URL, CLOUD_FRONT, HTTP_API, REST_API],
  [Capability.THROTTLE]: [HTTP_API, REST_API],
  [Capability.VALIDATION]: [REST_API],
  [Capability.API_KEY]: [REST_API],
  [Capability.STREAMING]: [FUNCTION_URL, CLOUD_FRONT, REST_API],
  [Capability.DOMAIN]: [CLOUD_FRONT, HTTP_API, REST_API, LOAD_BALANCER],
  [Capability.MUTUAL_TLS]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Capability.WAF]: [CLOUD_FRONT, REST_API, LOAD_BALANCER],
  [Capability.ACCESS_LOG]: [CLOUD_FRONT, HTTP_API, REST_API, LOAD_BALANCER],
  // Load balancers can write only to buckets that Amazon S3 encrypts with its own keys.
  [Capability.LOG_ENCRYPTION_KEY]: [HTTP_API, REST_API],
  [Capability.PRIVATE_NETWORK]: [REST_API, LOAD_BALANCER],
  [Capability.STATIC_ADDRESS]: [LOAD_BALANCER],
  [Capability.INTEGRATION_LATENCY]: [HTTP_API, REST_API],
};

export function supports(kind: EntranceKind, capability: Capability): boolean {
  return SUPPORTED_BY[capability].includes(kind);
}

/** The factories of the entrances that have a capability, for a message: `A, B or C`. */
export function factoriesWith(capability: Capability): string {
  return joinWords(SUPPORTED_BY[capability].map(kind => FACTORIES[kind]), 'or');
}

/** Throws an error if the entrance lacks a capability. The message names the entrances that have it. */
export function requireCapability(path: string, kind: EntranceKind, capability: Capability, what: string): void {
  if (!supports(kind, capability)) refuse(path, `${what} is not supported by ${kind}; use ${factoriesWith(capability)}`);
}

export function isFunctionUrl(kind: EntranceKind): boolean {
  return kind === FUNCTION_URL || kind === CLOUD_FRONT;
}

export function joinWords(items: readonly string[], conjunction: string): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;
}
