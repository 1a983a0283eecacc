/** What a connector of SAM lets a function do with a resource. */
interface ConnectorAccess {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** What is beside the resource itself: the objects of a bucket, the indexes of a table. */
  readonly below?: string;
}

function actions(service: string, names: string): string[] {
  return names.split(' ').map(name => `${service}:${name}`);
}

/**
 * The actions that a connector allows to a function, by the type of its destination.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html
 */
export const SAM_CONNECTORS: Record<string, ConnectorAccess> = {
  'AWS::Lambda::Function': { write: actions('lambda', 'InvokeAsync InvokeFunction') },
  'AWS::S3::Bucket': {
    read: actions('s3', 'GetObject GetObjectVersion ListBucket ListBucketVersions'),
    write: actions('s3', 'AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject RestoreObject'),
    below: '/*',
  },
  'AWS::DynamoDB::Table': {
    read: actions('dynamodb', 'GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect'),
    write: actions('dynamodb', 'PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate'),
    below: '/index/*',
  },
  'AWS::SQS::Queue': {
    read: actions('sqs', 'ReceiveMessage GetQueueAttributes'),
    write: actions('sqs', 'DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue'),
  },
  'AWS::SNS::Topic': { write: actions('sns', 'Publish') },
  'AWS::StepFunctions::StateMachine': {
    read: actions('states', 'DescribeStateMachine ListExecutions'),
    write: actions('states', 'StartExecution StartSyncExecution'),
  },
  'AWS::Events::EventBus': { write: actions('events', 'PutEvents') },
};
