import { required } from './variables';

/** Reads a value. `rejected` is a value that was not accepted: it may have been rotated since it was read. */
export type Value = (rejected?: string) => Promise<string>;

/** How long a value is cached. */
export interface ValueOptions {
  /**
   * How long an execution environment caches the value, in seconds: as long as a revoked value may still be used.
   *
   * @default 300
   */
  readonly maxAge?: number;
}

/** Reads a value from its service. */
export type Fetch = (id: string, options: { readonly maxAge: number; readonly forceFetch: boolean }) => Promise<unknown>;

const MAX_AGE_SECONDS = 300;

/** How often a rejected value may cause a new read: forged requests must not cause one each. */
const RENEWAL_MILLIS = 5_000;

/** A value by the variable that contains its ARN or name: read on first use, when it is too old, and when it was rejected. */
export function cachedValue(variable: string, what: string, fetch: Fetch, { maxAge = MAX_AGE_SECONDS }: ValueOptions): Value {
  const id = required(variable);
  if (!(maxAge >= 0)) throw new Error(`'maxAge' must be a number of seconds of at least 0, got ${maxAge}`); // NaN would be cached forever
  let renewedAt = -Infinity;
  const read = async (forceFetch: boolean): Promise<string> => {
    const value = await fetch(id, { maxAge, forceFetch });
    if (typeof value !== 'string' || value === '') throw new Error(`the ${what} ${id} contains no text`);
    return value;
  };
  return async rejected => {
    const cached = await read(false);
    if (rejected !== cached || Date.now() - renewedAt < RENEWAL_MILLIS) return cached;
    renewedAt = Date.now();
    return read(true);
  };
}
