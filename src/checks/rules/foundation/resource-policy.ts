import { LAMBDA, RESOURCE_POLICIES } from '../../../aws';
import { minimumBytes } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { largestResourcePolicy } from '../support/function-policy';

const RESTRICTIONS = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl'];

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
    fix: 'use one permission for the whole API (scopePermissionToRoute or scopePermissionToMethod: false)',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachFunction(policyTooLarge),
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
  const principal = permission.string('Principal') ?? '';
  if (!principal.endsWith('.amazonaws.com') || principal === 'elasticloadbalancing.amazonaws.com') return undefined;
  if (!permission.lacks('SourceAccount') || !permission.lacks('PrincipalOrgID')) return undefined;
  const hasSource = !permission.lacks('SourceArn');
  // the ARN of a bucket contains no account
  if (!hasSource || principal === 's3.amazonaws.com') {
    return {
      at: permission,
      property: hasSource ? 'SourceAccount' : 'SourceArn',
      must: `must restrict ${principal} to one source`,
      got: undefined,
    };
  }
  return undefined;
}

function publicPermission(permission: Resource): Found {
  if (
    permission.string('Principal') === '*'
    && permission.string('Action') === 'lambda:InvokeFunction'
    && RESTRICTIONS.every(property => permission.lacks(property))
  ) {
    return { at: permission, property: 'Principal', must: 'must name an account, service or organization', got: '*' };
  }
  return undefined;
}

function policyTooLarge(fn: LambdaFunction): Found {
  const largest = largestResourcePolicy(fn);
  if (largest.bytes > LAMBDA.resourcePolicyMaxBytes) {
    return {
      at: fn.resource,
      property: 'Permission',
      must: `must be at most ${LAMBDA.resourcePolicyMaxBytes} bytes of permissions`,
      got: `at least ${largest.bytes} in ${largest.permissions} permissions, with the shortest names that the `
        + 'deployment can generate',
    };
  }
  return undefined;
}

function oversizedPolicies(app: AppGraph): Problem[] {
  return Object.entries(RESOURCE_POLICIES).flatMap(([type, { property, maxBytes, maxStatements = Infinity }]) => (
    app.ofType(type).flatMap((policy): Problem[] => {
      const statements = policy.list(`${property}.Statement`).length;
      if (statements > maxStatements) {
        const must = `must be at most ${maxStatements} statements`;
        return [{ at: policy, property: `${property}.Statement`, must, got: statements }];
      }
      const bytes = minimumBytes(policy.get(property));
      return bytes <= maxBytes
        ? [] : [{ at: policy, property, must: `must be at most ${maxBytes} bytes`, got: `at least ${bytes}` }];
    })));
}
