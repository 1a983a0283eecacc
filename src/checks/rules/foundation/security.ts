import { unreachable } from './reachability';
import { IAM, LAMBDA, UNSCOPABLE_ACTIONS } from '../../../limits';
import { allows, connectsTo, covers, functionsOf, isJson, patternOf, targetOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Statement, Value } from '../../graph';
import { each, eachFunction, eachFunctionAtAll, list } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';

/** What lives in a VPC and is a reason to be there; endpoints are made by who wants no way to the internet. */
const VPC_RESOURCES = /^AWS::(RDS|ElastiCache|MemoryDB|Neptune|DocDB|Redshift|EFS|OpenSearchService|Elasticsearch|MSK|AmazonMQ|ECS|EKS|ElasticLoadBalancing|ElasticLoadBalancingV2|DAX|FSx|EC2::(Instance|VPCEndpoint|TransitGatewayAttachment|VPCPeeringConnection|VPNConnection))/;

/** Roles, permissions and networks. */
export const SECURITY_RULES: Rule[] = [
  {
    id: 'LP-F71',
    article: 'foundation',
    severity: 'info',
    title: 'the role comes from outside',
    why: 'neither logs nor traces nor anything else is granted to it here',
    fix: 'see that it may write to the log group and to X-Ray',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    evaluate: eachFunction(fn => typeof fn.resource.get('Role') === 'string' && !fn.role
      && { at: fn.resource, property: 'Role', must: 'must have its grants elsewhere', got: fn.resource.get('Role') }),
  },
  {
    id: 'LP-F72',
    article: 'foundation',
    severity: 'warning',
    title: 'the role may do everything of a service, or anywhere',
    why: 'who takes over the function takes over all that its role may do',
    fix: 'name the actions and the resources',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    elsewhere: 'cdk-nag: AwsSolutions-IAM5',
    evaluate: eachFunction(fn => (fn.grants?.statements ?? []).flatMap(statement => wildcards(fn, statement))),
  },
  {
    id: 'LP-F73',
    article: 'foundation',
    severity: 'warning',
    title: 'a service may invoke for anyone',
    why: 'without a source a resource of any other account can make the service call this function (confused deputy)',
    fix: 'set SourceArn, and SourceAccount where the ARN names no account',
    source: SOURCE.lambda('access-control-resource-based'),
    elsewhere: 'CDK and cfn-lint: W3663 where the ARN lacks an account',
    evaluate: each('AWS::Lambda::Permission', permission => {
      const principal = permission.string('Principal') ?? '';
      if (!principal.endsWith('.amazonaws.com') || principal === 'elasticloadbalancing.amazonaws.com') return undefined;
      const bare = ['SourceArn', 'SourceAccount', 'PrincipalOrgID'].every(property => permission.lacks(property));
      const bucket = principal === 's3.amazonaws.com' && permission.lacks('SourceAccount') && permission.lacks('PrincipalOrgID');
      return (bare || bucket) && { at: permission, property: bare ? 'SourceArn' : 'SourceAccount', must: `must say for whom ${principal} invokes`, got: undefined };
    }),
  },
  {
    id: 'LP-F87',
    article: 'foundation',
    severity: 'error',
    title: 'everyone may invoke the function',
    why: 'a permission for the principal * without a condition opens the function to every AWS account',
    fix: 'name the account, service or organization',
    source: SOURCE.lambda('access-control-resource-based'),
    elsewhere: 'checkov: CKV_AWS_301; Security Hub: Lambda.1',
    evaluate: each('AWS::Lambda::Permission', permission => permission.string('Principal') === '*' && permission.string('Action') === 'lambda:InvokeFunction'
      && ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl'].every(property => permission.lacks(property))
      && { at: permission, property: 'Principal', must: 'must name who may invoke', got: '*' }),
  },
  {
    id: 'LP-F74',
    article: 'foundation',
    severity: 'warning',
    title: 'the code may manage network interfaces',
    why: 'the permissions that Lambda needs to attach the function to the VPC are also those of its code',
    fix: 'add a Deny on the ENI actions with ArnEquals lambda:SourceFunctionArn',
    source: SOURCE.lambda('configuration-vpc'),
    practice: true,
    evaluate: eachFunction(fn => {
      const role = fn.role;
      if (!fn.inVpc || !role || !fn.grants) return undefined;
      const denied = fn.grants.statements.some(({ effect, actions }) => effect === 'Deny' && actions.some(action => covers(action, 'ec2:CreateNetworkInterface')));
      const granted = fn.grants.managedPolicies.some(arn => /AWSLambdaVPCAccessExecutionRole|AWSLambdaENIManagementAccess/.test(patternOf(arn)))
        || fn.grants.statements.some(({ effect, actions }) => effect === 'Allow' && actions.some(action => covers(action, 'ec2:CreateNetworkInterface')));
      return granted && !denied && { at: role, property: 'Policies', must: `must deny ec2:CreateNetworkInterface to the code of ${fn.path}`, got: undefined };
    }),
  },
  {
    id: 'LP-F75',
    article: 'foundation',
    severity: 'warning',
    title: 'the function is in one availability zone',
    why: 'when the zone is down, so is the function',
    fix: 'give it subnets in two zones or more',
    source: SOURCE.lambda('configuration-vpc'),
    elsewhere: 'Security Hub: Lambda.5',
    practice: true,
    evaluate: eachFunction(fn => {
      const subnets = fn.resource.list('VpcConfig.SubnetIds');
      const zones = zonesOf(fn.app, subnets, fn.resource);
      return subnets.length > 0 && zones !== undefined && zones < LAMBDA.availabilityZonesMin
        && { at: fn.resource, property: 'VpcConfig.SubnetIds', must: `must span ${LAMBDA.availabilityZonesMin} availability zones`, got: zones };
    }),
  },
  {
    id: 'LP-F76',
    article: 'foundation',
    severity: 'warning',
    title: 'a service that the function may use is out of reach',
    why: 'from subnets without a way out, a call to a service without an endpoint hangs until the timeout',
    fix: 'add the VPC endpoint, or a route',
    source: SOURCE.lambda('configuration-vpc-internet'),
    evaluate: eachFunction(fn => unreachable(fn).map(service => ({
      at: fn.resource, property: 'VpcConfig.SubnetIds', must: `must reach ${service}, which the role of the function is granted`, got: 'isolated subnets without an endpoint for it',
    }))),
  },
  {
    id: 'LP-F77',
    article: 'foundation',
    severity: 'warning',
    title: 'a VPC for nothing',
    why: 'a function in a VPC needs NAT or endpoints, and waits for its interfaces; nothing of the app is there',
    fix: 'take the function out of the VPC',
    source: SOURCE.lambda('configuration-vpc'),
    evaluate: eachFunction((fn, app) => {
      const own = fn.inVpc && fn.resource.list('VpcConfig.SubnetIds').every(subnet => app.resourceOf(subnet, fn.resource, 'AWS::EC2::Subnet'));
      return own && !app.view(hasReasonForVpc) && connectsTo(fn).length === 0 && fn.resource.lacks('FileSystemConfigs')
        && { at: fn.resource, property: 'VpcConfig', must: 'must have a resource of the VPC to reach', got: 'none in the app' };
    }),
  },
  {
    id: 'LP-F88',
    article: 'foundation',
    severity: 'error',
    title: 'the policy of the function overflows',
    why: 'permissions of a function and its aliases share one policy of 20,480 bytes: the deployment fails',
    fix: 'use one permission for the whole API (scopePermissionToRoute or scopePermissionToMethod: false)',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachFunction(fn => {
      // Lambda keeps one policy for each qualifier; a lower bound of its bytes
      const most = Math.max(0, ...[...groupBy(fn.permissions, permission => targetOf(fn.app, permission.get('FunctionName'), permission).qualifier).values()]
        .map(permissions => permissions.reduce((bytes, permission) => bytes + permissionBytes(permission), 0)));
      return most > LAMBDA.resourcePolicyMaxBytes
        && { at: fn.resource, property: 'Permission', must: `must be at most ${LAMBDA.resourcePolicyMaxBytes} bytes of permissions`, got: `at least ${most} in ${fn.permissions.length} permissions` };
    }),
  },
  {
    id: 'LP-F89',
    article: 'foundation',
    severity: 'error',
    title: 'more managed policies than a role takes',
    why: 'a role has ten unless the account was given more',
    fix: 'merge them into inline statements',
    source: SOURCE.iam('reference_iam-quotas'),
    evaluate: each('AWS::IAM::Role', role => role.list('ManagedPolicyArns').length > 2 * IAM.managedPoliciesMax
      && { at: role, property: 'ManagedPolicyArns', must: `must be at most ${IAM.managedPoliciesMax} (${2 * IAM.managedPoliciesMax} on request)`, got: role.list('ManagedPolicyArns').length }),
  },
  {
    id: 'LP-F91',
    article: 'foundation',
    severity: 'error',
    title: 'the function cannot attach to its VPC',
    why: 'Lambda makes the network interface with the role of the function; CDK adds the policy only to roles that it makes itself',
    fix: 'add the managed policy AWSLambdaVPCAccessExecutionRole, or its ENI actions',
    source: SOURCE.lambda('configuration-vpc'),
    evaluate: eachFunctionAtAll(fn => fn.inVpc && fn.role !== undefined && fn.grants?.complete === true && !allows(fn.grants.statements, 'ec2:CreateNetworkInterface')
      && { at: fn.role, property: 'Policies', must: `must allow ec2:CreateNetworkInterface for ${fn.path}`, got: undefined }),
  },
  {
    id: 'LP-F90',
    article: 'foundation',
    severity: 'warning',
    title: 'several functions share a role',
    why: 'each of them may do what any of them needs',
    fix: 'give each function a role of its own',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    practice: true,
    evaluate: app => [...groupBy(functionsOf(app), fn => fn.role)]
      .filter(([role, functions]) => role !== undefined && functions.length > 1)
      .map(([role, functions]) => ({ at: role!, property: 'AssumeRolePolicyDocument', must: 'must serve one function', got: list(functions.map(fn => fn.path)) })),
  },
];

function hasReasonForVpc(app: AppGraph): boolean {
  return app.types().some(type => VPC_RESOURCES.test(type));
}

/** How many availability zones the subnets of the app span; nothing when one of them comes from outside. */
export function zonesOf(app: AppGraph, subnets: Value[], from: Resource): number | undefined {
  const zones = subnets.map(value => {
    const properties = app.resourceOf(value, from, 'AWS::EC2::Subnet')?.raw.Properties;
    return isJson(properties) ? JSON.stringify(properties.AvailabilityZone) : undefined;
  });
  return zones.includes(undefined) ? undefined : new Set(zones).size;
}

function wildcards(fn: LambdaFunction, statement: Statement) {
  if (statement.effect !== 'Allow') return [];
  const actions = statement.actions.filter((action, i) => /^(\*|[a-z0-9-]+:\*)$/.test(action) && statement.tells(i));
  const must = `must name actions for ${fn.path}`;
  if (actions.length > 0) return [{ at: statement.holder, property: `${statement.property}.Action`, must, got: list(actions) }];
  // these are scoped by what they act on; a name in a pattern is a scope
  if (!statement.resources.includes('*') || statement.conditions !== undefined) return [];
  const scopable = statement.actions.filter((action, i) => !unscopable(action) && statement.tells(i));
  return scopable.length > 0 ? [{ at: statement.holder, property: `${statement.property}.Resource`, must: `must name resources for ${fn.path}`, got: `* for ${list(scopable, 3)}` }] : [];
}

/** Actions that take no resource: those known one by one, and families that are never scoped, whatever the service. */
function unscopable(action: string): boolean {
  return UNSCOPABLE.has(action) || /^([a-z0-9-]+:(list|describe)|ec2:(create|delete|detach|attach|assign|unassign)|textract:|translate:|transcribe:|polly:|rekognition:detect|comprehend:(batch)?detect|ce:|ses:)/.test(action);
}

const UNSCOPABLE = new Set([...UNSCOPABLE_ACTIONS].map(action => action.toLowerCase()));

function permissionBytes(permission: Resource): number {
  const text = ['Principal', 'Action', 'SourceArn', 'SourceAccount', 'FunctionName'].map(property => patternOf(permission.get(property))).join('');
  // the braces, keys, generated statement id and ARNs that every statement of such a policy has
  return 190 + text.length;
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...groups.get(key(item)) ?? [], item]);
  return groups;
}
