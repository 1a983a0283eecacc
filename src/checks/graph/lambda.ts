import type { AppGraph } from './app-graph';
import { callersOf } from './callers';
import type { Caller } from './callers';
import { markDeployTime } from './deploy-time';
import { EventSource } from './event-source';
import { grantsOf } from './policy';
import type { RoleGrants } from './policy';
import type { Resource } from './resource';
import { Reference, Text, Unknown, asList, asNumber, asString, member, patternOf } from './value';
import type { Value } from './value';
import { LAMBDA } from '../../limits';

const FUNCTION = 'AWS::Lambda::Function';
const ALIAS = 'AWS::Lambda::Alias';
const VERSION = 'AWS::Lambda::Version';
export const LATEST = '$LATEST';

/** What an ARN or name of a function means: which function, and which of its qualifiers. */
export interface Target {
  /** @default - none of the app */
  readonly function?: LambdaFunction;
  /** @default - by no alias of the app */
  readonly alias?: Resource;
  /** @default - by no version of the app */
  readonly version?: Resource;
  /**
   * `$LATEST`, an alias name or a version.
   *
   * @default - the template does not tell
   */
  readonly qualifier?: string;
}

interface Provisioned { readonly resource: Resource; readonly amount: number | undefined }

/** A function with everything of the app that hangs on it. */
export class LambdaFunction {
  public readonly aliases: Resource[] = [];
  public readonly versions: Resource[] = [];
  public readonly sources: EventSource[] = [];
  public readonly callers: Caller[] = [];
  public readonly permissions: Resource[] = [];
  public readonly asyncConfigs: { readonly resource: Resource; readonly target: Target }[] = [];
  public readonly urls: { readonly resource: Resource; readonly target: Target }[] = [];
  /** Runs only while a stack is deployed: what makes a function fit for traffic does not apply. */
  public deployTime = false;

  // what most rules ask of each function is read once
  public readonly timeout: number | undefined;
  public readonly runtime: string;
  public readonly isImage: boolean;
  public readonly reserved: number | undefined;
  public readonly inVpc: boolean;
  public readonly snapStart: boolean;
  public readonly durable: boolean;
  /** Managed Instances have other limits and share environments between requests. */
  public readonly managedInstances: boolean;
  public readonly environment: readonly [string, Value][];
  public readonly role: Resource | undefined;
  private provisions?: Provisioned[];

  constructor(public readonly app: AppGraph, public readonly resource: Resource) {
    this.timeout = resource.number('Timeout', LAMBDA.timeoutUnsetSeconds);
    this.isImage = resource.string('PackageType') === 'Image' || (!resource.lacks('Code.ImageUri') && !resource.isUnknown('Code'));
    this.runtime = this.isImage ? '' : resource.string('Runtime') ?? '';
    this.reserved = resource.number('ReservedConcurrentExecutions');
    this.inVpc = resource.list('VpcConfig.SubnetIds').length > 0;
    this.snapStart = resource.string('SnapStart.ApplyOn') === 'PublishedVersions';
    this.durable = resource.get('DurableConfig') !== undefined;
    this.managedInstances = !resource.lacks('CapacityProviderConfig');
    this.environment = resource.entries('Environment.Variables');
    this.role = app.resourceOf(resource.get('Role'), resource, 'AWS::IAM::Role');
  }

  public get path(): string { return this.resource.path; }

  /** CloudFront runs it, in many places and with fewer features: its role trusts the service for it. */
  public get atEdge(): boolean {
    return this.role?.list('AssumeRolePolicyDocument.Statement')
      .some(statement => asList(member(member(statement, 'Principal'), 'Service')).some(service => patternOf(service).startsWith('edgelambda.'))) === true;
  }

  public get grants(): RoleGrants | undefined {
    return this.role && grantsOf(this.app, this.role);
  }

  public async(): Caller[] {
    return this.callers.filter(caller => caller.async);
  }

  /** Provisioned concurrency of each alias and version that has it; to be asked once every resource has found its function. */
  public provisioned(): readonly Provisioned[] {
    return this.provisions ??= [...this.aliases, ...this.versions]
      .filter(resource => !resource.lacks('ProvisionedConcurrencyConfig'))
      .map(resource => ({ resource, amount: resource.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') }));
  }
}

/** Every function of the app that serves traffic. */
export function functionsOf(app: AppGraph): LambdaFunction[] {
  return app.view(serving);
}

/** Those too that run only while a stack is deployed. */
export function allFunctionsOf(app: AppGraph): Iterable<LambdaFunction> {
  return app.view(index).values();
}

function serving(app: AppGraph): LambdaFunction[] {
  return [...app.view(index).values()].filter(fn => !fn.deployTime);
}

/** Whether some resource of the type may belong to any function: which one, only the deployment knows. */
export function hasStray(app: AppGraph, type: string): boolean {
  return app.ofType(type).map(resource => resource.get('FunctionName')).some(name => name instanceof Unknown || (name instanceof Text && name.references.length === 0));
}

export function targetOf(app: AppGraph, value: Value, from: Resource): Target {
  return find(app, app.view(bare), value, from);
}

/** The functions with their aliases: enough to tell what a reference means. */
function bare(app: AppGraph): Map<Resource, LambdaFunction> {
  const functions = new Map(app.ofType(FUNCTION).map(resource => [resource, new LambdaFunction(app, resource)]));
  for (const alias of app.ofType(ALIAS)) functionOf(app, functions, alias)?.aliases.push(alias);
  return functions;
}

function find(app: AppGraph, functions: Map<Resource, LambdaFunction>, value: Value, from: Resource): Target {
  const resource = value instanceof Reference ? value.resource
    : app.resourceOf(value, from, ALIAS) ?? app.resourceOf(value, from, VERSION) ?? app.resourceOf(value, from, FUNCTION);
  if (resource?.type === ALIAS) {
    return { function: functionOf(app, functions, resource), alias: resource, qualifier: resource.string('Name') };
  }
  const direct = resource?.type === FUNCTION ? functions.get(resource) : undefined;
  if (direct) return qualified(direct, value);
  if (resource?.type === VERSION) return { function: functionOf(app, functions, resource), version: resource, qualifier: '' };
  return typeof value === 'string' || value instanceof Text ? byName(app, functions, patternOf(value), from) : {};
}

function functionOf(app: AppGraph, functions: Map<Resource, LambdaFunction>, holder: Resource): LambdaFunction | undefined {
  const resource = app.resourceOf(holder.get('FunctionName'), holder, FUNCTION);
  return resource && functions.get(resource);
}

/** `<function>:live` in a text that carries a reference to the function. */
function qualified(fn: LambdaFunction, value: Value): Target {
  if (!(value instanceof Text)) return withQualifier(fn, literalQualifier(patternOf(value)) ?? LATEST);
  const place = value.parts.findIndex(part => part instanceof Reference && part.resource === fn.resource);
  const next = value.parts[place + 1];
  if (place < 0) return withQualifier(fn, literalQualifier(value.pattern) ?? LATEST);
  if (next !== undefined && typeof next !== 'string') return { function: fn };
  if (!next?.startsWith(':')) return withQualifier(fn, LATEST);
  const name = /^:([\w$-]+)/.exec(next)?.[1];
  const version = value.parts[place + 2];
  if (name === undefined && version instanceof Reference && version.resource.type === VERSION) return { function: fn, version: version.resource, qualifier: '' };
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

function index(app: AppGraph): Map<Resource, LambdaFunction> {
  const functions = app.view(bare);
  const owner = (resource: Resource, property: string) => targetOf(app, resource.get(property), resource).function;
  for (const version of app.ofType(VERSION)) owner(version, 'FunctionName')?.versions.push(version);
  for (const permission of app.ofType('AWS::Lambda::Permission')) owner(permission, 'FunctionName')?.permissions.push(permission);
  for (const resource of app.ofType('AWS::Lambda::EventInvokeConfig')) {
    const fn = owner(resource, 'FunctionName');
    fn?.asyncConfigs.push({ resource, target: byQualifier(app, fn, resource, resource.get('Qualifier')) });
  }
  for (const resource of app.ofType('AWS::Lambda::Url')) {
    const target = targetOf(app, resource.get('TargetFunctionArn'), resource);
    const fn = target.function;
    fn?.urls.push({ resource, target: resource.lacks('Qualifier') ? target : byQualifier(app, fn, resource, resource.get('Qualifier')) });
  }
  for (const resource of app.ofType('AWS::Lambda::EventSourceMapping')) {
    const target = targetOf(app, resource.get('FunctionName'), resource);
    target.function?.sources.push(new EventSource(app, resource, target));
  }
  for (const caller of callersOf(app)) caller.target.function?.callers.push(caller);
  markDeployTime(app);
  return functions;
}

function byQualifier(app: AppGraph, fn: LambdaFunction, resource: Resource, qualifier: Value): Target {
  const named = targetOf(app, qualifier, resource);
  if (named.alias || named.version) return named;
  const name = asString(qualifier);
  return name === undefined ? { function: fn } : withQualifier(fn, name);
}

/** The sum, when every part of it is known. */
export function sum(values: (number | undefined)[]): number | undefined {
  return values.every(value => value !== undefined) ? values.reduce((total, value) => total + asNumber(value)!, 0) : undefined;
}
