import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { cachedValue, type Value, type ValueOptions } from './cached-value';
import { tracer } from './powertools';

export type { Value, ValueOptions } from './cached-value';

let provider: SSMProvider | undefined;

/**
 * A parameter of Parameter Store, by the environment variable that contains its name or ARN. A SecureString is decrypted. It is read and
 * cached as `secret` reads and caches secrets.
 *
 * Throws an error immediately if the variable is missing, and on each read if the parameter contains no text.
 */
export function parameter(variable: string, options: ValueOptions = {}): Value {
  return cachedValue(variable, 'parameter', id => {
    provider ??= new SSMProvider({ awsSdkV3Client: tracer.captureAWSv3Client(new SSMClient()) });
    return provider.get(id, { forceFetch: true, decrypt: true });
  }, options);
}
