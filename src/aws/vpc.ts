/**
 * Quotas of Amazon VPC, and the price of a NAT gateway.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export const VPC = {
  /** The zones of a network, a choice of this library: one zone may fail. */
  zonesMin: 2,
  zonesMax: 3,
  /** Of each direction; can be raised. */
  rulesPerSecurityGroup: 60,
  /** US dollars in US East (Ohio), from https://aws.amazon.com/vpc/pricing/ on 2026-09-20. Each GB costs the same. */
  natGatewayHour: 0.045,
  hoursOfMonth: 730,
} as const;

/** US dollars a month for NAT gateways without traffic. */
export function natMonthlyDollars(gateways: number): number {
  return Math.round(gateways * VPC.natGatewayHour * VPC.hoursOfMonth);
}
