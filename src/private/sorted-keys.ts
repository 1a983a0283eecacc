/** The entries of a map in the order of their keys: maps of Java and Go have no order, and a template must not change with it. */
export function sortedEntries<T>(map: { readonly [key: string]: T }): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => a < b ? -1 : 1);
}

/** The same JSON with the keys of its objects in order, all the way down. */
export function sortedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedKeys) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(sortedEntries(value as { [key: string]: unknown }).map(([key, part]) => [key, sortedKeys(part)])) as T;
}
