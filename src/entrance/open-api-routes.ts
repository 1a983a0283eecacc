import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { EntranceRoute } from './entrance-route';
import { readOpenApi } from './open-api-document';
import { OpenApiRouteReader } from './open-api-route-reader';
import type { OpenApiOptions } from './open-api-routes-props';
import { refuse } from '../private/validation';

/**
 * The routes of an OpenAPI document.
 */
export class OpenApiRoutes {
  /**
   * Reads the operations of an OpenAPI 3 document in JSON or YAML: paths, methods, security, and the schemas of bodies,
   * headers and query strings.
   *
   * - The function of an operation is found by its `operationId`, or by method and path (`GET /payments/{id}`).
   * - `security` of the operation or document selects the access of the route. Its scopes become the scopes of the route if
   *   the access is by JWT or user pool. An operation with an empty `security` is not authenticated, and its reason is that
   *   the document declares it. Without any `security` the route has the access of the entrance.
   * - A JSON body is validated if the operation accepts no other content type, against JSON Schema draft 4, which API Gateway
   *   supports. Keywords that draft 4 does not have (`contains`, `if`, `discriminator`, …) are omitted: the schema then accepts
   *   more requests, and the function must check the keywords itself. Required headers and query strings are validated if
   *   their names contain only letters, digits and `. _ $ -`.
   * - `x-amazon-apigateway-any-method` is a route for every method, with the name `ANY /payments` among the functions.
   * - `servers` are ignored.
   *
   * Throws an error for a document of another version, an operation without a function, a function without an operation, an
   * unknown security scheme, several schemes for one operation, the method TRACE and other methods that entrances do not
   * support, and references to other documents.
   *
   * @param file Path of the document, with the extension .json, .yaml or .yml
   * @param functions The function of each operation
   * @param options Access and validation
   * @see https://spec.openapis.org/oas/v3.1.1.html
   * @example
   * declare const pay: ProductionFunction;
   * new HttpEntrance(this, 'Api', {
   *   entrance: Entrance.restApi(),
   *   access: Access.iam(),
   *   routes: OpenApiRoutes.fromFile('api/payments.json', { 'takePayment': pay }),
   * });
   */
  public static fromFile(file: string, functions: { [operation: string]: lambda.IFunction }, options: OpenApiOptions = {}): EntranceRoute[] {
    try {
      return new OpenApiRouteReader(readOpenApi(file), functions, options).all();
    } catch (error) {
      const { message } = error as Error;
      if (message.endsWith(`(at ${file})`)) throw error;
      return refuse(file, `'file' must be a valid OpenAPI document, but could not be read: ${message}; correct it with an OpenAPI validator`);
    }
  }

  private constructor() { }
}
