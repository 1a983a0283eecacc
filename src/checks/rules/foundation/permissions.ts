import { IAM, isBroadManagedPolicy } from '../../../aws';
import { functionsOf, minimumBytes, patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Statement, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { groupBy } from '../support/group-by';
import { nameList } from '../support/name-list';

export const PERMISSIONS_RULES: Rule[] = [
  {
    id: 'LP-F71',
    category: 'foundation',
    severity: 'info',
    title: 'Role of the function is imported',
    why: 'This app grants no permission to an imported role, neither for logs nor for traces.',
    fix: 'make sure that the role may write to the log group and to X-Ray',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    evaluate: eachFunction(importedRole),
  },
  {
    id: 'LP-F72',
    category: 'foundation',
    severity: 'warning',
    title: 'Role allows all actions of a service, or all resources',
    why: 'An attacker who controls the function has every permission of its role.',
    fix: 'list the actions and the resources',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    elsewhere: 'cdk-nag: AwsSolutions-IAM5',
    evaluate: eachFunction(wildcardPermissions),
  },
  {
    id: 'LP-F89',
    category: 'foundation',
    severity: 'error',
    title: 'Role has too many managed policies',
    why: 'A role supports ten managed policies, and up to twenty with a quota increase.',
    fix: 'merge them into inline policies',
    source: SOURCE.iam('reference_iam-quotas'),
    evaluate: each('AWS::IAM::Role', tooManyManagedPolicies),
  },
  {
    id: 'LP-F192',
    category: 'foundation',
    severity: 'warning',
    title: 'Trust policy of the role exceeds the default quota',
    why:
      'The trust policy of a role has at most 2,048 characters. The deployment fails in an account without a higher '
      + 'quota.',
    fix: 'name fewer principals and subjects, create several roles, or raise the quota',
    source: SOURCE.iam('reference_iam-quotas'),
    evaluate: each('AWS::IAM::Role', trustPolicyTooLarge),
  },
  {
    id: 'LP-F90',
    category: 'foundation',
    severity: 'warning',
    title: 'Several functions share a role',
    why: 'Each function has the permissions that any of them needs.',
    fix: 'create one role for each function',
    source: SOURCE.lambda('lambda-intro-execution-role'),
    practice: true,
    evaluate: sharedRoles,
  },
];

function importedRole(fn: LambdaFunction): Found {
  if (typeof fn.resource.get('Role') === 'string' && !fn.role) {
    return {
      at: fn.resource,
      property: 'Role',
      must: 'must have its permissions from another app',
      got: fn.resource.get('Role'),
    };
  }
  return undefined;
}

function wildcardPermissions(fn: LambdaFunction): Found {
  const { grants } = fn;
  if (!grants) return undefined;
  return [
    ...[...grants.statements, ...grants.managedStatements].flatMap(statement => wildcardsIn(fn, statement)),
    ...broadManagedPolicies(fn),
  ];
}

function tooManyManagedPolicies(role: Resource): Found {
  if (role.list('ManagedPolicyArns').length > 2 * IAM.managedPoliciesMax) {
    return {
      at: role,
      property: 'ManagedPolicyArns',
      must: `must be at most ${IAM.managedPoliciesMax} (${2 * IAM.managedPoliciesMax} with a quota increase)`,
      got: role.list('ManagedPolicyArns').length,
    };
  }
  return undefined;
}

function trustPolicyTooLarge(role: Resource): Found {
  const characters = minimumBytes(role.get('AssumeRolePolicyDocument'));
  return characters > IAM.trustPolicyCharacters && {
    at: role,
    property: 'AssumeRolePolicyDocument',
    must: `must be at most ${IAM.trustPolicyCharacters} characters`,
    got: `at least ${characters}`,
  };
}

function sharedRoles(app: AppGraph): Problem[] {
  return [...groupBy(functionsOf(app), fn => fn.role)]
    .filter(([role, functions]) => role !== undefined && functions.length > 1)
    .map(([role, functions]) => ({
      at: role!,
      property: 'AssumeRolePolicyDocument',
      must: 'must be used by one function',
      got: nameList(functions.map(fn => fn.path)),
    }));
}

function wildcardsIn(fn: LambdaFunction, statement: Statement): Problem[] {
  const [first, ...rest] = statement.wideParts;
  if (first === undefined) return [];
  const { part } = first;
  const parts = [first, ...rest.filter(other => other.part === part)];
  const actions = nameList([...new Set(parts.map(({ action }) => action))], 3);
  const resources = nameList([...new Set(parts.map(({ resource }) => resource))], 3);
  const { holder: at, property } = statement;
  const found = (must: string, got: string) => [{ at, property: `${property}.${part}`, must, got }];
  switch (part) {
    case 'Action': return found(`must list actions for ${fn.path}`, actions);
    case 'Resource': return found(`must list resources for ${fn.path}`, `${resources} for ${actions}`);
    case 'NotAction': return found(`must not be set for ${fn.path}, because it allows everything else`, actions);
    case 'NotResource': return found(`must not be set for ${fn.path}, because it allows everything else`, resources);
  }
}

function broadManagedPolicies(fn: LambdaFunction): Problem[] {
  const names = (fn.grants?.managedPolicies ?? []).flatMap(arn => managedPolicyName(arn) ?? []);
  const broad = names.filter(isBroadManagedPolicy);
  return broad.length === 0 ? [] : [{
    at: fn.role!,
    property: 'ManagedPolicyArns',
    must: `must allow single actions and resources for ${fn.path}`,
    got: nameList(broad, 3),
    fix: 'replace it by statements with the actions and the resources',
  }];
}

/** The name of a policy of AWS with its path. SAM accepts the name alone. */
function managedPolicyName(arn: Value): string | undefined {
  const text = patternOf(arn);
  return /^arn:[^:]*:iam::aws:policy\/([^*]+)$/.exec(text)?.[1] ?? /^[A-Za-z][\w-]+$/.exec(text)?.[0];
}
