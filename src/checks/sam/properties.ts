import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** The properties that have a value. */
export function withoutUndefined(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** SAM merges maps by key, appends lists, and replaces other values. */
export function merge(base: Json, over: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = base[key];
    if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
    else result[key] = isJson(before) && isJson(value) && !isIntrinsic(value) ? merge(before, value) : value;
  }
  return result;
}

/** Whether the object calls an intrinsic function. */
export function isIntrinsic(value: Json): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}
