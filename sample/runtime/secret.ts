import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** How long an environment keeps a secret: as long as a withdrawn one may still be tried. */
const MAX_AGE_SECONDS = 300;

/** Reads a secret when it is first needed, and again when it has grown old. */
export function secret(id: string): () => Promise<string> {
  return async () => {
    const value = await getSecret(id, { maxAge: MAX_AGE_SECONDS });
    if (typeof value !== 'string' || value === '') throw new Error(`the secret ${id} holds no text`);
    return value;
  };
}
