import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { DatabaseProps } from './database-props';

/** The subnets of the instances and the proxy. */
export function subnetsFor({ vpc, vpcSubnets }: Pick<DatabaseProps, 'vpc' | 'vpcSubnets'>): ec2.SubnetSelection {
  if (vpcSubnets) return vpcSubnets;
  return { subnetType: vpc.isolatedSubnets.length > 0 ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS };
}
