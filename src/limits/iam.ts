/**
 * Quotas of IAM.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const IAM = {
  /** All inline policies of a role together, without white space. */
  inlinePoliciesMaxCharacters: 10_240,
  managedPoliciesMax: 10,
  sessionMinSeconds: 3_600,
  sessionMaxSeconds: 43_200,
} as const;
