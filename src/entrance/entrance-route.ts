import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';

/**
 * The validation of requests by a REST API.
 */
export interface RouteValidation {
  /**
   * The JSON Schema (draft 4) of the body, for every content type.
   *
   * @default - any body
   */
  readonly body?: apigateway.JsonSchema;

  /**
   * The names of required headers.
   *
   * @default - none
   */
  readonly headers?: string[];

  /**
   * The names of required query strings.
   *
   * @default - none
   */
  readonly queryStrings?: string[];
}

/**
 * A route of an HttpEntrance: a method and a path, and the function that they invoke.
 */
export interface EntranceRoute {
  /**
   * The path, starting with a slash. `{id}` matches one segment, `{proxy+}` at the end matches one or more. With a load
   * balancer both match any number of segments, so the function must respond with 404 to unknown paths.
   */
  readonly path: string;

  /**
   * The HTTP method.
   *
   * @default HttpMethod.ANY
   */
  readonly method?: apigwv2.HttpMethod;

  /**
   * The function: a ProductionFunction, an alias or any other function. Its timeout must be below the timeout of the
   * entrance.
   */
  readonly function: lambda.IFunction;

  /**
   * Who may call this route. All routes of a function URL have the same access.
   *
   * @default - the access of the entrance
   */
  readonly access?: Access;

  /**
   * Scopes of which a token must have at least one; with access by JWT or user pool, HTTP API and REST API. At most 10.
   *
   * @default - any valid token is accepted
   */
  readonly scopes?: string[];

  /**
   * The rate (requests a second) and burst (concurrent requests) of this route, above which callers receive 429. HTTP API
   * and REST API.
   *
   * @default - the throttle of the entrance
   */
  readonly throttle?: apigwv2.ThrottleSettings;

  /**
   * The validation of requests. An invalid request receives 400 with the reason, and the function is not invoked. REST API
   * only.
   *
   * @default - the entrance does not validate requests
   */
  readonly validation?: RouteValidation;

  /**
   * Whether callers must send an API key of a usage plan. API keys identify clients for their quotas; they do not
   * authenticate callers. REST API only.
   *
   * @default false
   */
  readonly apiKeyRequired?: boolean;
}
