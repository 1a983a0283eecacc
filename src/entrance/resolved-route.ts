import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Access } from './access';
import type { AccessSpec } from './access-spec';
import type { EntranceRoute, RouteValidation } from './entrance-route';
import { resolveThrottle, type Throttle } from './throttle';

/** A route with the defaults of its entrance filled in. */
export interface ResolvedRoute {
  readonly method: string;
  readonly path: string;
  readonly function: lambda.IFunction;
  readonly access: AccessSpec;
  readonly scopes: string[];
  readonly throttle?: Throttle;
  readonly validation?: RouteValidation;
  readonly apiKeyRequired: boolean;
}

/** Fills in the defaults of a route. */
export function resolveRoute(route: EntranceRoute, defaultAccess: Access): ResolvedRoute {
  return {
    method: route.method ?? apigwv2.HttpMethod.ANY,
    path: route.path,
    function: route.function,
    access: (route.access ?? defaultAccess)._spec,
    scopes: [...route.scopes ?? []],
    throttle: route.throttle && resolveThrottle(route.throttle),
    validation: route.validation,
    apiKeyRequired: route.apiKeyRequired ?? false,
  };
}

/** The method and path of a route, as messages name the route. */
export function routeKey({ method, path }: ResolvedRoute): string {
  return `${method} ${path}`;
}

/** The method and path without the names of the parameters: two routes of the same signature match the same requests. */
export function routeSignature(method: string, path: string): string {
  return `${method} ${path}`.replace(/\{[^}+]+/g, '{');
}
