/**
 * Quotas of API Gateway HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const HTTP_API = {
  /** The integration timeout; cannot be raised. */
  integrationTimeoutMaxSeconds: 30,
  /** Can be raised on request. */
  routesDefault: 300,
  /** Can be raised by AWS Support. */
  authorizersDefault: 10,
  audiencesPerAuthorizerMax: 50,
  scopesPerRouteMax: 10,
} as const;

/**
 * Quotas of API Gateway REST APIs.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
export const REST_API = {
  /** The integration timeout; can be raised for Regional and private APIs. */
  integrationTimeoutDefaultSeconds: 29,
  /** The timeout of a streamed response. */
  streamedResponseMaxSeconds: 900,
} as const;

/**
 * Limits of Lambda authorizers.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export const API_AUTHORIZER = {
  /** API Gateway does not wait longer for the result. */
  resultTimeoutMaxSeconds: 10,
  cacheMinSeconds: 0,
  cacheMaxSeconds: 3_600,
} as const;

/**
 * Whether API Gateway can read a header or query string of a name, in request parameters of a REST API and in identity
 * sources of authorizers.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function isParameterName(name: string): boolean {
  return /^[\w.$-]+$/.test(name);
}

/**
 * The quota that all APIs of an account and Region share; can be raised.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export const API_ACCOUNT = {
  requestsPerSecondDefault: 10_000,
} as const;
