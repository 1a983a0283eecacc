/** An endpoint through which a VPC reaches a service without a route to the internet. */
export interface ServiceEndpoint {
  /** The last part of the service name: `com.amazonaws.<region>.sqs`. */
  readonly name: string;
  /** The prefix of the service's actions in IAM. */
  readonly prefix: string;
  /** A gateway endpoint, which has routes instead of network interfaces and costs nothing. */
  readonly gateway?: boolean;
  /** AWS owns some of the resources, such as public parameters: a condition on the account would deny them. */
  readonly ownedByAws?: boolean;
}

/**
 * The services that support endpoint policies.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export const SERVICE_ENDPOINTS: readonly ServiceEndpoint[] = [
  { name: 's3', prefix: 's3', gateway: true },
  { name: 'dynamodb', prefix: 'dynamodb', gateway: true },
  { name: 'sqs', prefix: 'sqs' },
  { name: 'sns', prefix: 'sns' },
  { name: 'events', prefix: 'events' },
  { name: 'states', prefix: 'states' },
  { name: 'sync-states', prefix: 'states' },
  { name: 'lambda', prefix: 'lambda' },
  { name: 'secretsmanager', prefix: 'secretsmanager' },
  { name: 'ssm', prefix: 'ssm', ownedByAws: true },
  { name: 'kms', prefix: 'kms' },
  { name: 'sts', prefix: 'sts' },
  { name: 'rds-data', prefix: 'rds-data' },
  { name: 'kinesis-streams', prefix: 'kinesis' },
  { name: 'kinesis-firehose', prefix: 'firehose' },
  { name: 'monitoring', prefix: 'cloudwatch' },
  { name: 'logs', prefix: 'logs' },
  { name: 'bedrock-runtime', prefix: 'bedrock', ownedByAws: true },
];

/** Actions with an endpoint other than the other actions of their service. */
const EXCEPTIONS: readonly [actions: RegExp, name: string][] = [
  [/^states:startsyncexecution$/, 'sync-states'],
  // The gateway endpoint of DynamoDB does not include streams.
  [/^dynamodb:(getrecords|getsharditerator|describestream)$/, 'dynamodb-streams'],
];

/** Actions that need no endpoint: Lambda calls them outside the VPC, or they are not calls. */
const WITHOUT_ENDPOINT: readonly RegExp[] = [
  // Lambda sends logs and traces over its own network.
  /^logs:(create|describe)log(group|stream)s?$/, /^logs:putlogevents$/, /^xray:/,
  // Lambda creates the network interfaces, and reads the network for the event pollers of Kafka.
  /^ec2:(create|describe|delete|attach|detach|assign|unassign)(networkinterfaces?|privateipaddresses)$/, /^ec2:describe(subnets|securitygroups|vpcs)$/,
  // Permissions that are checked when a connection is opened, or passed to a service.
  /^rds-db:/, /^iam:passrole$/, /^elasticfilesystem:client/, /^s3files:client/, /^(sqs|sns|dynamodb|kinesis):list(queues|topics|streams)$/,
  // Services use keys on behalf of the caller; only code signs, verifies and derives.
  /^kms:(?!(sign|verify|verifymac|generatemac|generaterandom|getpublickey|derivesharedsecret|generatedatakeypair(withoutplaintext)?)$)/,
];

/** The endpoint for an action; `none` if the action needs none, undefined if the service is not in the table. */
export function endpointOf(action: string): ServiceEndpoint | 'none' | undefined {
  const lower = action.toLowerCase();
  if (!lower.includes(':') || WITHOUT_ENDPOINT.some(pattern => pattern.test(lower))) return 'none';
  const name = EXCEPTIONS.find(([pattern]) => pattern.test(lower))?.[1];
  return SERVICE_ENDPOINTS.find(endpoint => name === undefined ? endpoint.prefix === lower.split(':')[0] : endpoint.name === name);
}

/** Whether the event pollers of Lambda call an action on an event source, outside the VPC of the function. */
export function isPolling(action: string): boolean {
  return /^(sqs:(receivemessage|deletemessage|changemessagevisibility|getqueue(url|attributes))|(kinesis|dynamodb):(describe|get|list|subscribe)\w*(stream|shard|record)\w*)$/i.test(action);
}

/** Whether Lambda calls an action on a dead-letter queue or destination, outside the VPC of the function. */
export function isDelivery(action: string): boolean {
  return /^(sqs:(sendmessage|getqueue(url|attributes))|sns:publish|lambda:invokefunction|events:putevents|s3:(putobject|abort|list|getbucket|getobject|deleteobject)\w*\*?)$/i.test(action);
}

/** Whether the Data API calls an action on the secret of its database, on behalf of its caller, outside the VPC of the function. */
export function isReadByDataApi(action: string): boolean {
  return /^secretsmanager:(getsecretvalue|describesecret)$/i.test(action);
}
