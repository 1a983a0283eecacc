import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';

/**
 * What every database of this library is asked for.
 */
export interface DatabaseProps {
  /**
   * Aurora PostgreSQL or Aurora MySQL in a version of yours, which must be stated, such as
   * `rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 })`.
   */
  readonly engine: rds.IClusterEngine;

  /**
   * Where the instances are: made here, imported or looked up, with subnets in two availability zones at least.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the instances, in two availability zones at least.
   *
   * @default - the isolated subnets; the private ones where there are none
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The database that is made in the cluster.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * The user who owns the database. It is for deployments and people: each function gets a user of its own.
   *
   * @default 'clusteradmin'
   */
  readonly masterUsername?: string;

  /**
   * A key of your own for storage and secret. What lets somebody decrypt the secret stands in their own policy, so the policy of
   * the key must leave it to IAM, as keys made by CDK do.
   *
   * @default - the keys that AWS manages for RDS and Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Parameters of the cluster beside the one that forces TLS, which is refused here.
   *
   * @default - TLS is forced, the rest is as the engine has it
   */
  readonly parameters?: { [name: string]: string };

  /**
   * How long automatic backups are kept: 1 to 35 days.
   *
   * @default - Duration.days(7), or what the Profile of the scope says
   */
  readonly backupRetention?: Duration;

  /**
   * Whether AWS refuses to delete the cluster. Must not go with a `removalPolicy` of DESTROY.
   *
   * @default - true, unless `removalPolicy` is DESTROY or the Profile of the scope says otherwise
   */
  readonly deletionProtection?: boolean;

  /**
   * What becomes of the cluster when it leaves its stack.
   *
   * @default - RemovalPolicy.SNAPSHOT, or DESTROY where the Profile of the scope says so
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Logs that the database sends to CloudWatch Logs: `postgresql`, or of MySQL `audit`, `error`, `general`, `slowquery` and
   * `instance`. What a statement carries can stand in them.
   *
   * @default - none: the instances keep them for some days
   */
  readonly cloudwatchLogsExports?: string[];

  /**
   * How long CloudWatch Logs keeps them. RDS makes the log groups itself, so a custom resource of CDK sets it. Goes with
   * `cloudwatchLogsExports` only.
   *
   * @default - that of the profile: RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox
   */
  readonly cloudwatchLogsRetention?: logs.RetentionDays;

  /**
   * How much Database Insights tells. ADVANCED keeps 15 months of performance data and is paid by the capacity.
   *
   * @default rds.DatabaseInsightsMode.STANDARD
   */
  readonly databaseInsightsMode?: rds.DatabaseInsightsMode;
}
