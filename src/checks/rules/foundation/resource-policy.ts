import { LAMBDA, RESOURCE_POLICIES } from '../../../aws';
import { asString, covers, functionsOf, patternOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { largestResourcePolicy, policiesOfOthers } from '../support/function-policy';
import type { ResourcePolicySize } from '../support/function-policy';
import { groupBy } from '../support/group-by';
import { oversizedPolicies } from '../support/shared-policies';

/** A pattern for the sources of every account. */
const ANY_ACCOUNT = /^\*+$|^arn:[^:]*:[^:]*:[^:]*:\*:/;
const SOURCES = ['SourceArn', 'SourceAccount', 'PrincipalOrgID'];
const URL_CONDITIONS = ['FunctionUrlAuthType', 'InvokedViaFunctionUrl'];

export const RESOURCE_POLICY_RULES: Rule[] = [
  {
    id: 'LP-F73',
    category: 'foundation',
    severity: 'warning',
    title: 'Service permission has no source',
    why:
      'Without a source, a resource of another account can make the service invoke the function (confused '
      + 'deputy).',
    fix: 'set SourceArn, and SourceAccount if the ARN contains no account',
    source: SOURCE.lambda('access-control-resource-based'),
    elsewhere: 'CDK and cfn-lint: W3663 if the ARN contains no account',
    evaluate: each('AWS::Lambda::Permission', serviceWithoutSource),
  },
  {
    id: 'LP-F87',
    category: 'foundation',
    severity: 'error',
    title: 'Everyone may invoke the function',
    why: 'A permission for the principal * without a condition opens the function to every AWS account.',
    fix: 'name the account, service or organization',
    source: SOURCE.lambda('access-control-resource-based'),
    elsewhere: 'checkov: CKV_AWS_301; Security Hub: Lambda.1',
    evaluate: each('AWS::Lambda::Permission', publicPermission),
  },
  {
    id: 'LP-F88',
    category: 'foundation',
    severity: 'error',
    title: 'Resource policy of the function is too large',
    why: 'The permissions of one qualifier share a policy of 20,480 bytes. The deployment fails above it.',
    fix: 'use one permission for all sources of a service, with a pattern in SourceArn, or let them send to one queue',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: policiesTooLarge,
  },
  {
    id: 'LP-F100',
    category: 'foundation',
    severity: 'error',
    title: 'Resource policy exceeds the quota of its service',
    why:
      'Each rule, topic or role that uses a shared resource can add a statement. The deployment fails above the '
      + 'quota.',
    fix: 'merge the statements into one with a list of sources or a condition on the account, or use several resources',
    source: RESOURCE_POLICIES['AWS::SQS::QueuePolicy'].source,
    evaluate: oversizedPolicies,
  },
];

function serviceWithoutSource(permission: Resource): Found {
  // the principal of a service may contain the Region
  const principal = patternOf(permission.get('Principal'));
  if (!principal.endsWith('.amazonaws.com') || principal === 'elasticloadbalancing.amazonaws.com') return undefined;
  if (!permission.lacks('SourceAccount') || !permission.lacks('PrincipalOrgID')) return undefined;
  const source = permission.lacks('SourceArn') ? undefined : permission.get('SourceArn');
  const isAny = ANY_ACCOUNT.test(asString(source) ?? '');
  // the ARN of a bucket contains no account
  if (source === undefined || isAny || principal === 's3.amazonaws.com') {
    return {
      at: permission,
      property: source === undefined || isAny ? 'SourceArn' : 'SourceAccount',
      must: `must restrict ${principal} to one source`,
      got: isAny ? source : undefined,
    };
  }
  return undefined;
}

function publicPermission(permission: Resource): Found {
  const action = permission.string('Action') ?? '';
  const isDirect = covers(action, 'lambda:InvokeFunction') && URL_CONDITIONS.every(name => permission.lacks(name));
  // every account can sign its requests to the URL; LP-H22 reports a URL that needs no signature
  const isSigned = covers(action, 'lambda:InvokeFunctionUrl') && permission.string('FunctionUrlAuthType') === 'AWS_IAM';
  const isOpen = permission.string('Principal') === '*' && SOURCES.every(name => permission.lacks(name));
  if (isOpen && (isDirect || isSigned)) {
    return { at: permission, property: 'Principal', must: 'must name an account, service or organization', got: '*' };
  }
  return undefined;
}

/** The fix by the service that has most of the permissions. */
const FEWER_PERMISSIONS: Record<string, string> = {
  'apigateway.amazonaws.com':
    'use one permission for the whole API (scopePermissionToRoute or scopePermissionToMethod: false)',
  'events.amazonaws.com':
    'use schedules of EventBridge Scheduler, which invoke by a role, or let the rules send to one queue',
  'sns.amazonaws.com': 'subscribe one queue to the topics, and let the function read the queue',
  's3.amazonaws.com': 'let the buckets notify one queue, and let the function read the queue',
  'logs.amazonaws.com':
    'use one permission with a pattern of the log groups in SourceArn '
    + '(in CDK LambdaDestination with addPermissions: false)',
};

function policiesTooLarge(app: AppGraph): Problem[] {
  return [
    ...functionsOf(app).flatMap(fn => policyTooLarge(fn.resource, largestResourcePolicy(fn))),
    ...policiesOfOthers(app).flatMap(policy => policyTooLarge(policy.permissions[0], policy)),
  ];
}

function policyTooLarge(at: Resource, { bytes, permissions }: ResourcePolicySize): Problem[] {
  if (bytes <= LAMBDA.resourcePolicyMaxBytes) return [];
  const services = groupBy(permissions, permission => permission.string('Principal') ?? '');
  const [[most]] = [...services].sort(([, a], [, b]) => b.length - a.length);
  return [{
    at,
    property: 'Permission',
    must: `must be at most ${LAMBDA.resourcePolicyMaxBytes} bytes of permissions`,
    got: `at least ${bytes} in ${permissions.length} permissions, with the shortest names that the `
      + 'deployment can generate',
    fix: FEWER_PERMISSIONS[most],
  }];
}
