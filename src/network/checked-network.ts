import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { PrivateNetworkProps } from './private-network';
import { DEFAULTS, VPC } from '../limits';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.PrivateNetwork;

/** The props of the VPC underneath, once those of the network have been checked. */
export function vpcProps(scope: Construct, id: string, props: PrivateNetworkProps): ec2.VpcProps {
  check(`${scope.node.path}/${id}`, scope, props);
  return {
    ipAddresses: props.ipAddresses,
    vpcName: props.vpcName,
    ...(props.availabilityZones ? { availabilityZones: [...props.availabilityZones] } : { maxAzs: props.maxAzs ?? D.maxAzs.value }),
    natGateways: props.natGateways ?? 0,
    subnetConfiguration: props.natGateways ? [
      // For the NAT gateways alone: nothing in it gets a public address by itself.
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ] : [
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    restrictDefaultSecurityGroup: props.restrictDefaultSecurityGroup ?? D.restrictDefaultSecurityGroup.value,
  };
}

function check(path: string, scope: Construct, props: PrivateNetworkProps): void {
  const { availabilityZones, maxAzs, natGateways } = props;
  if (availabilityZones && maxAzs !== undefined) refuse(path, "'maxAzs' must not go with 'availabilityZones', got both; leave one out");
  const zones = availabilityZones?.length ?? maxAzs ?? D.maxAzs.value;
  const prop = availabilityZones ? 'availabilityZones' : 'maxAzs';
  if (!Token.isUnresolved(availabilityZones)) {
    requireRange(path, prop, zones, VPC.zonesMin, VPC.zonesMax, 'one zone is not enough for production, and each is paid for in every interface endpoint');
  }
  const known = Stack.of(scope).availabilityZones.length;
  if (!availabilityZones && !Token.isUnresolved(zones) && known < zones) {
    refuse(path, `'maxAzs' must be at most ${known} in a stack for any region, got ${zones}; set 'env' on the stack`);
  }
  requireRange(path, 'natGateways', natGateways, 0, zones, 'a zone needs at most one');
  for (const [name, value] of Object.entries({ maxAzs, natGateways })) {
    if (Token.isUnresolved(value) || (value !== undefined && !Number.isInteger(value))) {
      refuse(path, `'${name}' must be a whole number, got ${Token.isUnresolved(value) ? 'a token' : value}; it decides which resources there are`);
    }
  }
  for (const account of props.trustedAccounts ?? []) {
    if (!Token.isUnresolved(account) && !/^\d{12}$/.test(account)) refuse(path, `'trustedAccounts' must be account numbers of 12 digits, got ${account}; leave out dashes`);
  }
}
