import { isJson, patternOf, textOf, Unknown } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';

/** The number of Availability Zones that the subnets span; undefined if a subnet is not part of the app. */
export function countAvailabilityZones(app: AppGraph, subnets: Value[], from: Resource): number | undefined {
  if (subnets.length === 1 && isSubnetId(subnets[0], from)) return 1;
  const zones = subnets.map(value => {
    const properties = app.resourceOf(value, from, 'AWS::EC2::Subnet')?.raw.Properties;
    return isJson(properties) ? textOfZone(properties.AvailabilityZone) : undefined;
  });
  return zones.includes(undefined) ? undefined : new Set(zones).size;
}

/** Whether the value is the ID of one subnet of another app: a literal, or a parameter of that type. */
function isSubnetId(value: Value, { template }: Resource): boolean {
  if (!(value instanceof Unknown)) return /^subnet-\w+$/.test(patternOf(value));
  const parameter = value.parameter === undefined ? undefined : template.section('Parameters')[value.parameter];
  return isJson(parameter) && /^(AWS::SSM::Parameter::Value<)?AWS::EC2::Subnet::Id>?$/.test(textOf(parameter.Type));
}

/** The JSON text of a zone. `Fn::GetAZs` has two spellings for the Region of the stack, and an index may be a text. */
function textOfZone(zone: unknown): string | undefined {
  return JSON.stringify(zone)?.replace('{"Ref":"AWS::Region"}', '""').replace(/\["(\d+)",/, '[$1,');
}
