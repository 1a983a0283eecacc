import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** How long an environment caches a secret: as long as a revoked one may still be tried. */
const MAX_AGE_SECONDS = 300;

/** How often a rejected value may cause a new read: forged requests must not cause one each. */
const RENEWAL_MILLIS = 5_000;

/** Reads a secret. `rejected` is a value that was not accepted: the secret may have been rotated since it was read. */
export type Secret = (rejected?: string) => Promise<string>;

/** Reads a secret on first use, again when the cached value has expired, and again when the cached value was rejected. */
export function secret(id: string): Secret {
  let renewedAt = -Infinity;
  return async rejected => {
    const cached = await read(id, false);
    if (rejected !== cached || Date.now() - renewedAt < RENEWAL_MILLIS) return cached;
    renewedAt = Date.now();
    return read(id, true);
  };
}

async function read(id: string, forceFetch: boolean): Promise<string> {
  const value = await getSecret(id, { maxAge: MAX_AGE_SECONDS, forceFetch });
  if (typeof value !== 'string' || value === '') throw new Error(`the secret ${id} holds no text`);
  return value;
}
