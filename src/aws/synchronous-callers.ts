/**
 * Lambda triggers of Amazon Cognito user pools.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
export const COGNITO_TRIGGER = {
  /** Cognito does not wait longer for the response; cannot be raised. */
  timeoutSeconds: 5,
} as const;

/**
 * Requests to AWS AppSync.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/appsync.html
 */
export const APPSYNC_REQUEST = {
  /** AppSync ends a request after this time; cannot be raised. */
  timeoutSeconds: 30,
} as const;
