/**
 * Quotas of CloudFormation.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const CLOUD_FORMATION = {
  resourcesMax: 500,
  /** Of a template that is uploaded to S3, as CDK does. */
  templateMaxBytes: 1_048_576,
} as const;

/**
 * Names of stacks.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-changing-name-and-id.html
 */
export const STACK_NAME = {
  maxLength: 128,
  pattern: /^[A-Za-z][A-Za-z0-9-]*$/,
} as const;

/**
 * Properties that are durations, by the last part of their path, with the seconds of one unit.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html
 */
export const DURATION_PROPERTIES: ReadonlyMap<string, number> = new Map([
  ...['AuthorizerResultTtlInSeconds', 'ConnectionBorrowTimeout', 'ExecutionTimeout', 'MaximumBatchingWindowInSeconds', 'MaximumEventAgeInSeconds',
    'MaximumRecordAgeInSeconds', 'MaxSessionDuration', 'MessageRetentionPeriod', 'Period', 'SecondsUntilAutoPause', 'Timeout',
    'TumblingWindowInSeconds', 'VisibilityTimeout'].map(property => [property, 1] as const),
  ['TimeoutInMillis', 0.001],
  ['Interval', 60],
  ['BackupRetentionPeriod', 86_400],
]);

/**
 * The name property of resource types that apps often name. A name is unique in an account and Region, so a second stack
 * with the same name fails.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
export const PHYSICAL_NAMES: Record<string, string> = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::CodeDeploy::Application': 'ApplicationName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::RDS::DBProxy': 'DBProxyName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};
