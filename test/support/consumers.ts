import type { Stack } from 'aws-cdk-lib';
import { jsiiTypes, type JsiiReference, type JsiiType } from './assembly';
import type { ProductionFunction } from '../../src';

/** Something in aws-cdk-lib that takes a function. */
export interface Consumer {
  readonly name: string;
  /** The types of aws-cdk-lib's jsii assembly through which the function is handed over here. */
  readonly types: string[];
  readonly attach: (stack: Stack, fn: ProductionFunction) => unknown;
}

const FUNCTION_TYPES = /^aws-cdk-lib\.(interfaces\.)?aws_lambda\.(IFunction|IFunctionRef|Function|IAlias|IAliasRef|Alias|IVersion|IVersionRef)$/;

/**
 * Every type of aws-cdk-lib that takes a function, a version or an alias as a prop or parameter, as its jsii assembly
 * lists them, without the callbacks through which a function hands itself over (`bind`).
 */
export function typesThatTakeFunctions(): string[] {
  const found = Object.entries(jsiiTypes()).filter(([, type]) => takenBy(type).some(isFunctionType));
  return found.map(([name]) => name.replace(/^aws-cdk-lib\./, '')).sort();
}

function takenBy(type: JsiiType): JsiiReference[] {
  const methods = [...type.methods ?? [], ...type.initializer ? [type.initializer] : []].filter(method => method.name !== 'bind');
  return [...type.datatype ? type.properties ?? [] : [], ...methods.flatMap(method => method.parameters ?? [])].map(member => member.type);
}

function isFunctionType(type: JsiiReference | undefined): boolean {
  if (!type) return false;
  if (type.fqn) return FUNCTION_TYPES.test(type.fqn);
  return [type.collection?.elementtype, ...type.union?.types ?? [], ...type.intersection?.types ?? []].some(isFunctionType);
}
