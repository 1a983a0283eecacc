/**
 * Ranges of provisioned concurrency under Application Auto Scaling.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
export const WARM_CAPACITY = {
  /** With 0 the configuration is deleted and the next update of the alias fails (aws/aws-cdk#29992). */
  min: 1,
  utilizationMin: 0.1,
  utilizationMax: 0.9,
} as const;
