import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { isZoneName, zonesFixText } from './zones-fix-text';

/** What to change of a VPC that spans too few Availability Zones. */
export function zonesFix(vpc: ec2.IVpc, zonesMin: number): string {
  if (!CfnResource.isCfnResource(vpc.node.defaultChild)) return 'import subnets of more zones';
  const [zone] = vpc.availabilityZones;
  const isListed = isZoneName(zone) && Stack.of(vpc).availabilityZones[0] !== zone;
  return zonesFixText({ vpc: vpc.node.path, zonesMin, zone, isListed });
}
