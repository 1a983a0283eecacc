import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { PrivateNetworkProps } from './private-network-props';
import { DEFAULTS } from '../defaults';

const D = DEFAULTS.PrivateNetwork;

/** The props of the VPC of a PrivateNetwork. */
export function vpcPropsOf({ natGateways = 0, availabilityZones, ...props }: PrivateNetworkProps): ec2.VpcProps {
  return {
    ipAddresses: props.ipAddresses,
    vpcName: props.vpcName,
    ...(availabilityZones ? { availabilityZones: [...availabilityZones] } : { maxAzs: props.maxAzs ?? D.maxAzs.value }),
    natGateways,
    subnetConfiguration: natGateways > 0 ? [
      // For the NAT gateways only: resources in this subnet get no public IP address by default.
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ] : [
      { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    restrictDefaultSecurityGroup: props.restrictDefaultSecurityGroup ?? D.restrictDefaultSecurityGroup.value,
  };
}
