/**
 * Quotas of Amazon VPC and what a NAT gateway costs.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export const VPC = {
  /** A function in one zone is down when the zone is. */
  zonesMin: 2,
  zonesMax: 3,
  /** Inbound, and as many outbound; can be raised on request. */
  rulesPerSecurityGroup: 60,
  /** US dollars in US East (Ohio): the example of https://aws.amazon.com/vpc/pricing/ on 2026-09-20. Each GB costs the same again. */
  natGatewayHour: 0.045,
  hoursOfMonth: 730,
} as const;

/** US dollars a month for NAT gateways that move nothing. */
export function natMonthlyDollars(gateways: number): number {
  return Math.round(gateways * VPC.natGatewayHour * VPC.hoursOfMonth);
}
