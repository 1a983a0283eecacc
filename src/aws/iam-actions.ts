import { IAM_DATA } from './iam-data.generated';

/** A name that no pattern contains, so that only a wildcard matches it. */
const ANY_NAME = '\u0001';
/** What Lambda calls with the role of a function in a VPC, before the network interfaces have names. AWSLambdaVPCAccessExecutionRole has the same. */
const NETWORK_INTERFACE_ACTIONS = new Set([
  'ec2:createnetworkinterface', 'ec2:deletenetworkinterface', 'ec2:attachnetworkinterface', 'ec2:detachnetworkinterface',
  'ec2:assignprivateipaddresses', 'ec2:unassignprivateipaddresses',
]);
/** They read nothing. AWSLambdaBasicExecutionRole has the same, also on all log groups. */
const LOG_WRITING_ACTIONS = new Set(['logs:createloggroup', 'logs:createlogstream', 'logs:putlogevents']);
/** AWS managed policies for the needs of Lambda itself. SAM accepts a policy of `service-role/` by its name without that path. */
const NARROW_MANAGED_POLICIES = /^(service-role\/.+|AWSLambda\w*ExecutionRole(Policy)?|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess|CloudWatchLambda\w+ExecutionRolePolicy|AmazonS3ObjectLambdaExecutionRolePolicy)$/i;
/** For logs, traces, the polls of one type of event source, and the hooks of CodeDeploy. */
const SUPPORTING_MANAGED_POLICY = new RegExp(`^arn:[^:]*:iam::aws:policy/(${[
  'service-role/AWSLambda(Basic|SQSQueue|DynamoDB|Kinesis)ExecutionRole', 'AWSX[Rr]ay(DaemonWriteAccess|WriteOnlyAccess)',
  'CloudWatchLambdaInsightsExecutionRolePolicy', 'service-role/AWSCodeDeployRoleForLambda(Limited)?',
].join('|')})$`);

/** Whether an action is `*`, `s3:*` or equivalent. `s3:Get*` is a part of a service. */
export function isWholeService(action: string): boolean {
  const [service, name = service] = action.split(':', 2);
  return /[*?]/.test(service) || (/^[*?]+$/.test(name) && name.includes('*'));
}

/**
 * Whether IAM requires `Resource: '*'` for an action, or for all actions that a pattern such as `textract:Get*` matches. The
 * `Describe` actions of a service count as one family: IAM scopes a few of them, and they return no data.
 */
export function requiresAllResources(action: string): boolean {
  const [service, name = ''] = action.toLowerCase().split(':', 2);
  const runs = runsOf(service);
  if (!runs) return false;
  const wildcard = name.search(/[*?]/);
  const start = wildcard < 0 ? name : name.slice(0, wildcard);
  if (wildcard >= 0 && start.startsWith('describe')) return true;
  let run = runs.starts.findIndex(word => word > start) - 1;
  if (run === -2) run = runs.starts.length - 1;
  const unscopable = runs.firstIsUnscopable === (Math.max(run, 0) % 2 === 0);
  return unscopable && (wildcard < 0 || !runs.starts.slice(run + 1).some(word => word.startsWith(start)));
}

/** Whether an action is needed on a resource that covers everything, by Lambda itself and not by the code of the function. */
export function isNeededByLambda(action: string, resource: string): boolean {
  const lower = action.toLowerCase();
  return NETWORK_INTERFACE_ACTIONS.has(lower) || (LOG_WRITING_ACTIONS.has(lower) && resource.startsWith('arn:'));
}

/**
 * Whether a resource of a policy is `*` or an ARN that covers all resources of a type, in a Region or an account or everywhere:
 * `arn:aws:s3:::*`, `arn:aws:dynamodb:*:*:table/*`. Parts in angle brackets are references, and references are names.
 */
export function coversAllResources(resource: string): boolean {
  const pattern = resource.replace(/<[^>]*>/g, '\u0002');
  if (!/[*?]/.test(pattern)) return false;
  const parts = pattern.split(':');
  if (parts.length < 6 || /[*?]/.test(parts[2])) return coversService(pattern, parts);
  const name = parts.slice(5).join(':');
  return resourcesOf(parts[2]).some(type => matches(name, type));
}

/** Whether an AWS managed policy, by its name with its path, allows more than AWS's policies for the needs of Lambda itself. */
export function isBroadManagedPolicy(name: string): boolean {
  return !NARROW_MANAGED_POLICIES.test(name);
}

/**
 * Whether the ARN is that of a managed policy for logs, traces, polls or hooks, which allows nothing else: no network interface and no
 * login to a database.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html
 */
export function isSupportingManagedPolicy(arn: string): boolean {
  return SUPPORTING_MANAGED_POLICY.test(arn);
}

function coversService(pattern: string, parts: string[]): boolean {
  const part = (i: number, otherwise: string) => parts[i] === undefined || /[*?]/.test(parts[i]) ? otherwise : parts[i];
  return Object.keys(IAM_DATA).some(service => resourcesOf(service).some(type =>
    matches(pattern, ['arn', part(1, 'aws'), service, part(3, ANY_NAME), part(4, ANY_NAME), type].join(':'))));
}

function resourcesOf(service: string): string[] {
  const arns = serviceData(service)?.[1];
  return arns ? arns.replaceAll('*', ANY_NAME).split(' ') : [ANY_NAME];
}

/** The runs of the actions of a service, each by a prefix of its first action. */
interface Runs {
  readonly firstIsUnscopable: boolean;
  readonly starts: readonly string[];
}

/** The runs of the services that policies named so far. */
const RUNS = new Map<string, Runs>();

function runsOf(service: string): Runs | undefined {
  const known = RUNS.get(service);
  const text = known ? undefined : serviceData(service)?.[0];
  if (!text) return known;
  const runs = { firstIsUnscopable: text[0] === '+', starts: text.slice(1).split(' ') };
  RUNS.set(service, runs);
  return runs;
}

function serviceData(service: string): readonly [string, string] | undefined {
  return Object.hasOwn(IAM_DATA, service) ? IAM_DATA[service] : undefined;
}

/** Whether a pattern with `*` and `?` matches a text. In linear steps a wildcard, because patterns come from any template. */
function matches(pattern: string, text: string): boolean {
  let [p, t, star, resumed] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resumed = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
