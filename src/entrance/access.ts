import type { Duration } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { AccessSpec } from './access-spec';
import { requireProps } from '../private/validation';

/**
 * The tokens that `Access.jwt` accepts.
 */
export interface JwtAccessOptions {
  /**
   * The issuer of the tokens: their `iss` claim, an https URL.
   */
  readonly issuer: string;

  /**
   * The audiences of the tokens: their `aud` claim or, if a token has none, `client_id`. 1 to 50 audiences; exactly one
   * for a load balancer, which accepts only a single text as the claim.
   */
  readonly audience: string[];

  /**
   * The URL of the public keys of the issuer. Used only by a load balancer: an HTTP API discovers it.
   *
   * @default - `.well-known/jwks.json` below the issuer
   */
  readonly jwksEndpoint?: string;
}

/**
 * The identity sources of `Access.lambdaAuthorizer`, and how long its results are cached.
 */
export interface LambdaAuthorizerAccessOptions {
  /**
   * The headers that identify the caller. A request without all of them receives 401, and the authorizer is not invoked.
   *
   * @default ['Authorization']
   */
  readonly headers?: string[];

  /**
   * The query strings that identify the caller, in addition to the headers.
   *
   * @default - none
   */
  readonly queryStrings?: string[];

  /**
   * How long a result is cached for the same caller, method and route. 0 to 3,600 seconds; 0 disables caching.
   *
   * @default Duration.minutes(5)
   */
  readonly resultsCacheTtl?: Duration;
}

/**
 * Why callers of a route are not authenticated.
 */
export interface UnauthenticatedAccessOptions {
  /**
   * What protects the route instead of authentication, such as a signature that the handler verifies. Must not be empty.
   */
  readonly reason: string;
}

/**
 * Who may call a route. There is no default, and a route without authentication requires a reason.
 *
 * Scopes are set for each route (`EntranceRoute.scopes`).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 * @example
 * declare const pay: ProductionFunction;
 * new HttpEntrance(this, 'Api', {
 *   access: Access.jwt({ issuer: 'https://login.example.com', audience: ['payments'] }),
 *   routes: [
 *     { method: apigwv2.HttpMethod.POST, path: '/payments', function: pay, scopes: ['payments:write'] },
 *     {
 *       method: apigwv2.HttpMethod.POST, path: '/webhook', function: pay,
 *       access: Access.unauthenticated({ reason: 'the provider signs each call; the handler checks the signature' }),
 *     },
 *   ],
 * });
 */
export class Access {
  /**
   * Callers with a JSON Web Token of one issuer for one of the audiences. RSA signatures only. The public keys of the
   * issuer are cached for up to two hours, so the old and the new key must overlap during rotation. HTTP API and load balancer.
   *
   * @param options Issuer and audience
   */
  public static jwt(options: JwtAccessOptions): Access {
    requireProps('Access.jwt', options, 'issuer', 'audience');
    const { issuer, jwksEndpoint } = options;
    return new Access({
      kind: 'jwt', issuer, audience: [...options.audience], jwksEndpoint: jwksEndpoint ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    });
  }

  /**
   * Callers with a token of an Amazon Cognito user pool, issued for one of its app clients. HTTP API, REST API and, with one
   * client, load balancer. A REST API accepts ID tokens of every client of the pool, with a warning, unless the route has
   * scopes.
   *
   * @param userPool The user pool
   * @param clients The app clients of the callers; at least one
   */
  public static userPool(userPool: cognito.IUserPool, clients: cognito.IUserPoolClient[]): Access {
    return new Access({ kind: 'userPool', userPool, clients: [...clients] });
  }

  /**
   * Callers that sign requests with AWS credentials (Signature Version 4). `HttpEntrance.grantInvoke` grants them the
   * permission. HTTP API, REST API and function URL.
   */
  public static iam(): Access {
    return new Access({ kind: 'iam' });
  }

  /**
   * Callers that a Lambda authorizer admits. HTTP API and REST API.
   *
   * API Gateway waits 10 seconds for the authorizer, so its timeout must not be longer. With an HTTP API the function returns
   * the simple response (`{ isAuthorized: true }`), with a REST API an IAM policy. Results are cached for each caller,
   * method and route: a cached result for one route never admits a caller to another route.
   *
   * @param fn The authorizer
   * @param options Identity sources and caching
   */
  public static lambdaAuthorizer(fn: lambda.IFunction, options: LambdaAuthorizerAccessOptions = {}): Access {
    return new Access({
      kind: 'lambdaAuthorizer',
      function: fn,
      headers: [...options.headers ?? ['Authorization']],
      queryStrings: [...options.queryStrings ?? []],
      resultsCacheTtl: options.resultsCacheTtl,
    });
  }

  /**
   * No authentication. Requires a reason, which the cdk-nag report shows beside the finding that it acknowledges.
   *
   * @param options The reason why callers are not authenticated
   */
  public static unauthenticated(options: UnauthenticatedAccessOptions): Access {
    requireProps('Access.unauthenticated', options, 'reason');
    return new Access({ kind: 'unauthenticated', reason: options.reason });
  }

  private constructor(
    /** @internal */
    public readonly _spec: AccessSpec,
  ) { }
}
