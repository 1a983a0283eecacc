import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { natMonthlyDollars, VPC } from '../aws';
import { warn } from '../private/validation';

/** States the price of the NAT gateways. */
export function informOfNatGateways(network: IConstruct, natGateways: number): void {
  if (natGateways === 0) return;
  Annotations.of(network).addInfoV2(
    'cdk-production-lambda:PrivateNetwork.natGateways',
    `${natGateways} NAT gateway${natGateways > 1 ? 's cost' : ' costs'} about ${natMonthlyDollars(natGateways)} US dollars a month `
    + '(US East, September 2026) before data processing; a PrivateNetwork without natGateways reaches AWS services through endpoints',
  );
}

/** Warns of a function whose security group blocks services that the function may use. */
export function warnOfClosedEgress(fn: IConstruct, services: readonly string[]): void {
  warn(fn, 'PrivateNetwork.closedEgress',
    `the function has permissions for ${services.join(', ')}, but its security group allows no traffic to them, `
    + 'and calls would hang until the timeout; '
    + 'allow it with connections.allowToAnyIpv4(ec2.Port.tcp(443)), or allow the endpoint (addService) or the prefix list only',
  );
}

/** Warns of a function that may use services without a known endpoint, in a network without a route to the internet. */
export function warnOfNoEndpoint(fn: IConstruct, services: readonly string[]): void {
  warn(fn, 'PrivateNetwork.noEndpoint',
    `the function has permissions for ${services.join(', ')}, but no endpoint of it is known, and its subnets have no route to the internet; `
    + "add the endpoint with addService and acknowledge this warning, or set 'natGateways' of the PrivateNetwork",
  );
}

/** Warns if the clients of an endpoint exceed the rules that its security group can have. */
export function warnOfManyClients(endpoint: IConstruct): void {
  warn(endpoint, 'PrivateNetwork.manyClients',
    `more than ${VPC.rulesPerSecurityGroup} security groups use this endpoint, and its own security group allows `
    + `${VPC.rulesPerSecurityGroup} inbound rules by default; `
    + "raise the quota, or let functions share a security group ('securityGroups')",
  );
}
