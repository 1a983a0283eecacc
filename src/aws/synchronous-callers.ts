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

/**
 * Skills of Amazon Alexa.
 *
 * @see https://developer.amazon.com/en-US/docs/alexa/custom-skills/handle-requests-sent-by-alexa.html
 */
const ALEXA_SKILL = {
  /** Alexa ends the session if no response arrives in this time; cannot be raised. */
  timeoutSeconds: 8,
} as const;

/**
 * Flows of Amazon Connect.
 *
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
 */
const CONNECT_FLOW = {
  /** The longest timeout of the block that invokes a function. */
  timeoutSeconds: 8,
} as const;

const WAITING: Record<string, number> = {
  'cognito-idp.amazonaws.com': COGNITO_TRIGGER.timeoutSeconds,
  'alexa-appkit.amazon.com': ALEXA_SKILL.timeoutSeconds,
  'connect.amazonaws.com': CONNECT_FLOW.timeoutSeconds,
};

/** How long a service waits for the response of a function that it invokes; undefined for other principals. */
export function synchronousTimeoutSeconds(principal: string | undefined): number | undefined {
  return principal === undefined ? undefined : WAITING[principal];
}
