import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';

/**
 * Properties that all databases of this library have.
 */
export interface DatabaseProps {
  /**
   * Aurora PostgreSQL or Aurora MySQL. It must state its version, such as
   * `rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 })`.
   */
  readonly engine: rds.IClusterEngine;

  /**
   * The VPC of the instances, with subnets in at least two Availability Zones. It may be imported or looked up.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the instances, in at least two Availability Zones.
   *
   * @default - the isolated subnets, or the private subnets if there are no isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The name of the database that is created in the cluster.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * The name of the master user, which owns the database. It is for deployments and administrators: functions do not log in as this user.
   *
   * @default 'clusteradmin'
   */
  readonly masterUsername?: string;

  /**
   * The KMS key that encrypts the storage and the secret of the master user. Permission to decrypt the secret is in the policies of the
   * principals, so the key policy must delegate to IAM, as the key policies that CDK creates do.
   *
   * @default - the AWS managed keys of RDS and Secrets Manager
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Parameters of the cluster. The parameter that forces TLS must not be among them.
   *
   * @default - TLS is forced, all other parameters have the engine's defaults
   */
  readonly parameters?: { [name: string]: string };

  /**
   * How long automatic backups are retained: 1 to 35 days.
   *
   * @default - Duration.days(7), or 1 day in a sandbox (`Profile`)
   */
  readonly backupRetention?: Duration;

  /**
   * Whether deletion protection is enabled. It must not be combined with a `removalPolicy` of DESTROY.
   *
   * @default - true, unless `removalPolicy` is DESTROY or the Profile of the scope disables it
   */
  readonly deletionProtection?: boolean;

  /**
   * What happens to the cluster when it is removed from its stack.
   *
   * @default - RemovalPolicy.SNAPSHOT, or DESTROY in a sandbox (`Profile`)
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The logs that the database sends to CloudWatch Logs: `postgresql`, or for MySQL `audit`, `error`, `general`, `slowquery` and
   * `instance`. They can contain data from SQL statements.
   *
   * @default - none: the instances retain them for some days
   */
  readonly cloudwatchLogsExports?: string[];

  /**
   * How long CloudWatch Logs retains the exported logs. RDS creates the log groups, so a custom resource of CDK sets the
   * retention. Requires `cloudwatchLogsExports`.
   *
   * @default - RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox (`Profile`)
   */
  readonly cloudwatchLogsRetention?: logs.RetentionDays;

  /**
   * The mode of Database Insights. ADVANCED retains performance data for 15 months, and is priced by capacity.
   *
   * @default rds.DatabaseInsightsMode.STANDARD
   */
  readonly databaseInsightsMode?: rds.DatabaseInsightsMode;
}
