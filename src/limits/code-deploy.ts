/**
 * Quotas of CodeDeploy on the Lambda compute platform.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
 */
export const CODE_DEPLOY = {
  trafficPercentageMin: 1,
  trafficPercentageMax: 99,
  /** From the first to the last shift of traffic. */
  shiftMaxMinutes: 2_880,
  deploymentMaxHours: 50,
  hookMaxMinutes: 60,
  alarmsMax: 50,
  groupNameMaxCharacters: 100,
} as const;
