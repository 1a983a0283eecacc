import { IAM, UNSCOPABLE_ACTIONS } from '../../../aws';
import { functionsOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Statement } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { groupBy } from '../support/group-by';
import { nameList } from '../support/name-list';

const UNSCOPABLE = new Set([...UNSCOPABLE_ACTIONS].map(action => action.toLowerCase()));
const UNSCOPABLE_FAMILIES = new RegExp(
  `^(${[
    '[a-z0-9-]+:(list|describe)',
    'ec2:(create|delete|detach|attach|assign|unassign)',
    'textract:|translate:|transcribe:|polly:|rekognition:detect|comprehend:(batch)?detect|ce:|ses:',
  ].join('|')})`,
);

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
  return (fn.grants?.statements ?? []).flatMap(statement => wildcardsIn(fn, statement));
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
  if (statement.effect !== 'Allow') return [];
  const { holder: at, property } = statement;
  const literal = statement.actions.filter((_, i) => statement.isLiteral(i));
  const wildcards = literal.filter(action => /^(\*|[a-z0-9-]+:\*)$/.test(action));
  if (wildcards.length > 0) {
    return [
      { at, property: `${property}.Action`, must: `must list actions for ${fn.path}`, got: nameList(wildcards) },
    ];
  }
  // a condition restricts the resources, and so does a pattern with a name
  if (!statement.resources.includes('*') || statement.conditions !== undefined) return [];
  const scopable = literal.filter(action => !isUnscopable(action));
  if (scopable.length === 0) return [];
  const got = `* for ${nameList(scopable, 3)}`;
  return [{ at, property: `${property}.Resource`, must: `must list resources for ${fn.path}`, got }];
}

/** Whether the action supports no resource, as a single action or as one of a family. */
function isUnscopable(action: string): boolean {
  return UNSCOPABLE.has(action) || UNSCOPABLE_FAMILIES.test(action);
}
