import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** How long an environment caches a secret: as long as a revoked one may still be tried. */
const MAX_AGE_SECONDS = 300;

/** Reads a secret on first use, and again when the cached value has expired. */
export function secret(id: string): () => Promise<string> {
  return async () => {
    const value = await getSecret(id, { maxAge: MAX_AGE_SECONDS });
    if (typeof value !== 'string' || value === '') throw new Error(`the secret ${id} holds no text`);
    return value;
  };
}
