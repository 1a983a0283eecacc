import { CfnResource, type IAspect, Stage, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { HTTPS, type NetworkEndpoints, resourceOf } from './network-endpoints';
import { warnOfClosedEgress, warnOfNoEndpoint } from './private-network-warnings';
import { ofType, RequiredEndpoints } from './required-endpoints';
import type { ServiceEndpoint } from '../aws';
import { referentOf } from '../private/event-sources';

/** The routes of a network besides interface endpoints. */
export interface NetworkRoutes {
  readonly hasInternet: boolean;
  /** The prefix lists of S3 and DynamoDB, by the name of the service. */
  readonly prefixLists: Readonly<Record<string, ec2.IPrefixList | undefined>>;
}

/**
 * Finds the functions in a network at synth, in all stacks, and connects each to the endpoints of the services for which it has
 * permissions.
 */
export class NetworkClients implements IAspect {
  /** The endpoints that all functions in the network may use. */
  public readonly forAll = new Set<ec2.InterfaceVpcEndpoint>();
  private done = false;

  constructor(private readonly network: ec2.Vpc, private readonly endpoints: NetworkEndpoints, private readonly routes: NetworkRoutes) {}

  public visit(node: IConstruct): void {
    if (node !== this.network || this.done) return;
    this.done = true;
    const resources = (Stage.of(this.network) ?? this.network.node.root).node.findAll().filter(CfnResource.isCfnResource);
    const functions = ofType<lambda.CfnFunction>(resources, 'AWS::Lambda::Function').filter(fn => this.contains(fn));
    const required = functions.length > 0 ? new RequiredEndpoints(resources) : undefined;
    const isClosed = !this.routes.hasInternet && !this.hasOtherRoutes(resources);
    for (const fn of functions) this.connect(fn, required!, isClosed);
  }

  private connect(fn: lambda.CfnFunction, required: RequiredEndpoints, isClosed: boolean): void {
    const { endpoints, accounts, ...others } = required.of(fn);
    const unknown = [...others.unknown].filter(service => !this.endpoints.hasFor(service));
    const closed: string[] = [];
    for (const account of accounts) this.endpoints.addAccount(account);
    for (const endpoint of this.forAll) this.connectTo(fn, endpoint);
    for (const service of endpoints) {
      if (!(service.gateway ? this.connectToGateway(fn, service, isClosed) : this.connectToInterface(fn, service))) closed.push(service.name);
    }
    if (this.routes.hasInternet) closed.push(...unknown);
    if (closed.length > 0 && !allowsHttps(fn)) warnOfClosedEgress(ownerOf(fn), closed);
    if (!this.routes.hasInternet && unknown.length > 0) warnOfNoEndpoint(ownerOf(fn), unknown);
  }

  /** With a route to the internet, only requested interface endpoints are used. Returns whether the function reaches the service. */
  private connectToInterface(fn: lambda.CfnFunction, service: ServiceEndpoint): boolean {
    const known = new ec2.InterfaceVpcEndpointAwsService(service.name);
    const endpoint = this.routes.hasInternet ? this.endpoints.find(known) : this.endpoints.getOrCreate(known);
    if (endpoint) this.connectTo(fn, endpoint);
    return endpoint !== undefined;
  }

  private connectTo(fn: lambda.CfnFunction, endpoint: ec2.InterfaceVpcEndpoint): void {
    for (const group of groupsOf(fn)) this.endpoints.admit(group, endpoint);
    fn.addResourceDependency(resourceOf(endpoint));
  }

  /** Gateway endpoints have no security group (docs/adr/0031-egress-to-gateways.md). Returns whether the function reaches the service. */
  private connectToGateway(fn: lambda.CfnFunction, service: ServiceEndpoint, isClosed: boolean): boolean {
    const list = this.routes.prefixLists[service.name];
    if (!list && !isClosed) return false;
    const peer = list ? ec2.Peer.prefixList(list.prefixListId) : ec2.Peer.anyIpv4();
    const description = list ? `HTTPS to ${service.name}` : 'HTTPS to the gateway endpoints: no other route leads out';
    for (const group of groupsOf(fn)) if (!group.allowAllOutbound) group.addEgressRule(peer, HTTPS, description);
    return true;
  }

  private contains(fn: lambda.CfnFunction): boolean {
    const config = fn.vpcConfig;
    if (config === undefined || Token.isUnresolved(config)) return false;
    const { subnetIds } = config as lambda.CfnFunction.VpcConfigProperty;
    return !!subnetIds && !Token.isUnresolved(subnetIds) && subnetIds.some(id => referentOf(id)?.node.scopes.includes(this.network));
  }

  /** Whether a subnet of the network has another route, for example to a transit gateway. */
  private hasOtherRoutes(resources: readonly CfnResource[]): boolean {
    const isOurs = (table: string) => referentOf(table)?.node.scopes.includes(this.network);
    return ofType<ec2.CfnRoute>(resources, 'AWS::EC2::Route').some(route => isOurs(route.routeTableId))
      || ofType<ec2.CfnVPNGatewayRoutePropagation>(resources, 'AWS::EC2::VPNGatewayRoutePropagation').some(p => p.routeTableIds.some(isOurs));
  }
}

/** The `lambda.Function` of the resource, or the resource itself. */
function ownerOf(fn: lambda.CfnFunction): IConstruct {
  return (fn.node.scope as Partial<lambda.Function>).isBoundToVpc ? fn.node.scope! : fn;
}

/** The security groups of a `lambda.Function`. The rules of an L1 function are left to its author. */
function groupsOf(fn: lambda.CfnFunction): ec2.ISecurityGroup[] {
  const owner = ownerOf(fn) as Partial<lambda.Function>;
  return owner.isBoundToVpc ? owner.connections!.securityGroups : [];
}

/** Whether the security groups allow HTTPS to any address, or their rules are unknown. */
function allowsHttps(fn: lambda.CfnFunction): boolean {
  const groups = groupsOf(fn);
  return groups.length === 0 || groups.some(group => group.allowAllOutbound || isOpen(group));
}

function isOpen(group: ec2.ISecurityGroup): boolean {
  const resource = group.node.defaultChild as ec2.CfnSecurityGroup | undefined;
  if (!resource) return true;
  const rules: Record<string, any>[] = resource.stack.resolve(resource.securityGroupEgress) ?? [];
  return rules.some(({ cidrIp, ipProtocol, fromPort, toPort }) =>
    cidrIp === '0.0.0.0/0' && (ipProtocol === '-1' || (ipProtocol === 'tcp' && fromPort <= 443 && toPort >= 443)));
}
