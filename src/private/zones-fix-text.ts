export interface ZonesFix {
  readonly vpc: string;
  readonly zonesMin: number;
  /** The first zone of the VPC. */
  readonly zone: string | undefined;
  /** Whether `maxAzs` cannot have chosen the zone. */
  readonly isListed?: boolean;
}

/** What to change of a VPC of CDK: the prop from which its zones come, or both if a zone could come from either. */
export function zonesFixText({ vpc, zonesMin, zone, isListed = false }: ZonesFix): string {
  const list = `list ${zonesMin} or more zones in 'availabilityZones' of ${vpc}`;
  if (isListed) return list;
  const number = `set 'maxAzs' of ${vpc} to ${zonesMin} or more`;
  return isZoneName(zone) ? `${number}, or ${list}` : number;
}

/** Zones that `maxAzs` chooses have no name in a stack without an environment, and a placeholder before they are looked up. */
export function isZoneName(zone: string | undefined): boolean {
  return zone !== undefined && !zone.includes('${') && !zone.startsWith('dummy');
}
