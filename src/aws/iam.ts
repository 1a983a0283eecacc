/**
 * Quotas of IAM.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const IAM = {
  /** Of all inline policies of a role, without white space. */
  inlinePoliciesMaxCharacters: 10_240,
  managedPoliciesMax: 10,
  /** Of the trust policy of a role. The quota can be raised. */
  trustPolicyCharacters: 2_048,
  /** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html */
  sessionMinSeconds: 3_600,
  sessionMaxSeconds: 43_200,
} as const;
