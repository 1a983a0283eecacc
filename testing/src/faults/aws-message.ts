import type { ProxiedRequest } from './aws-service';
import type { Message } from './fault';

/** The names of services by the signing name of a request, where they differ. */
const NAMES: Record<string, string> = {
  dynamodb: 'DynamoDB',
  sqs: 'SQS',
  sns: 'SNS',
  s3: 'S3',
  events: 'EventBridge',
  secretsmanager: 'SecretsManager',
  ssm: 'SSM',
  kinesis: 'Kinesis',
  states: 'StepFunctions',
  lambda: 'Lambda',
  kms: 'KMS',
  sts: 'STS',
  logs: 'CloudWatchLogs',
  scheduler: 'Scheduler',
  cognitoidp: 'Cognito',
};

/** The members of a request that name its subject, the most specific first. */
const SUBJECTS = ['TableName', 'QueueUrl', 'SecretId', 'StreamName', 'TopicArn', 'stateMachineArn', 'FunctionName', 'KeyId', 'logGroupName', 'Name'];

/** The service, the operation and the subject of a request to AWS, whichever protocol the service has. */
export function awsMessage({ method, path, headers, body }: ProxiedRequest): Message {
  const scope = /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'aws';
  const service = NAMES[scope] ?? scope;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { service, what: `${target.split('.')[1]} ${subjectOf(body)}`.trim() };
  const form = new URLSearchParams(body.toString());
  if (form.has('Action')) return { service, what: `${form.get('Action')} ${last(form.get('TopicArn') ?? form.get('QueueUrl') ?? '')}`.trim() };
  return { service, what: `${method} ${path.split('?')[0]}` };
}

function subjectOf(body: Buffer): string {
  try {
    const input = JSON.parse(body.toString() || '{}');
    const kinds = (Array.isArray(input.Entries) ? input.Entries : []).map((entry: { DetailType?: string }) => entry.DetailType).filter(Boolean);
    if (kinds.length > 0) return [...new Set(kinds)].join(' ');
    const tables = Object.keys(input.RequestItems ?? {});
    const name = SUBJECTS.map(member => input[member]).find(value => typeof value === 'string');
    return name === undefined ? tables.join(' ') : last(name);
  } catch {
    return ''; // the protocol is binary
  }
}

/** The name at the end of an ARN or a URL. */
function last(text: string): string {
  return text.split(/[/:]/).pop()!;
}
