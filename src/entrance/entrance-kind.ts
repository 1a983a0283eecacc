import { refuse } from '../private/validation';

/** What stands before the functions. CloudFront before a function URL can do more than the URL alone. */
export enum EntranceKind {
  FUNCTION_URL = 'a function URL',
  CLOUD_FRONT = 'a function URL behind CloudFront',
  HTTP_API = 'an HTTP API',
  REST_API = 'a REST API',
  LOAD_BALANCER = 'a load balancer',
}

/** What not every entrance can do. */
export enum Ability {
  JWT, USER_POOL, IAM, LAMBDA_AUTHORIZER, SCOPES, ACCESS_PER_ROUTE, SEVERAL_FUNCTIONS, CORS, THROTTLE, VALIDATION,
  API_KEY, STREAMING, DOMAIN, MUTUAL_TLS, WAF, ACCESS_LOG, PRIVATE_NETWORK, STATIC_ADDRESS, INTEGRATION_LATENCY,
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
const ABLE: Record<Ability, readonly EntranceKind[]> = {
  [Ability.JWT]: [HTTP_API, LOAD_BALANCER],
  [Ability.USER_POOL]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.IAM]: [FUNCTION_URL, HTTP_API, REST_API],
  [Ability.LAMBDA_AUTHORIZER]: [HTTP_API, REST_API],
  [Ability.SCOPES]: [HTTP_API, REST_API],
  [Ability.ACCESS_PER_ROUTE]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.SEVERAL_FUNCTIONS]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.CORS]: [FUNCTION_URL, CLOUD_FRONT, HTTP_API, REST_API],
  [Ability.THROTTLE]: [HTTP_API, REST_API],
  [Ability.VALIDATION]: [REST_API],
  [Ability.API_KEY]: [REST_API],
  [Ability.STREAMING]: [FUNCTION_URL, CLOUD_FRONT, REST_API],
  [Ability.DOMAIN]: [CLOUD_FRONT, HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.MUTUAL_TLS]: [HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.WAF]: [CLOUD_FRONT, REST_API, LOAD_BALANCER],
  [Ability.ACCESS_LOG]: [CLOUD_FRONT, HTTP_API, REST_API, LOAD_BALANCER],
  [Ability.PRIVATE_NETWORK]: [REST_API, LOAD_BALANCER],
  [Ability.STATIC_ADDRESS]: [LOAD_BALANCER],
  [Ability.INTEGRATION_LATENCY]: [HTTP_API, REST_API],
};

export function isAble(kind: EntranceKind, ability: Ability): boolean {
  return ABLE[ability].includes(kind);
}

/** The factories of the entrances that can, for a message: `A, B or C`. */
export function ableFactories(ability: Ability): string {
  return inWords(ABLE[ability].map(kind => FACTORIES[kind]), 'or');
}

/** Refuses what the entrance can't do, and names those that can. */
export function requireAble(path: string, kind: EntranceKind, ability: Ability, what: string): void {
  if (!isAble(kind, ability)) refuse(path, `${what} is not possible behind ${kind}; use ${ableFactories(ability)}`);
}

export function inWords(items: readonly string[], conjunction: string): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;
}
