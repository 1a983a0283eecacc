import { CfnResource, type IAspect, Stage, Token, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { NeedsReader, ofType } from './function-needs';
import { HTTPS, type NetworkEndpoints, resourceOf } from './network-endpoints';
import type { ServiceEndpoint } from '../limits';
import { referentOf } from '../private/event-sources';

/** What the network was told about how its functions go out. */
export interface WaysOut {
  readonly hasInternet: boolean;
  /** The prefix lists of S3 and DynamoDB, by the name of their endpoint. */
  readonly prefixLists: Readonly<Record<string, ec2.IPrefixList | undefined>>;
}

/**
 * Finds, when the whole app stands, the functions of a network, wherever they were made, and connects each with the
 * endpoints of what it was granted.
 */
export class NetworkClients implements IAspect {
  /** Services asked for by name, which all functions of the network may use. */
  public readonly forAll = new Set<ec2.InterfaceVpcEndpoint>();
  private done = false;

  constructor(private readonly network: ec2.Vpc, private readonly endpoints: NetworkEndpoints, private readonly out: WaysOut) {}

  public visit(node: IConstruct): void {
    if (node !== this.network || this.done) return;
    this.done = true;
    const resources = (Stage.of(this.network) ?? this.network.node.root).node.findAll().filter(CfnResource.isCfnResource);
    const functions = ofType<lambda.CfnFunction>(resources, 'AWS::Lambda::Function').filter(fn => this.holds(fn));
    const reader = functions.length > 0 ? new NeedsReader(resources) : undefined;
    const isClosed = !this.out.hasInternet && !this.leadsElsewhere(resources);
    for (const fn of functions) this.connect(fn, reader!, isClosed);
  }

  private connect(fn: lambda.CfnFunction, reader: NeedsReader, isClosed: boolean): void {
    const { endpoints, accounts, ...others } = reader.of(fn);
    const unknown = [...others.unknown].filter(service => !this.endpoints.hasFor(service));
    const open: string[] = [];
    for (const account of accounts) this.endpoints.addAccount(account);
    for (const endpoint of this.forAll) this.connectTo(fn, endpoint);
    for (const service of endpoints) {
      if (!(service.gateway ? this.openGateway(fn, service, isClosed) : this.openInterface(fn, service))) open.push(service.name);
    }
    if (this.out.hasInternet) open.push(...unknown);
    if (open.length > 0 && !hasWayOut(fn)) this.warnOfClosedEgress(fn, open);
    if (!this.out.hasInternet && unknown.length > 0) this.warnOfUnknown(fn, unknown);
  }

  /** In a network with a way to the internet, no interface endpoint is made that was not asked for. */
  private openInterface(fn: lambda.CfnFunction, service: ServiceEndpoint): boolean {
    const known = new ec2.InterfaceVpcEndpointAwsService(service.name);
    const endpoint = this.out.hasInternet ? this.endpoints.find(known) : this.endpoints.of(known);
    if (endpoint) this.connectTo(fn, endpoint);
    return endpoint !== undefined;
  }

  private connectTo(fn: lambda.CfnFunction, endpoint: ec2.InterfaceVpcEndpoint): void {
    for (const group of groupsOf(fn)) this.endpoints.admit(group, endpoint);
    fn.addResourceDependency(resourceOf(endpoint));
  }

  /** The gateways have no security group to name: docs/adr/0031-egress-to-gateways.md. */
  private openGateway(fn: lambda.CfnFunction, service: ServiceEndpoint, isClosed: boolean): boolean {
    const list = this.out.prefixLists[service.name];
    if (!list && !isClosed) return false;
    const peer = list ? ec2.Peer.prefixList(list.prefixListId) : ec2.Peer.anyIpv4();
    const description = list ? `HTTPS to ${service.name}` : 'HTTPS to the gateway endpoints: no other route leads out';
    for (const group of groupsOf(fn)) if (!group.allowAllOutbound) group.addEgressRule(peer, HTTPS, description);
    return true;
  }

  private holds(fn: lambda.CfnFunction): boolean {
    const config = fn.vpcConfig;
    if (config === undefined || Token.isUnresolved(config)) return false;
    const { subnetIds } = config as lambda.CfnFunction.VpcConfigProperty;
    return !!subnetIds && !Token.isUnresolved(subnetIds) && subnetIds.some(id => referentOf(id)?.node.scopes.includes(this.network));
  }

  /** Whether somebody gave a subnet of the network a route of its own, for example to a transit gateway. */
  private leadsElsewhere(resources: readonly CfnResource[]): boolean {
    const isOurs = (table: string) => referentOf(table)?.node.scopes.includes(this.network);
    return ofType<ec2.CfnRoute>(resources, 'AWS::EC2::Route').some(route => isOurs(route.routeTableId))
      || ofType<ec2.CfnVPNGatewayRoutePropagation>(resources, 'AWS::EC2::VPNGatewayRoutePropagation').some(p => p.routeTableIds.some(isOurs));
  }

  private warnOfClosedEgress(fn: lambda.CfnFunction, services: string[]): void {
    Validations.of(ownerOf(fn)).addWarning(
      'cdk-production-lambda:PrivateNetwork.closedEgress',
      `the function was granted ${services.join(', ')}, and its security group lets nothing out to it, so that calls would hang until the timeout; `
      + 'open it with connections.allowToAnyIpv4(ec2.Port.tcp(443)), or name the endpoint (addService) or the prefix list to reach no more than that',
    );
  }

  private warnOfUnknown(fn: lambda.CfnFunction, services: string[]): void {
    Validations.of(ownerOf(fn)).addWarning(
      'cdk-production-lambda:PrivateNetwork.noEndpoint',
      `the function was granted ${services.join(', ')}, for which no endpoint is known here, and no route leads out of its subnets; `
      + 'add the endpoint with addService and acknowledge this, or take PrivateNetwork.withInternet',
    );
  }
}

/** The construct that made the function: `lambda.Function`, or the resource itself. */
function ownerOf(fn: lambda.CfnFunction): IConstruct {
  return (fn.node.scope as Partial<lambda.Function>).isBoundToVpc ? fn.node.scope! : fn;
}

/** The security groups of a function that was made by `lambda.Function`; of one that was not, the rules are its author's. */
function groupsOf(fn: lambda.CfnFunction): ec2.ISecurityGroup[] {
  const owner = ownerOf(fn) as Partial<lambda.Function>;
  return owner.isBoundToVpc ? owner.connections!.securityGroups : [];
}

/** Whether HTTPS may leave towards any address, or it is not known here. */
function hasWayOut(fn: lambda.CfnFunction): boolean {
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
