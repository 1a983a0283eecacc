import type { AppGraph } from './app-graph';
import type { Caller } from './callers';
import type { EventSource } from './event-source';
import type { Target } from './function-target';
import { grantsOf } from './policy';
import type { RoleGrants } from './policy';
import type { Resource } from './resource';
import { asList, isJson, member, patternOf } from './value';
import type { Value } from './value';
import { LAMBDA } from '../../aws';

/** The attribute of an expanded function with the properties of SAM that CloudFormation does not have. */
export const SERVERLESS = 'Serverless';

/** The provisioned concurrency of an alias or version. */
export interface Provisioned {
  readonly resource: Resource;
  /** Undefined if it is not known. */
  readonly amount: number | undefined;
}

/** A resource that configures a function, with the qualifier that it configures. */
export interface Configuration {
  readonly resource: Resource;
  readonly target: Target;
}

/** A function with every resource of the app that belongs to it or invokes it. */
export class LambdaFunction {
  public readonly aliases: Resource[] = [];
  public readonly versions: Resource[] = [];
  public readonly sources: EventSource[] = [];
  public readonly callers: Caller[] = [];
  public readonly permissions: Resource[] = [];
  public readonly asyncConfigs: Configuration[] = [];
  public readonly urls: Configuration[] = [];
  /** The function runs only during a deployment; rules about traffic do not apply. */
  public deployTime = false;

  // many rules read these properties, so they are resolved once
  public readonly timeout: number | undefined;
  public readonly runtime: string;
  public readonly isImage: boolean;
  public readonly reserved: number | undefined;
  public readonly inVpc: boolean;
  public readonly snapStart: boolean;
  public readonly durable: boolean;
  /** Managed Instances have other limits and share execution environments between requests. */
  public readonly managedInstances: boolean;
  public readonly environment: readonly [string, Value][];
  public readonly role: Resource | undefined;
  private provisions?: Provisioned[];
  private served?: Resource[];

  constructor(public readonly app: AppGraph, public readonly resource: Resource) {
    this.timeout = resource.number('Timeout', LAMBDA.timeoutUnsetSeconds);
    this.isImage = resource.string('PackageType') === 'Image'
      || (!resource.lacks('Code.ImageUri') && !resource.isUnknown('Code'));
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

  /** A property of SAM that decides when a version is published; undefined also if the function is not of SAM. */
  public serverless(property: string): unknown {
    const properties = this.resource.raw[SERVERLESS];
    return isJson(properties) ? properties[property] : undefined;
  }

  /** The versions that an alias of the app serves; complete only after the graph is built. */
  public servedVersions(): readonly Resource[] {
    return this.served ??= this.versions
      .filter(version => this.aliases.some(alias => alias.target('FunctionVersion') === version));
  }

  /** The function is for Lambda@Edge: its role trusts edgelambda.amazonaws.com. */
  public get atEdge(): boolean {
    const statements = this.role?.list('AssumeRolePolicyDocument.Statement') ?? [];
    const services = statements.flatMap(statement => asList(member(member(statement, 'Principal'), 'Service')));
    return services.some(service => patternOf(service).startsWith('edgelambda.'));
  }

  public get grants(): RoleGrants | undefined {
    return this.role && grantsOf(this.app, this.role);
  }

  /** The callers that invoke asynchronously. */
  public async(): Caller[] {
    return this.callers.filter(caller => caller.async);
  }

  /** The provisioned concurrency of each alias and version; complete only after the graph is built. */
  public provisioned(): readonly Provisioned[] {
    return this.provisions ??= [...this.aliases, ...this.versions]
      .filter(resource => !resource.lacks('ProvisionedConcurrencyConfig'))
      .map(resource => (
        { resource, amount: resource.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') }));
  }
}
