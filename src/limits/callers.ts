/**
 * How long services that call a function and wait for its answer do so, where they cannot be told to wait longer.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 * @see https://docs.aws.amazon.com/general/latest/gr/appsync.html
 */
export const PATIENCE = {
  cognitoTriggerSeconds: 5,
  appsyncRequestSeconds: 30,
} as const;

/**
 * What CloudFront takes of a function at the edge.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const EDGE = {
  viewerTimeoutMaxSeconds: 5,
  originTimeoutMaxSeconds: 30,
  viewerMemoryMaxMiB: 128,
  ephemeralStorageMaxMiB: 512,
} as const;
