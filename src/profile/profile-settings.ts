import type { Duration, Expiration, RemovalPolicy } from 'aws-cdk-lib';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * What a profile decides for the constructs of this library below its scope. A prop of a construct always wins.
 *
 * The defaults are those of `Profile.production()`; those of `Profile.sandbox()` stand beside them in
 * `docs/DEFAULTS.md`.
 */
export interface ProfileSettings {
  /**
   * What happens to what holds data or a history (log groups, buckets, tables, databases, versions) when it leaves its
   * stack.
   *
   * @default - RemovalPolicy.RETAIN in production, RemovalPolicy.DESTROY in a sandbox
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether AWS refuses to delete tables and databases. Must not go with a `removalPolicy` of DESTROY.
   *
   * @default - true in production, unless `removalPolicy` is DESTROY; false in a sandbox
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether buckets are emptied when they are deleted, by a custom resource of CDK. Goes with a `removalPolicy` of
   * DESTROY only.
   *
   * @default - false in production; in a sandbox true, unless `removalPolicy` is another than DESTROY
   */
  readonly emptyBuckets?: boolean;

  /**
   * Whether a stack may make settings of the whole account and region, which stay when it goes. Without it a REST API
   * has no access log unless its entrance says what the account has (`cloudWatchRole`).
   *
   * @default - true in production, false in a sandbox
   */
  readonly accountSettings?: boolean;

  /**
   * How long logs of functions, entrances and networks are kept.
   *
   * @default - RetentionDays.ONE_MONTH in production, RetentionDays.ONE_WEEK in a sandbox
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * How traffic moves to new versions.
   *
   * @default - LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES in production, LambdaDeploymentConfig.ALL_AT_ONCE in a
   * sandbox
   */
  readonly deploymentConfig?: codedeploy.ILambdaDeploymentConfig;

  /**
   * Whether a table can be restored to any second of the last 35 days.
   *
   * @default - true in production, false in a sandbox
   */
  readonly pointInTimeRecovery?: boolean;

  /**
   * How long the backups of databases are kept: 1 to 35 days.
   *
   * @default - Duration.days(7) in production, Duration.days(1) in a sandbox
   */
  readonly backupRetention?: Duration;

  /**
   * Whether a database has a second instance in another availability zone.
   *
   * @default - true in production, false in a sandbox
   */
  readonly standby?: boolean;

  /**
   * Tags for all that stands below the scope: at most 128 characters in a key and 256 in a value, letters, digits,
   * spaces and `_.:/=+-@`.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };
}

/**
 * What a sandbox tells beside its settings.
 */
export interface SandboxProfileSettings extends ProfileSettings {
  /**
   * Who is asked whether the sandbox may go: the tag `owner`.
   *
   * @default - no tag, and a warning
   */
  readonly owner?: string;

  /**
   * The day after which anybody may delete it: the tag `expires`, as in 2027-01-31. A fixed day, such as that of a
   * release; `Expiration.after(…)` counts from each synth and so changes the tags every day.
   *
   * @default - no tag, and a warning
   */
  readonly expires?: Expiration;
}
