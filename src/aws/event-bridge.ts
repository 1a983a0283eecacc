/**
 * Retry policies of EventBridge rules and schedules.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export const EVENT_BRIDGE = {
  retryAttemptsMax: 185,
  eventAgeMinSeconds: 60,
  eventAgeMaxSeconds: 86_400,
} as const;
