import { CfnResource, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { propertyOverridesOf, unresolvedEnvironmentOf } from './cdk-internals';
import { effectiveProperty, effectiveValue } from './effective-properties';
import { LAMBDA } from '../aws';

/** The function behind an alias, a version or another construct with a property `lambda`; undefined if it was imported. */
export function definitionOf(fn: lambda.IFunction): lambda.Function | undefined {
  const inner = (fn as { lambda?: lambda.IFunction }).lambda;
  if (inner) return definitionOf(inner);
  return cfnFunctionOf(fn) && (fn as lambda.Function);
}

/** The effective timeout in seconds; undefined if it is a token or the function was imported. */
export function timeoutSecondsOf(fn: lambda.IFunction): number | undefined {
  return numberOf(fn, 'Timeout', resource => resource.timeout ?? LAMBDA.timeoutUnsetSeconds);
}

/** The effective timeout before synth, when a token must not be resolved: undefined if it is a token. */
export function knownTimeoutSecondsOf(fn: lambda.IFunction): number | undefined {
  return Token.isUnresolved(effectiveTimeout(fn)) ? undefined : timeoutSecondsOf(fn);
}

/** The effective reserved concurrency; undefined if there is none or it is a token. */
export function reservedConcurrencyOf(fn: lambda.IFunction): number | undefined {
  return numberOf(fn, 'ReservedConcurrentExecutions', resource => resource.reservedConcurrentExecutions);
}

/** The timeout that the function has at synth, in seconds and with its tokens; the default of Lambda if the function is imported. */
export function effectiveTimeout(fn: lambda.IFunction): unknown {
  const resource = cfnFunctionOf(definitionOf(fn));
  return (resource && effectiveValue(resource, 'Timeout', resource.timeout)) ?? LAMBDA.timeoutUnsetSeconds;
}

/** The reserved concurrency that the function has at synth, with its tokens; undefined if it has none or is imported. */
export function effectiveReservedConcurrency(fn: lambda.IFunction): unknown {
  const resource = cfnFunctionOf(definitionOf(fn));
  return resource && effectiveValue(resource, 'ReservedConcurrentExecutions', resource.reservedConcurrentExecutions);
}

/** Whether a function is for Lambda Managed Instances. */
export function hasCapacityProvider(resource: lambda.CfnFunction): boolean {
  return effectiveValue(resource, 'CapacityProviderConfig', resource.capacityProviderConfig) !== undefined;
}

/** The environment that the app states for a function, overrides included, each value unresolved; without one value that is a default. */
export function statedEnvironmentOf(fn: lambda.Function, byDefault?: unknown): Record<string, unknown> {
  const overrides = propertyOverridesOf(cfnFunctionOf(fn)!).Environment?.Variables ?? {};
  const stated = Object.entries(unresolvedEnvironmentOf(fn)).filter(([, value]) => value !== byDefault);
  return { ...Object.fromEntries(stated), ...overrides };
}

function numberOf(fn: lambda.IFunction, property: string, own: (resource: lambda.CfnFunction) => number | undefined): number | undefined {
  const resource = cfnFunctionOf(definitionOf(fn));
  const value = resource && effectiveProperty(resource, property, own(resource));
  return typeof value === 'number' ? value : undefined;
}

/** The resource of a function; undefined if it is imported. */
export function cfnFunctionOf(fn: lambda.IFunction | undefined): lambda.CfnFunction | undefined {
  const child = fn?.node.defaultChild;
  const isFunction = child && CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::Lambda::Function';
  return isFunction ? child as lambda.CfnFunction : undefined;
}
