import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import { search } from '@aws-lambda-powertools/jmespath';
import { PowertoolsFunctions } from '@aws-lambda-powertools/jmespath/functions';
import { MissingKeyError } from './idempotency-errors';

/** A part of an event: a function that returns it, or a JMESPath expression with the functions of Powertools. */
export type Selector<E> = string | ((event: E) => unknown);

/** The part of an event that a selector selects, as JSON. */
export function select<E>(selector: Selector<E>, event: E): JSONValue {
  const selected = typeof selector === 'function'
    ? selector(event)
    : search(selector, event as JSONValue, { customFunctions: new PowertoolsFunctions() });
  return (selected === undefined ? null : JSON.parse(JSON.stringify(selected) ?? 'null')) as JSONValue;
}

/** The key of an event. An empty part would let events share a key that have nothing to do with each other. */
export function keyOf<E>(operation: string, selector: Selector<E>, event: E): JSONValue {
  const key = select(selector, event);
  const parts = typeof key === 'object' && key !== null ? Object.values(key) : [key];
  if (parts.length === 0 || parts.some(part => part === null || part === undefined || part === '')) {
    throw new MissingKeyError(`the event of '${operation}' must have an idempotency key, got ${JSON.stringify(key)}`);
  }
  return key;
}
