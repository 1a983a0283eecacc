import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { newStack, REQUIRED } from './plain-function';
import { type RoleStatements, statementsOfRole } from './role-statements';
import { ProductionFunction, type ProductionFunctionProps } from '../../src';

export type Json = Record<string, any>;

/** A ProductionFunction with the required props. */
export function production(scope: Construct, props: Partial<ProductionFunctionProps> = {}, id = 'Pay'): ProductionFunction {
  return new ProductionFunction(scope, id, { ...REQUIRED, ...props });
}

/** The resources of a stack by logical id. */
export function resourcesOf(stack: Stack): Json {
  return Template.fromStack(stack).toJSON().Resources;
}

/** The only resource of a type; throws an error with the resources that exist otherwise. */
export function only(stack: Stack, type: string, logicalId = /./): Json {
  const found = Object.entries<Json>(resourcesOf(stack)).filter(([id, resource]) => resource.Type === type && logicalId.test(id));
  if (found.length !== 1) throw new Error(`expected one ${type}, got ${found.map(([id]) => id).join(', ') || 'none'}`);
  return found[0][1];
}

/** The function's properties in the template of a new stack. */
export function functionProperties(props: Partial<ProductionFunctionProps> = {}): Json {
  const stack = newStack();
  production(stack, props);
  return only(stack, 'AWS::Lambda::Function', /^Pay/).Properties;
}

/** The statements of the function's own role in the template, by their place. */
export function placedStatements(stack: Stack, role = /^PayServiceRole/): RoleStatements {
  const resources = resourcesOf(stack);
  const [roleId, ...others] = Object.keys(resources).filter(id => resources[id].Type === 'AWS::IAM::Role' && role.test(id));
  if (!roleId || others.length > 0) throw new Error(`expected one role ${role}, got ${[roleId, ...others].join(', ')}`);
  return statementsOfRole(resources, roleId);
}

/** All statements of the function's own role in the template. */
export function roleStatements(stack: Stack): Json[] {
  return placedStatements(stack).all;
}

/** The grants on resources: the statements of the role's only policy; throws an error if the role has none or several. */
export function grantedStatements(stack: Stack): Json[] {
  const { attached } = placedStatements(stack);
  const [granted, ...others] = Object.entries(attached);
  if (!granted?.[0].startsWith('PayServiceRoleDefaultPolicy') || others.length > 0) {
    throw new Error(`expected the one default policy of the role, got ${Object.keys(attached).join(', ') || 'none'}`);
  }
  return granted[1];
}
