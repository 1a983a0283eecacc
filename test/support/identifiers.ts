/** The property of a resource type by which the author or the library names a resource, if CloudFormation does not name it. */
const NAME_PROPERTIES: Record<string, string> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::RDS::DBProxy': 'DBProxyName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
};
/** Types of which each resource has an identifier that AWS generates. */
const NEVER_NAMED = ['AWS::Lambda::Version', 'AWS::KMS::Key', 'AWS::ApiGateway::Account'];

/** The name that a template gives a resource; undefined if AWS or CloudFormation generates it. */
export function statedName({ Type: type, Properties: properties = {} }: { Type: string; Properties?: Record<string, unknown> }): unknown {
  if (NEVER_NAMED.includes(type)) return undefined;
  const property = NAME_PROPERTIES[type];
  if (property === undefined) throw new Error(`add ${type} to the types with names`);
  return properties[property];
}
