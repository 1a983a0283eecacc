import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { GitHubSubject } from './github-subject';

/**
 * Properties of a GitHubDeployRole.
 */
export interface GitHubDeployRoleProps {
  /**
   * The workflows that can assume the role: at least one subject. Pull requests must not be combined with other
   * subjects, because pull requests must not deploy.
   */
  readonly subjects: GitHubSubject[];

  /**
   * The OIDC identity provider for GitHub. An account has at most one: set it if the account already has one that
   * this app does not define, for example with `iam.OidcProviderNative.fromOidcProviderArn(…)`. The provider of an
   * enterprise with its own issuer is supported.
   *
   * @default - the provider that the app defines for the account, in any stack; a new one if there is none
   */
  readonly provider?: iam.IOidcProvider;

  /**
   * The account whose bootstrap roles the role can assume: 12 digits, or a token without wildcards.
   *
   * @default - the account of the stack
   */
  readonly deployAccount?: string;

  /**
   * The Region whose bootstrap roles the role can assume.
   *
   * @default - the Region of the stack
   */
  readonly deployRegion?: string;

  /**
   * The qualifier with which the account was bootstrapped: 1 to 10 letters and digits.
   *
   * @default hnb659fds
   */
  readonly qualifier?: string;

  /**
   * The maximum duration of a session: 1 to 12 hours. Sessions of the bootstrap roles last at most one hour, because of
   * role chaining.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * The permissions boundary of the role.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}
