/**
 * Quotas of CloudFormation.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const CLOUD_FORMATION = {
  resourcesMax: 500,
  /** A template that is uploaded to S3, as CDK does. */
  templateMaxBytes: 1_048_576,
} as const;
