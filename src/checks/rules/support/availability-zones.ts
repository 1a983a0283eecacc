import { isJson } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';

/** The number of Availability Zones that the subnets span; undefined if a subnet is not part of the app. */
export function countAvailabilityZones(app: AppGraph, subnets: Value[], from: Resource): number | undefined {
  const zones = subnets.map(value => {
    const properties = app.resourceOf(value, from, 'AWS::EC2::Subnet')?.raw.Properties;
    return isJson(properties) ? JSON.stringify(properties.AvailabilityZone) : undefined;
  });
  return zones.includes(undefined) ? undefined : new Set(zones).size;
}
