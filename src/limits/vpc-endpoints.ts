/** An endpoint through which a VPC reaches a service without a route to the internet. */
export interface ServiceEndpoint {
  /** As at the end of the service's name: `com.amazonaws.<region>.sqs`. */
  readonly name: string;
  /** In front of the service's actions in IAM. */
  readonly prefix: string;
  /** A route instead of network interfaces, and free. */
  readonly gateway?: boolean;
  /** AWS itself owns some of what is read, such as public parameters: a condition on its account would refuse them. */
  readonly ownedByAws?: boolean;
}

/**
 * The endpoints whose service takes an endpoint policy, by the prefix of its actions.
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

/** Actions that have an endpoint other than the rest of their service. */
const APART: readonly [actions: RegExp, name: string][] = [
  [/^states:startsyncexecution$/, 'sync-states'],
  // Streams are no part of the gateway of their tables.
  [/^dynamodb:(getrecords|getsharditerator|describestream)$/, 'dynamodb-streams'],
];

/** What a function is granted and does not call over its own network: Lambda does it outside the VPC, or it is no call. */
const NO_CALL: readonly RegExp[] = [
  // Log lines and traces leave by Lambda's own network.
  /^logs:(create|describe)log(group|stream)s?$/, /^logs:putlogevents$/, /^xray:/,
  // Lambda makes the network interfaces, and reads the network for the pollers of Kafka.
  /^ec2:(create|describe|delete|attach|detach|assign|unassign)(networkinterfaces?|privateipaddresses)$/, /^ec2:describe(subnets|securitygroups|vpcs)$/,
  // Permissions that are checked at a connection or handed on.
  /^rds-db:/, /^iam:passrole$/, /^elasticfilesystem:client/, /^s3files:client/, /^(sqs|sns|dynamodb|kinesis):list(queues|topics|streams)$/,
  // In the name of the caller a service uses keys itself; only the code signs, checks and derives.
  /^kms:(?!(sign|verify|verifymac|generatemac|generaterandom|getpublickey|derivesharedsecret|generatedatakeypair(withoutplaintext)?)$)/,
];

/** The endpoint through which the code calls an action; `none` where it needs none, nothing where the table does not know it. */
export function endpointOf(action: string): ServiceEndpoint | 'none' | undefined {
  const lower = action.toLowerCase();
  if (!lower.includes(':') || NO_CALL.some(pattern => pattern.test(lower))) return 'none';
  const name = APART.find(([pattern]) => pattern.test(lower))?.[1];
  return SERVICE_ENDPOINTS.find(endpoint => name === undefined ? endpoint.prefix === lower.split(':')[0] : endpoint.name === name);
}

/** Whether Lambda's pollers call the action on the source of a mapping, outside the VPC of the function. */
export function isPolling(action: string): boolean {
  return /^(sqs:(receivemessage|deletemessage|changemessagevisibility|getqueue(url|attributes))|(kinesis|dynamodb):(describe|get|list|subscribe)\w*(stream|shard|record)\w*)$/i.test(action);
}

/** Whether Lambda calls the action on a dead-letter queue or destination, outside the VPC of the function. */
export function isDelivery(action: string): boolean {
  return /^(sqs:(sendmessage|getqueue(url|attributes))|sns:publish|lambda:invokefunction|events:putevents|s3:(putobject|abort|list|getbucket|getobject|deleteobject)\w*\*?)$/i.test(action);
}

/** Whether the Data API calls the action on the secret of its database, in the name of who calls it, outside the VPC of the function. */
export function isReadByDataApi(action: string): boolean {
  return /^secretsmanager:(getsecretvalue|describesecret)$/i.test(action);
}
