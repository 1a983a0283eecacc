import { Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from '../private/validation';

const PREFIX = /^([A-Za-z][A-Za-z0-9_]*)?$/;

/** Tells a function where its database is, never over what it was told before. */
export function addEnvironment(at: string, definition: lambda.Function, prefix = '', variables: Record<string, string>): void {
  if (!PREFIX.test(prefix)) refuse(at, `'environmentPrefix' must be letters, digits and underscores, beginning with a letter, got '${prefix}'; for example 'LEDGER_'`);
  const known = environmentOf(definition);
  for (const name of Object.keys(variables)) {
    if (known[prefix + name] !== undefined) {
      refuse(at, `'${prefix}${name}' must not be in the environment of ${definition.node.path}, got it from elsewhere; leave it out there, or give this connection an 'environmentPrefix'`);
    }
  }
  for (const [name, value] of Object.entries(variables)) definition.addEnvironment(prefix + name, value);
}

/** What the function is told so far. */
export function environmentOf(definition: lambda.Function): Record<string, unknown> {
  const { environment } = definition.node.defaultChild as lambda.CfnFunction;
  return Stack.of(definition).resolve(environment)?.variables ?? {};
}
