import { isJson } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';

/** The number of Availability Zones that the subnets span; undefined if a subnet is not part of the app. */
export function countAvailabilityZones(app: AppGraph, subnets: Value[], from: Resource): number | undefined {
  const zones = subnets.map(value => {
    const properties = app.resourceOf(value, from, 'AWS::EC2::Subnet')?.raw.Properties;
    return isJson(properties) ? textOfZone(properties.AvailabilityZone) : undefined;
  });
  return zones.includes(undefined) ? undefined : new Set(zones).size;
}

/** The JSON text of a zone. `Fn::GetAZs` has two spellings for the Region of the stack, and an index may be a text. */
function textOfZone(zone: unknown): string | undefined {
  return JSON.stringify(zone)?.replace('{"Ref":"AWS::Region"}', '""').replace(/\["(\d+)",/, '[$1,');
}
