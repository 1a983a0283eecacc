import type { Duration } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { AccessSpec } from './access-spec';

/**
 * Which tokens `Access.jwt` accepts.
 */
export interface JwtAccessOptions {
  /**
   * Who must have issued the token: its `iss` claim, an https URL.
   */
  readonly issuer: string;

  /**
   * For whom the token must have been issued: its `aud` claim (or, where that is missing, `client_id`). 1 to 50;
   * exactly one behind a load balancer, where the claim must be a single text.
   */
  readonly audience: string[];

  /**
   * Where the keys are that sign the tokens. Used behind a load balancer only; an HTTP API finds them by itself.
   *
   * @default - `.well-known/jwks.json` below the issuer
   */
  readonly jwksEndpoint?: string;
}

/**
 * Which callers `Access.lambdaAuthorizer` asks about.
 */
export interface LambdaAuthorizerAccessOptions {
  /**
   * The headers that say who calls. A request without all of them is answered with 401 and never reaches the authorizer.
   *
   * @default ['Authorization']
   */
  readonly headers?: string[];

  /**
   * The query strings that say who calls, beside the headers.
   *
   * @default - none
   */
  readonly queryStrings?: string[];

  /**
   * How long an answer is kept for the same caller, method and route. 0 to 3,600 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly resultsCacheTtl?: Duration;
}

/**
 * Who may call a route. It must be chosen: there is no default, and open to everybody needs a reason.
 *
 * Scopes are asked for route by route (`EntranceRoute.scopes`).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
 * @example
 * declare const pay: ProductionFunction;
 * new HttpEntrance(this, 'Api', {
 *   access: Access.jwt({ issuer: 'https://login.example.com', audience: ['payments'] }),
 *   routes: [
 *     { method: apigwv2.HttpMethod.POST, path: '/payments', handler: pay, scopes: ['payments:write'] },
 *     {
 *       method: apigwv2.HttpMethod.POST, path: '/webhook', handler: pay,
 *       access: Access.publicBecause('the provider signs each call; the handler checks the signature'),
 *     },
 *   ],
 * });
 */
export class Access {
  /**
   * Callers with a JSON Web Token of one issuer for one of the audiences. RSA signatures only. The keys of the issuer
   * are kept for up to two hours, so rotate them with an overlap. HTTP API and load balancer.
   *
   * @param options Issuer and audience
   */
  public static jwt(options: JwtAccessOptions): Access {
    const { issuer, jwksEndpoint } = options;
    return new Access({
      kind: 'jwt', issuer, audience: [...options.audience], jwksEndpoint: jwksEndpoint ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    });
  }

  /**
   * Callers with a token of an Amazon Cognito user pool, issued for one of its clients. HTTP API, REST API and, with one
   * client, load balancer. A REST API accepts ID tokens of every client of the pool, with a warning, unless the route asks for
   * scopes.
   *
   * @param userPool The user pool
   * @param clients The clients of the pool that callers sign in with; at least one
   */
  public static userPool(userPool: cognito.IUserPool, clients: cognito.IUserPoolClient[]): Access {
    return new Access({ kind: 'userPool', userPool, clients: [...clients] });
  }

  /**
   * Callers that sign with AWS credentials and were granted by `HttpEntrance.grantInvoke`. HTTP API, REST API and
   * function URL.
   */
  public static iam(): Access {
    return new Access({ kind: 'iam' });
  }

  /**
   * Callers that a function of yours lets in. HTTP API and REST API.
   *
   * The function must answer within 10 seconds, so its timeout must not be longer. An HTTP API takes the simple answer
   * (`{ isAuthorized: true }`), a REST API a policy. Answers are kept per caller, method and route: an allow for one
   * route never opens another.
   *
   * @param handler The function that decides
   * @param options How it recognises callers
   */
  public static lambdaAuthorizer(handler: lambda.IFunction, options: LambdaAuthorizerAccessOptions = {}): Access {
    return new Access({
      kind: 'lambdaAuthorizer',
      handler,
      headers: [...options.headers ?? ['Authorization']],
      queryStrings: [...options.queryStrings ?? []],
      resultsCacheTtl: options.resultsCacheTtl,
    });
  }

  /**
   * Everybody, which needs a reason. The reason appears in cdk-nag's report beside the finding that it answers.
   *
   * @param reason Why nobody has to say who they are; must not be empty
   */
  public static publicBecause(reason: string): Access {
    return new Access({ kind: 'public', reason });
  }

  private constructor(
    /** @internal */
    public readonly _spec: AccessSpec,
  ) { }
}
