/**
 * Limits of Application Load Balancers with a Lambda target.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const LOAD_BALANCER = {
  /** Of the request and of the response. */
  bodyMaxMiB: 1,
  /** Can be raised on request. */
  rulesDefault: 100,
  availabilityZonesMin: 2,
  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
  pathPatternMaxCharacters: 128,
  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
  idleTimeoutDefaultSeconds: 60,
} as const;
