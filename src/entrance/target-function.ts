import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ProductionFunction } from '../function';
import { LAMBDA } from '../limits';

/** The function behind a function, an alias or a version, where this app defines it. */
export function definitionOf(fn: lambda.IFunction): lambda.Function | undefined {
  if (fn instanceof ProductionFunction) return fn.definition;
  const behind = fn instanceof lambda.Function ? fn : (fn as Partial<lambda.IVersion>).lambda;
  return behind instanceof lambda.Function ? behind : undefined;
}

/** How long a function may run, in seconds, where that is known. */
export function timeoutOf(fn: lambda.IFunction): number | undefined {
  const definition = definitionOf(fn);
  if (!definition) return undefined;
  const timeout = (definition.node.defaultChild as lambda.CfnFunction).timeout ?? LAMBDA.timeoutUnsetSeconds;
  return Token.isUnresolved(timeout) ? undefined : timeout;
}

/** How many requests a function may work on at once, where that is stated. */
export function reservedConcurrencyOf(fn: lambda.IFunction): number | undefined {
  const reserved = (definitionOf(fn)?.node.defaultChild as lambda.CfnFunction | undefined)?.reservedConcurrentExecutions;
  return Token.isUnresolved(reserved) ? undefined : reserved;
}

/** An id for what belongs to one function inside an entrance, whatever the order of the routes. */
export function idOf(fn: lambda.IFunction): string {
  return `${fn.node.id}${fn.node.addr.slice(-8)}`;
}
