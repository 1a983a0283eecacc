import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';

/**
 * Options of `OpenApiRoutes.fromFile`.
 */
export interface OpenApiOptions {
  /**
   * The access for each security scheme of the document, by the name of the scheme. A scheme with the extensions of API
   * Gateway (`x-amazon-apigateway-authorizer` of type jwt, `x-amazon-apigateway-authtype: awsSigv4`) needs no entry.
   *
   * @default - only schemes with the extensions of API Gateway
   */
  readonly access?: { [securityScheme: string]: Access };

  /**
   * The function of operations that have no function of their own.
   *
   * @default - every operation must have its own function
   */
  readonly defaultFunction?: lambda.IFunction;

  /**
   * Whether the entrance validates bodies, headers and query strings against the document. Only a REST API supports
   * validation: set `false` for the other entrances, and validate requests in the function.
   *
   * @default true
   */
  readonly validate?: boolean;
}
