import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';

/**
 * What a request must look like to reach the function.
 */
export interface RouteValidation {
  /**
   * The JSON Schema (draft 4) of the body, checked whatever content type the request claims.
   *
   * @default - any body
   */
  readonly body?: apigateway.JsonSchema;

  /**
   * Headers that must be there.
   *
   * @default - none
   */
  readonly headers?: string[];

  /**
   * Query strings that must be there.
   *
   * @default - none
   */
  readonly queryStrings?: string[];
}

/**
 * One way through an entrance: a method and a path that lead to a function.
 */
export interface EntranceRoute {
  /**
   * The path, from a slash on. `{id}` stands for one segment, `{proxy+}` at the end for one or more. Behind a load
   * balancer both match any number of segments, so the function must answer 404 to what it doesn't know.
   */
  readonly path: string;

  /**
   * The method.
   *
   * @default HttpMethod.ANY
   */
  readonly method?: apigwv2.HttpMethod;

  /**
   * What answers. A ProductionFunction, an alias or any other function; its timeout must be below the entrance's.
   */
  readonly handler: lambda.IFunction;

  /**
   * Who may call this route. Not behind a function URL, which has one access for all.
   *
   * @default - the access of the entrance
   */
  readonly access?: Access;

  /**
   * Scopes of which a token must carry at least one; with access by JWT or user pool, on HTTP and REST API. At most 10.
   *
   * @default - none: any valid token
   */
  readonly scopes?: string[];

  /**
   * Requests a second and at once on this route, above which callers get 429. HTTP and REST API.
   *
   * @default - the throttle of the entrance
   */
  readonly throttle?: apigwv2.ThrottleSettings;

  /**
   * What a request must look like; anything else gets 400 with the reason and no function runs. REST API only.
   *
   * @default - the function checks
   */
  readonly validation?: RouteValidation;

  /**
   * Whether callers must send an API key of a usage plan. A key tells clients apart for their quotas; it is no access
   * control. REST API only.
   *
   * @default false
   */
  readonly apiKeyRequired?: boolean;
}
