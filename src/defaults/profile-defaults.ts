/** One setting of the profiles: the value in production and in a sandbox, and why they differ. */
interface ProfileRow<T> {
  readonly production: T;
  readonly sandbox: T;
  readonly unit?: string;
  readonly why: string;
  readonly source: string;
}

/**
 * The settings of the profiles: Profile reads them here, and so do the rows of DEFAULTS that follow a profile. Removal policies
 * have their CloudFormation names.
 */
export const PROFILES = {
  removalPolicy: row('Retain', 'Delete', 'a sandbox is deleted with its stack; in production, a mistake must not delete data and logs',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html'),
  deletionProtection: row(true, false, 'a resource with deletion protection prevents the deletion of its stack',
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html'),
  emptyBuckets: row(false, true, 'S3 does not delete a bucket with objects',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html'),
  accountSettings: row(true, false, 'a setting of the account is used by all stacks and cannot be deleted with one of them',
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html'),
  logRetentionDays: row(30, 7, 'the logs of a sandbox are not needed after a month',
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days'),
  deploymentConfig: row('CodeDeployDefault.LambdaCanary10Percent10Minutes', 'CodeDeployDefault.LambdaAllAtOnce',
    'a canary takes ten minutes for each deployment, and a sandbox has no customers to protect',
    'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html'),
  pointInTimeRecovery: row(true, false, 'DynamoDB retains a backup of a deleted table for 35 days',
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html'),
  backupRetentionDays: row(7, 1, 'the shortest retention period of Aurora',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html', 'days'),
  standby: row(true, false, 'a second instance doubles the price, and the database of a sandbox may fail',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html'),
} as const;

function row<T>(production: T, sandbox: T, why: string, source: string, unit?: string): ProfileRow<T> {
  return { production, sandbox, why, source, unit };
}
