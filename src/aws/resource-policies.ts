/** The quota of the resource policy of a service. */
interface ResourcePolicyQuota {
  /** The property with the policy document. */
  readonly property: string;
  readonly maxBytes: number;
  readonly maxStatements?: number;
  readonly source: string;
}

const QUEUE: ResourcePolicyQuota = {
  property: 'PolicyDocument',
  maxBytes: 8_192,
  maxStatements: 20,
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
};
const TOPIC: ResourcePolicyQuota = {
  property: 'PolicyDocument',
  maxBytes: 30_720,
  maxStatements: 100,
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html',
};

/** The resource policies that many resources of an app add statements to, by the type of the resource in the template. */
export const RESOURCE_POLICIES: { readonly [type: string]: ResourcePolicyQuota } = {
  'AWS::SQS::QueuePolicy': QUEUE,
  'AWS::SQS::QueueInlinePolicy': QUEUE,
  'AWS::SNS::TopicPolicy': TOPIC,
  'AWS::SNS::TopicInlinePolicy': TOPIC,
  'AWS::S3::BucketPolicy': {
    property: 'PolicyDocument',
    maxBytes: 20_480,
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html',
  },
  'AWS::KMS::Key': {
    property: 'KeyPolicy',
    maxBytes: 32_768,
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
  },
  'AWS::SecretsManager::ResourcePolicy': {
    property: 'ResourcePolicy',
    maxBytes: 20_480,
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html',
  },
};

/**
 * Each resource of the type adds a statement to the policy of its event bus. The quota can be raised.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const EVENT_BUS_POLICY = { type: 'AWS::Events::EventBusPolicy', maxBytes: 10_240 } as const;

/**
 * Policies that allow services to write to log groups: of CloudFormation, and of the custom resource of CDK, which creates one
 * for each log group that is the target of a rule.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
 */
export const LOGS_RESOURCE_POLICIES = { types: ['AWS::Logs::ResourcePolicy', 'Custom::CloudwatchLogResourcePolicy'], max: 10 } as const;
