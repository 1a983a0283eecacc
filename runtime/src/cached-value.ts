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

/** Reads a value from its service, without a cache. */
export type Fetch = (id: string) => Promise<unknown>;

const MAX_AGE_SECONDS = 300;

/** How often a rejected value may cause a new read: forged requests must not cause one each. */
const RENEWAL_MILLIS = 5_000;

/**
 * A value by the variable that contains its ARN or name: read on first use, when it is too old, and when it was rejected. Concurrent
 * callers share one request, so that all of them get the new value after a rotation.
 */
export function cachedValue(variable: string, what: string, fetch: Fetch, { maxAge = MAX_AGE_SECONDS }: ValueOptions): Value {
  const id = required(variable);
  if (!(maxAge >= 0)) throw new Error(`'maxAge' must be a number of seconds of at least 0, got ${maxAge}`); // NaN would be cached forever
  let cached: { readonly value: string; readonly at: number } | undefined;
  let renewedAt = -Infinity;
  let reading: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    const value = await fetch(id);
    if (typeof value !== 'string' || value === '') throw new Error(`the ${what} ${id} contains no text`);
    cached = { value, at: Date.now() };
    return value;
  };
  const shared = () => reading ??= read().finally(() => { reading = undefined; });
  return async rejected => {
    if (!cached || Date.now() - cached.at >= maxAge * 1_000) return shared();
    if (rejected !== cached.value) return cached.value;
    if (!reading) {
      if (Date.now() - renewedAt < RENEWAL_MILLIS) return cached.value;
      renewedAt = Date.now();
    }
    return shared();
  };
}
