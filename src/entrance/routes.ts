import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';
import type { EntranceRoute } from './entrance-route';
import { readOpenApi } from './open-api-document';
import { OpenApiRoutes } from './open-api-routes';

/**
 * How an OpenAPI document becomes routes.
 */
export interface OpenApiOptions {
  /**
   * What the security schemes of the document stand for, by their names. A scheme that carries AWS's own extensions
   * (`x-amazon-apigateway-authorizer` of type jwt, `x-amazon-apigateway-authtype: awsSigv4`) needs no entry.
   *
   * @default - only schemes with AWS's extensions
   */
  readonly access?: { [securityScheme: string]: Access };

  /**
   * What answers the operations that have no handler of their own.
   *
   * @default - every operation needs its handler
   */
  readonly defaultHandler?: lambda.IFunction;

  /**
   * Whether bodies, headers and query strings are checked by the entrance as the document describes them. Only a REST
   * API can; elsewhere say no and let the function check.
   *
   * @default true
   */
  readonly validate?: boolean;
}

/**
 * Routes for an HttpEntrance from elsewhere.
 */
export class Routes {
  /**
   * The operations of an OpenAPI 3 document in JSON or YAML: paths, methods, security, and the schemas of bodies, headers and
   * query strings.
   *
   * - A handler belongs to an operation by its `operationId` or by method and path (`GET /payments/{id}`).
   * - `security` of the document or operation becomes the access of the route, its scopes the scopes where the access is by
   *   JWT or user pool; any other access decides by itself. An operation with an empty `security` is public, and
   *   that the document says so is the reason. Without any `security` the access of the entrance holds.
   * - A JSON body is checked where an operation takes no other, by JSON Schema of draft 4, which API Gateway knows. Keywords beyond it
   *   (`contains`, `if`, `discriminator`, …) are left out, so that more gets through, and the function must still check what they
   *   say. Of headers and query strings it is checked that the required ones are there, if their names are of
   *   letters, digits and `. _ $ -`.
   * - `x-amazon-apigateway-any-method` is a route for every method, named `ANY /payments` among the handlers.
   * - `servers` are not used.
   *
   * Refused: a document of another version; an operation without a handler and a handler without an operation; an
   * unknown security scheme, several schemes at once; the method TRACE and others that no entrance passes on; references out of
   * the document.
   *
   * @param file Path of the document, ending in .json, .yaml or .yml
   * @param handlers What answers each operation
   * @param options What the document can't say
   * @see https://spec.openapis.org/oas/v3.1.1.html
   * @example
   * declare const pay: ProductionFunction;
   * new HttpEntrance(this, 'Api', {
   *   entrance: Entrance.restApi(),
   *   access: Access.iam(),
   *   routes: Routes.fromOpenApi('api/payments.json', { takePayment: pay }),
   * });
   */
  public static fromOpenApi(file: string, handlers: { [operation: string]: lambda.IFunction }, options: OpenApiOptions = {}): EntranceRoute[] {
    return new OpenApiRoutes(readOpenApi(file), handlers, options).all();
  }

  private constructor() { }
}
