import type { Json } from '../graph/value';

/** The properties that have a value. */
export function withoutUndefined(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
