import type { Duration, Expiration, RemovalPolicy } from 'aws-cdk-lib';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * The settings of a profile for the constructs of this library below its scope. A prop of a construct takes precedence.
 *
 * `docs/DEFAULTS.md` lists the defaults of `Profile.production()` and `Profile.sandbox()`.
 */
export interface ProfileSettings {
  /**
   * The removal policy of resources with data or history: log groups, buckets, tables, databases and versions.
   *
   * @default - RemovalPolicy.RETAIN in production, RemovalPolicy.DESTROY in a sandbox
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether tables and databases have deletion protection. Must not be true with a `removalPolicy` of DESTROY.
   *
   * @default - true in production, unless `removalPolicy` is DESTROY; false in a sandbox
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether a custom resource of the CDK empties buckets before they are deleted. Requires a `removalPolicy` of DESTROY.
   *
   * @default - false in production; true in a sandbox, unless `removalPolicy` is not DESTROY
   */
  readonly emptyBuckets?: boolean;

  /**
   * Whether a stack may change settings of the account and Region, which remain when the stack is deleted. If false, a REST
   * API has an access log only if its entrance states that the account has a CloudWatch role (`cloudWatchRole`).
   *
   * @default - true in production, false in a sandbox
   */
  readonly accountSettings?: boolean;

  /**
   * The retention of the logs of functions, entrances and networks.
   *
   * @default - RetentionDays.ONE_MONTH in production, RetentionDays.ONE_WEEK in a sandbox
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The deployment configuration by which CodeDeploy shifts traffic to new versions.
   *
   * @default - LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES in production, LambdaDeploymentConfig.ALL_AT_ONCE in a
   * sandbox
   */
  readonly deploymentConfig?: codedeploy.ILambdaDeploymentConfig;

  /**
   * Whether tables have point-in-time recovery, which restores to any second of the last 35 days.
   *
   * @default - true in production, false in a sandbox
   */
  readonly pointInTimeRecovery?: boolean;

  /**
   * The retention period of the automatic backups of databases: 1 to 35 days.
   *
   * @default - Duration.days(7) in production, Duration.days(1) in a sandbox
   */
  readonly backupRetention?: Duration;

  /**
   * Whether databases have a second instance in another Availability Zone.
   *
   * @default - true in production, false in a sandbox
   */
  readonly standby?: boolean;

  /**
   * Tags of all resources below the scope: at most 128 characters in a key and 256 in a value; letters, digits, spaces and
   * `_.:/=+-@`.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };
}

/**
 * The settings of a sandbox profile.
 */
export interface SandboxProfileSettings extends ProfileSettings {
  /**
   * The person or team that can say whether the sandbox can be deleted. Becomes the tag `owner`.
   *
   * @default - no tag, and a warning
   */
  readonly owner?: string;

  /**
   * The day after which the sandbox can be deleted. Becomes the tag `expires`, for example 2027-01-31. Use a fixed day:
   * `Expiration.after(…)` counts from each synthesis, so the tags would change every day.
   *
   * @default - no tag, and a warning
   */
  readonly expires?: Expiration;
}
