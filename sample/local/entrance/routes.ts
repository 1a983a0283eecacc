import type { TokenRules } from './tokens';
import type { AssembledStack } from '../../../testing/src';

/** A route of the template's HTTP API. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly functionId: string;
  readonly scopes: readonly string[];
  /** Absent for a route without authorization. */
  readonly token?: TokenRules;
}

/** Reads the routes of an HTTP API, each with its authorizer and the function behind it. */
export function routesOf(stack: AssembledStack, functionOf: (uri: string) => string): Route[] {
  return stack.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties: route = {} }]) => {
    const [method, path] = String(route.RouteKey).split(' ');
    const integration = stack.resource(idsIn(route.Target).find(id => stack.resource(id).Type === 'AWS::ApiGatewayV2::Integration')!);
    const authorizer = route.AuthorizerId && stack.resource(idsIn(route.AuthorizerId)[0]).Properties!;
    if (authorizer && authorizer.AuthorizerType !== 'JWT') throw new Error(`${route.RouteKey}: an authorizer of type ${authorizer.AuthorizerType} can't be run here`);
    const jwt = authorizer && stack.resolve(authorizer.JwtConfiguration);
    return {
      method: method === '$default' ? 'ANY' : method,
      path: path ?? '$default',
      functionId: functionOf(stack.resolve(integration.Properties!.IntegrationUri)),
      scopes: route.AuthorizationScopes ?? [],
      token: jwt && { issuer: jwt.Issuer, audience: jwt.Audience },
    };
  });
}

/** The ids that a value of the template refers to. */
function idsIn(value: any): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof value.Ref === 'string') return [value.Ref];
  return Object.values(value).flatMap(idsIn);
}

/** The route of a request, with its path parameters: the most specific one, as API Gateway chooses. */
export function match(routes: readonly Route[], method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
  const found = routes.flatMap(route => {
    if (route.method !== 'ANY' && route.method !== method) return [];
    if (route.path === '$default') return [{ route, parameters: {}, braces: Infinity }];
    const names: string[] = [];
    const pattern = route.path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
      names.push(name);
      return greedy ? '(.+)' : '([^/]+)';
    });
    const values = new RegExp(`^${pattern}$`).exec(path)?.slice(1);
    if (!values) return [];
    const parameters = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(values[i])]));
    return [{ route, parameters, braces: names.length }];
  });
  return found.sort((a, b) => a.braces - b.braces)[0];
}
