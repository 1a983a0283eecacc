import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import { JMESPathTypeError, search } from '@aws-lambda-powertools/jmespath';
import { PowertoolsFunctions } from '@aws-lambda-powertools/jmespath/functions';
import { MissingKeyError } from './idempotency-errors';

/** A part of an event: a function that returns it, or a JMESPath expression with the functions of Powertools. */
export type Selector<E> = string | ((event: E) => unknown);

/** The part of an event that a selector selects, as JSON. Throws an error that names the operation if it is not JSON. */
export function select<E>(operation: string, selector: Selector<E>, event: E): JSONValue {
  const selected = typeof selector === 'function' ? selector(event) : searched(selector, event as JSONValue);
  try {
    return JSON.parse(JSON.stringify(selected, (_name, value) => typeof value === 'bigint' ? String(value) : value) ?? 'null') as JSONValue;
  } catch (error) {
    throw new Error(`the key and the payload of '${operation}' must be JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Throws an error if an expression has a mistake, so that INIT fails and not each request. */
export function requireExpressions(...selectors: (Selector<any> | undefined)[]): void {
  for (const selector of selectors) if (typeof selector === 'string') searched(selector, null);
}

/** What an expression finds. A function such as `powertools_json` finds nothing in an event without its argument, such as a body. */
function searched(expression: string, event: JSONValue): unknown {
  try {
    return search(expression, event, { customFunctions: new PowertoolsFunctions() });
  } catch (error) {
    if (error instanceof JMESPathTypeError) return null;
    throw error;
  }
}

/** The key of an event. An empty part would let events share a key that have nothing to do with each other. */
export function keyOf<E>(operation: string, selector: Selector<E>, event: E): JSONValue {
  const key = select(operation, selector, event);
  const parts = typeof key === 'object' && key !== null ? Object.values(key) : [key];
  if (parts.length === 0 || parts.some(isEmpty)) {
    throw new MissingKeyError(`the event of '${operation}' must have an idempotency key, got ${JSON.stringify(key)}`);
  }
  return key;
}

/** Whether a part identifies nothing: null, an empty text, white space, or a list or object of such parts. */
function isEmpty(part: unknown): boolean {
  if (typeof part === 'object' && part !== null) return Object.values(part).every(isEmpty);
  return part === null || part === undefined || (typeof part === 'string' && part.trim() === '');
}
