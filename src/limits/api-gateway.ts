/**
 * Quotas of API Gateway HTTP APIs.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const HTTP_API = {
  /** The longest an HTTP API waits for an integration; can't be raised. */
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
  /** The longest a REST API waits for an integration, unless AWS has raised the quota of a regional or private API. */
  integrationTimeoutDefaultSeconds: 29,
  /** The longest a streamed response takes. */
  streamedResponseMaxSeconds: 900,
} as const;

/**
 * What API Gateway allows a Lambda authorizer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export const API_AUTHORIZER = {
  answerMaxSeconds: 10,
  cacheMinSeconds: 0,
  cacheMaxSeconds: 3_600,
} as const;

/**
 * The bodies of synchronous requests to Lambda, whatever stands in front of it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const LAMBDA_BODY = {
  requestMaxMiB: 6,
  bufferedResponseMaxMiB: 6,
  streamedResponseMaxMiB: 200,
} as const;

/**
 * Function URLs.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
export const FUNCTION_URL = {
  requestsPerSecondPerReservedConcurrency: 10,
} as const;

/**
 * CloudFront in front of a function URL.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const CLOUD_FRONT = {
  /** The longest CloudFront waits for an origin, unless AWS has raised the quota. */
  originResponseTimeoutDefaultMaxSeconds: 120,
} as const;

/**
 * Application Load Balancers in front of Lambda.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const LOAD_BALANCER = {
  /** Request and response alike. */
  bodyMaxMiB: 1,
  /** Can be raised on request. */
  rulesDefault: 100,
  availabilityZonesMin: 2,
  /** What closes a connection on which nothing moves, unless set. */
  idleTimeoutDefaultSeconds: 60,
} as const;

/**
 * What all APIs of an account and region share, unless AWS has raised the quota.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export const API_ACCOUNT = {
  requestsPerSecondDefault: 10_000,
} as const;
