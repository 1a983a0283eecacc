/**
 * Quotas of CloudFront.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const CLOUD_FRONT = {
  /** The highest origin response timeout; can be raised. */
  originResponseTimeoutDefaultMaxSeconds: 120,
} as const;

/**
 * Limits of Lambda@Edge.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const LAMBDA_AT_EDGE = {
  viewerTimeoutMaxSeconds: 5,
  originTimeoutMaxSeconds: 30,
  viewerMemoryMaxMiB: 128,
  ephemeralStorageMaxMiB: 512,
} as const;
