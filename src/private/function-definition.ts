import { CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { standing } from './rendered';
import { LAMBDA } from '../limits';

/** The function behind an alias, a version or anything else that carries its function as `lambda`; nothing where it was imported. */
export function definitionOf(fn: lambda.IFunction): lambda.Function | undefined {
  const inner = (fn as { lambda?: lambda.IFunction }).lambda;
  if (inner) return definitionOf(inner);
  return cfnFunctionOf(fn) && (fn as lambda.Function);
}

/** The timeout as it stands now, in seconds; nothing where it is a token or the function was imported. */
export function timeoutSecondsOf(fn: lambda.IFunction): number | undefined {
  return numberOf(fn, 'Timeout', resource => resource.timeout ?? LAMBDA.timeoutUnsetSeconds);
}

/** The reserved concurrency as it stands now; nothing where there is none or it is not known. */
export function reservedConcurrencyOf(fn: lambda.IFunction): number | undefined {
  return numberOf(fn, 'ReservedConcurrentExecutions', resource => resource.reservedConcurrentExecutions);
}

function numberOf(fn: lambda.IFunction, property: string, given: (resource: lambda.CfnFunction) => number | undefined): number | undefined {
  const definition = definitionOf(fn);
  const resource = definition && cfnFunctionOf(definition)!;
  const value = resource && standing(resource, property, given(resource));
  return typeof value === 'number' ? value : undefined;
}

function cfnFunctionOf(fn: lambda.IFunction): lambda.CfnFunction | undefined {
  const child = fn.node.defaultChild;
  const isFunction = child && CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::Lambda::Function';
  return isFunction ? child as lambda.CfnFunction : undefined;
}
