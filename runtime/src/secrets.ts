import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { cachedValue, type Value, type ValueOptions } from './cached-value';
import { tracer } from './powertools';

export type { Value, ValueOptions } from './cached-value';

let provider: SecretsProvider | undefined;

/**
 * A secret of Secrets Manager, by the environment variable that contains its ARN (`secrets` of ProductionFunction). It is read on first
 * use, again when the cached value is older than five minutes, and again when `rejected` is the cached value, at most every five seconds.
 *
 * Throws an error immediately if the variable is missing, and on each read if the secret contains no text.
 *
 * @example
 * const key = secret('PROVIDER_KEY');
 * const response = await call(await key());
 */
export function secret(variable: string, options: ValueOptions = {}): Value {
  return cachedValue(variable, 'secret', id => {
    provider ??= new SecretsProvider({ awsSdkV3Client: tracer.captureAWSv3Client(new SecretsManagerClient()) });
    return provider.get(id, { forceFetch: true });
  }, options);
}
