import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { METHODS_EXCEPT_OPTIONS } from './cors';
import { Capability, EntranceKind, factoriesWith, isFunctionUrl, requireCapability } from './entrance-capabilities';
import { type ResolvedRoute, routeKey, routeSignature } from './resolved-route';
import { ProductionFunction } from '../function';
import { resourcesBelow } from '../private/event-sources';
import { refuse } from '../private/validation';

/** The routes of one entrance. Each new route is compared with the routes before it. */
export class RouteRegistry {
  private readonly registered: ResolvedRoute[] = [];
  private readonly signatures = new Map<string, ResolvedRoute>();
  /** The parameter of each resource of a REST API, by the path before the parameter. */
  private readonly parameters = new Map<string, string>();

  constructor(private readonly path: string, private readonly kind: EntranceKind, private readonly hasCors: boolean) { }

  public get routes(): readonly ResolvedRoute[] {
    return this.registered;
  }

  public get functions(): lambda.IFunction[] {
    return [...new Set(this.registered.map(route => route.function))];
  }

  /** The number of routes in AWS. An HTTP API with CORS has a route for each method instead of a route for ANY. */
  public get routeCount(): number {
    const expanded = this.registered.flatMap(({ method, path }) => (this.kind === EntranceKind.HTTP_API && this.hasCors && method === 'ANY'
      ? METHODS_EXCEPT_OPTIONS : [method]).map(each => routeSignature(each, path)));
    return new Set(expanded).size;
  }

  /** Registers a route that passed the route validation. Throws an error if it conflicts with another route. */
  public register(route: ResolvedRoute): ResolvedRoute {
    this.checkSignature(route);
    if (this.kind === EntranceKind.REST_API) this.checkParameters(route.path);
    if (!this.functions.includes(route.function)) this.checkFunction(route);
    this.registered.push(route);
    return route;
  }

  private checkSignature(route: ResolvedRoute): void {
    const signature = routeSignature(route.method, route.path);
    const present = this.signatures.get(signature);
    if (present?.path === route.path) refuse(this.path, `'routes' must differ in method or path, got ${routeKey(route)} twice; remove one`);
    if (present) {
      refuse(this.path, `'routes' must differ in method or path, got ${routeKey(present)} and ${routeKey(route)}, which match the same requests `
        + 'because the names of parameters do not count; remove one, or change a fixed part of its path');
    }
    this.signatures.set(signature, route);
  }

  /** A REST API has a resource for each path segment, and a resource can have only one parameter below it. */
  private checkParameters(path: string): void {
    for (const { index, 0: parameter } of path.matchAll(/\{[^}]+\}/g)) {
      const before = path.slice(0, index);
      const present = this.parameters.get(before) ?? parameter;
      if (present !== parameter) {
        refuse(this.path, `'path' must use one parameter name for one segment of a REST API, got ${parameter} of ${path} beside ${present}; `
          + 'use the same name, or use Entrance.httpApi()');
      }
      this.parameters.set(before, parameter);
    }
  }

  private checkFunction(route: ResolvedRoute): void {
    if (!isFunctionUrl(this.kind)) return;
    if (this.registered.length > 0) requireCapability(this.path, this.kind, Capability.SEVERAL_FUNCTIONS, `'function' of ${routeKey(route)}, a second function,`);
    const url = existingUrlOf(route.function);
    if (url !== undefined) {
      refuse(this.path, `'function' of ${routeKey(route)} must not have a function URL yet, got one at ${url}; `
        + `Lambda supports one for each function or alias, so use that URL, or ${factoriesWith(Capability.SEVERAL_FUNCTIONS)}`);
    }
  }
}

/** The path of the function URL that the app already defines for a function or alias. */
function existingUrlOf(fn: lambda.IFunction): string | undefined {
  const { functionArn } = isAlias(fn) ? fn.version.lambda : fn;
  const qualifiers = qualifiersOf(fn);
  const urls = resourcesBelow(fn.node.root, 'AWS::Lambda::Url') as lambda.CfnUrl[];
  return urls.find(url => url.targetFunctionArn === functionArn && qualifiers.includes(url.qualifier))?.node.scope?.node.path;
}

/** The names of an alias. A ProductionFunction is its live alias, and its `aliasName` is a token. */
function qualifiersOf(fn: lambda.IFunction): (string | undefined)[] {
  const { scope } = fn.node;
  if (fn instanceof ProductionFunction) return [fn.aliasName, fn.live.aliasName];
  if (scope instanceof ProductionFunction && scope.live === fn) return qualifiersOf(scope);
  return [isAlias(fn) ? fn.aliasName : undefined];
}

function isAlias(fn: lambda.IFunction): fn is lambda.IAlias {
  return 'aliasName' in fn;
}
