/** One named setting of a profile: its value in production and in a sandbox, and why the two differ. */
interface ProfileRow<T> {
  readonly production: T;
  readonly sandbox: T;
  readonly unit?: string;
  readonly why: string;
  readonly source: string;
}

/**
 * What the profiles decide, once: Profile reads its values here, and so do the rows of DEFAULTS that follow a profile.
 * Removal policies are called as CloudFormation calls them.
 */
export const PROFILES = {
  removalPolicy: row('Retain', 'Delete', 'a sandbox goes with its stack, in production data and logs outlive a mistake',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html'),
  deletionProtection: row(true, false, 'what AWS refuses to delete, it refuses to delete with the stack',
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html'),
  emptyBuckets: row(false, true, 'S3 deletes no bucket that holds objects',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html'),
  accountSettings: row(true, false, 'a setting of the account serves all its stacks and can not go with one of them',
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html'),
  logRetentionDays: row(30, 7, 'nobody looks for what a sandbox did last month',
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days'),
  deploymentConfig: row('CodeDeployDefault.LambdaCanary10Percent5Minutes', 'CodeDeployDefault.LambdaAllAtOnce',
    'five minutes of canary for each try, with nobody to be protected',
    'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html'),
  pointInTimeRecovery: row(true, false, 'DynamoDB keeps a backup for 35 days of a table that is deleted with it',
    'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html'),
  backupRetentionDays: row(7, 1, 'the least that Aurora keeps',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html', 'days'),
  standby: row(true, false, 'a second instance in another zone doubles the price of a database that may fail',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html'),
} as const;

function row<T>(production: T, sandbox: T, why: string, source: string, unit?: string): ProfileRow<T> {
  return { production, sandbox, why, source, unit };
}
