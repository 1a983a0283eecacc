import { CfnResource, type IResolvable, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { endpointOf, isDelivery, isPolling, isReadByDataApi, type ServiceEndpoint } from '../aws';
import { referentIn, referentOf } from '../private/event-sources';
import { definitionOf } from '../private/function-definition';
import { isElsewhere } from '../private/region-of-arn';

/** One action on one resource that a role is allowed. */
interface Granted {
  readonly action: string;
  /** The resource, if this app defines it. */
  readonly target?: CfnResource;
  /** The account in the ARN. */
  readonly account?: string;
  /** The Region in the ARN. */
  readonly region?: string;
}

/** The services that the code of a function calls, according to the permissions of its role. */
export interface FunctionServices {
  readonly endpoints: ReadonlySet<ServiceEndpoint>;
  /** Services without a known endpoint, by the prefix of their actions. */
  readonly unknown: ReadonlySet<string>;
  /** The accounts in the ARNs of the resources. */
  readonly accounts: ReadonlySet<string>;
}

/** Derives the services of each function from the policies, event sources and destinations of an app. */
export class RequiredEndpoints {
  private readonly granted = new Map<CfnResource, Granted[]>();
  private readonly byLogicalId = new Map<string, CfnResource>();
  /** The resources that Lambda polls, and to which it delivers, outside the VPC of a function. */
  private readonly polled = new Map<IConstruct, CfnResource[]>();
  private readonly delivered = new Map<IConstruct, CfnResource[]>();

  constructor(resources: readonly CfnResource[]) {
    for (const resource of resources) this.byLogicalId.set(addressOf(Stack.of(resource), Stack.of(resource).getLogicalId(resource)), resource);
    for (const role of ofType<iam.CfnRole>(resources, 'AWS::IAM::Role')) this.readRole(role);
    for (const policy of ofType<iam.CfnPolicy>(resources, 'AWS::IAM::Policy')) this.readPolicy(policy);
    for (const mapping of ofType<lambda.CfnEventSourceMapping>(resources, 'AWS::Lambda::EventSourceMapping')) {
      add(this.polled, ownerOf(mapping), referentOf(mapping.eventSourceArn));
      this.readDestinations(mapping, mapping.destinationConfig);
    }
    for (const config of ofType<lambda.CfnEventInvokeConfig>(resources, 'AWS::Lambda::EventInvokeConfig')) {
      this.readDestinations(config, config.destinationConfig);
    }
  }

  public of(fn: lambda.CfnFunction): FunctionServices {
    const endpoints = new Set<ServiceEndpoint>();
    const unknown = new Set<string>();
    const accounts = new Set<string>();
    const role = referentOf(fn.role);
    const all = (role && this.granted.get(role)) ?? [];
    const databases = all.filter(({ action }) => action.startsWith('rds-data:')).map(({ target }) => target);
    for (const granted of all) {
      const endpoint = endpointOf(granted.action);
      if (endpoint === 'none' || this.isDoneByLambda(fn, granted) || isDoneByDataApi(granted, databases)) continue;
      // The endpoints of this Region do not reach the services of another.
      if (isElsewhere(granted.region, Stack.of(fn).region)) unknown.add(`${granted.action.split(':')[0]} in ${granted.region}`);
      else if (endpoint) endpoints.add(endpoint);
      else unknown.add(granted.action.split(':')[0]);
      if (granted.account) accounts.add(granted.account);
    }
    return { endpoints, unknown, accounts };
  }

  private isDoneByLambda(fn: lambda.CfnFunction, { action, target }: Granted): boolean {
    if (!target) return false;
    const deadLetters = referentOf(plain<lambda.CfnFunction.DeadLetterConfigProperty>(fn.deadLetterConfig)?.targetArn);
    return (isPolling(action) && (this.polled.get(fn) ?? []).includes(target))
      || (isDelivery(action) && (target === deadLetters || (this.delivered.get(fn) ?? []).includes(target)));
  }

  /** The inline policies of a LeastPrivilegeRole are lazy, and may be resolved early. */
  private readRole(role: iam.CfnRole): void {
    const policies: { policyDocument?: unknown; PolicyDocument?: unknown }[] = Token.isUnresolved(role.policies)
      ? Stack.of(role).resolve(role.policies) ?? []
      : role.policies as iam.CfnRole.PolicyProperty[] ?? [];
    for (const policy of policies) this.grant(role, role, policy.policyDocument ?? policy.PolicyDocument);
  }

  private readPolicy(policy: iam.CfnPolicy): void {
    const names: { Ref?: string }[] = Stack.of(policy).resolve(policy.roles) ?? [];
    for (const name of names) {
      const role = name.Ref === undefined ? undefined : this.byLogicalId.get(addressOf(Stack.of(policy), name.Ref));
      if (role) this.grant(role, policy, policy.policyDocument);
    }
  }

  private grant(role: CfnResource, holder: CfnResource, document: unknown): void {
    const { Statement } = asJson(document);
    const pairs = list(Statement).filter(s => s.Effect !== 'Deny').flatMap(s =>
      list(s.Action).flatMap(action => list(s.Resource ?? '*').map(resource => ({ action: String(action), ...this.resourceIn(holder, resource) }))));
    this.granted.set(role, [...this.granted.get(role) ?? [], ...pairs]);
  }

  /** A resource of a statement: a string with tokens, or an intrinsic function if the statement is already resolved. */
  private resourceIn(holder: CfnResource, value: unknown): Pick<Granted, 'target' | 'account' | 'region'> {
    if (typeof value === 'string') {
      const { 1: region, 2: account } = /^arn:[^:]*:[^:]*:([a-z0-9-]*):(\d{12})?/.exec(value) ?? [];
      return { target: referentIn(value), account, region };
    }
    const { Ref, 'Fn::GetAtt': attribute } = (value ?? {}) as { 'Ref'?: string; 'Fn::GetAtt'?: string[] };
    const id = Ref ?? attribute?.[0];
    return { target: id === undefined ? undefined : this.byLogicalId.get(addressOf(Stack.of(holder), id)) };
  }

  private readDestinations(holder: CfnResource, config: DestinationConfig): void {
    const { onFailure, onSuccess } = plain<Record<string, { destination?: string }>>(config) ?? {};
    for (const target of [onFailure, onSuccess]) add(this.delivered, ownerOf(holder), referentOf(target?.destination));
  }
}

/** The Data API reads the secret of the cluster itself. */
function isDoneByDataApi({ action, target }: Granted, databases: (CfnResource | undefined)[]): boolean {
  return target !== undefined && isReadByDataApi(action) && databases.includes(target);
}

type DestinationConfig = lambda.CfnEventSourceMapping['destinationConfig'] | lambda.CfnEventInvokeConfig['destinationConfig'];

/** The resources of one type. */
export function ofType<T extends CfnResource>(resources: readonly CfnResource[], type: string): T[] {
  return resources.filter((r): r is T => r.cfnResourceType === type);
}

/** The function whose scope contains a mapping or configuration, also through an alias or version. */
function ownerOf(resource: CfnResource): IConstruct | undefined {
  const above = resource.node.scopes.reverse().filter(scope => !Stack.isStack(scope) && scope !== resource);
  const owner = above.map(scope => definitionOf(scope as lambda.IFunction)).find(definition => definition !== undefined);
  return owner?.node.defaultChild;
}

function addressOf(stack: Stack, logicalId: string): string {
  return `${stack.node.addr} ${logicalId}`;
}

function add(map: Map<IConstruct, CfnResource[]>, owner: IConstruct | undefined, resource: CfnResource | undefined): void {
  if (owner && resource) map.set(owner, [...map.get(owner) ?? [], resource]);
}

/** The JSON of a policy with unresolved tokens: resolving them here could be too early. */
function asJson(document: unknown): Record<string, any> {
  const given = document as { toJSON?: () => unknown } | undefined;
  return ((given?.toJSON ? given.toJSON() : given) ?? {}) as Record<string, any>;
}

function list(value: any): any[] {
  return value === undefined ? [] : [value].flat();
}

function plain<T>(value: IResolvable | object | undefined): T | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value as T;
}
