import type { AppGraph } from './app-graph';
import { LambdaFunction } from './lambda-function';
import type { Resource } from './resource';
import { Reference, Text, Unknown, asString, patternOf } from './value';
import type { Value } from './value';

const FUNCTION = 'AWS::Lambda::Function';
const ALIAS = 'AWS::Lambda::Alias';
const VERSION = 'AWS::Lambda::Version';
export const LATEST = '$LATEST';

/** The function and the qualifier that an ARN or a name refers to. */
export interface Target {
  /** @default - not part of the app */
  readonly function?: LambdaFunction;
  /** @default - not an alias of the app */
  readonly alias?: Resource;
  /** @default - not a version of the app */
  readonly version?: Resource;
  /**
   * `$LATEST`, an alias name or a version.
   *
   * @default - not known
   */
  readonly qualifier?: string;
}

/** Finds a target while the functions of the graph are built: its function may not have its callers and sources yet. */
export function findTarget(app: AppGraph, value: Value, from: Resource): Target {
  return find(app, app.view(functionsByResource), value, from);
}

/** The target of a resource with a separate property for the qualifier. */
export function qualifiedTarget(app: AppGraph, fn: LambdaFunction, resource: Resource, qualifier: Value): Target {
  const named = findTarget(app, qualifier, resource);
  if (named.alias || named.version) return named;
  const name = asString(qualifier);
  return name === undefined ? { function: fn } : withQualifier(fn, name);
}

/** Whether some resource of the type may belong to any function: only the deployment knows which one. */
export function hasStray(app: AppGraph, type: string): boolean {
  return app.ofType(type).map(resource => resource.get('FunctionName'))
    .some(name => name instanceof Unknown || (name instanceof Text && name.references.length === 0));
}

/** Every function with its aliases, which is enough to resolve a reference. */
export function functionsByResource(app: AppGraph): Map<Resource, LambdaFunction> {
  const functions = new Map(app.ofType(FUNCTION).map(resource => [resource, new LambdaFunction(app, resource)]));
  for (const alias of app.ofType(ALIAS)) functionOf(app, functions, alias)?.aliases.push(alias);
  return functions;
}

function find(app: AppGraph, functions: Map<Resource, LambdaFunction>, value: Value, from: Resource): Target {
  const resource = resourceOf(app, value, from);
  if (resource?.type === ALIAS) {
    return { function: functionOf(app, functions, resource), alias: resource, qualifier: resource.string('Name') };
  }
  const direct = resource?.type === FUNCTION ? functions.get(resource) : undefined;
  if (direct) return qualified(direct, value);
  if (resource?.type === VERSION) {
    return { function: functionOf(app, functions, resource), version: resource, qualifier: '' };
  }
  return typeof value === 'string' || value instanceof Text ? byName(app, functions, patternOf(value), from) : {};
}

function resourceOf(app: AppGraph, value: Value, from: Resource): Resource | undefined {
  if (value instanceof Reference) return value.resource;
  return app.resourceOf(value, from, ALIAS)
    ?? app.resourceOf(value, from, VERSION)
    ?? app.resourceOf(value, from, FUNCTION);
}

function functionOf(
  app: AppGraph, functions: Map<Resource, LambdaFunction>, owned: Resource,
): LambdaFunction | undefined {
  const resource = app.resourceOf(owned.get('FunctionName'), owned, FUNCTION);
  return resource && functions.get(resource);
}

/** The target of a text such as `<function>:live`, which contains a reference to the function. */
function qualified(fn: LambdaFunction, value: Value): Target {
  if (!(value instanceof Text)) return withQualifier(fn, literalQualifier(patternOf(value)) ?? LATEST);
  const place = value.parts.findIndex(part => part instanceof Reference && part.resource === fn.resource);
  const next = value.parts[place + 1];
  if (place < 0) return withQualifier(fn, literalQualifier(value.pattern) ?? LATEST);
  if (next !== undefined && typeof next !== 'string') return { function: fn };
  if (!next?.startsWith(':')) return withQualifier(fn, LATEST);
  const name = /^:([\w$-]+)/.exec(next)?.[1];
  const version = value.parts[place + 2];
  if (name === undefined && version instanceof Reference && version.resource.type === VERSION) {
    return { function: fn, version: version.resource, qualifier: '' };
  }
  return name === undefined ? { function: fn } : withQualifier(fn, name);
}

function byName(app: AppGraph, functions: Map<Resource, LambdaFunction>, text: string, from: Resource): Target {
  const match = /(?:^|:function:)([\w-]+)(?::([\w$-]+))?(?:\/invocations)?$/.exec(text);
  const resource = match && app.resourceOf(match[1], from, FUNCTION);
  const fn = resource && functions.get(resource);
  return fn ? withQualifier(fn, match[2] ?? LATEST) : {};
}

function literalQualifier(text: string): string | undefined {
  return /:function:[\w-]+:([\w$-]+)/.exec(text)?.[1] ?? /^[\w-]+:([\w$-]+)$/.exec(text)?.[1];
}

function withQualifier(fn: LambdaFunction, qualifier: string): Target {
  const alias = fn.aliases.find(candidate => candidate.string('Name') === qualifier);
  return { function: fn, alias, qualifier };
}
