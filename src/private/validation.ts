import { Token } from 'aws-cdk-lib';

/** Throws what a user can act on: the prop, the limit, the value got, the fix, and the path of the construct. */
export function refuse(path: string, message: string): never {
  throw new Error(`${message} (at ${path})`);
}

/** Refuses a number outside [min, max]; tokens and absent values pass, for nothing is known of them. */
export function requireRange(path: string, prop: string, value: number | undefined, min: number, max: number, fix: string): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const allowed = max === Infinity ? `at least ${min}` : `between ${min} and ${max}`;
  if (!(value >= min && value <= max)) refuse(path, `'${prop}' must be ${allowed}, got ${value}; ${fix}`);
}
