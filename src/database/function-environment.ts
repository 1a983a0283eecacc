import { type IResolvable, type IResolveContext, Tokenization } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { withoutDefaults } from '../private/construct-path';
import { refuse } from '../private/validation';

const PREFIX = /^([A-Za-z][A-Za-z0-9_]*)?$/;

/** Tells a function where its database is, never over what it was told before. */
export function addEnvironment(at: string, definition: lambda.Function, prefix = '', variables: Record<string, string>): void {
  if (!PREFIX.test(prefix)) refuse(at, `'environmentPrefix' must be letters, digits and underscores, beginning with a letter, got '${prefix}'; for example 'LEDGER_'`);
  const known = environmentOf(definition);
  for (const name of Object.keys(variables)) {
    if (known[prefix + name] !== undefined) {
      refuse(at, `'${prefix}${name}' must not be in the environment of ${withoutDefaults(definition.node.path)}, got it from elsewhere; leave it out there, or give this connection an 'environmentPrefix'`);
    }
  }
  for (const [name, value] of Object.entries(variables)) definition.addEnvironment(prefix + name, value);
}

/** What the function is told so far. The values stay as they are: to resolve the lazy ones of other people now would be too soon. */
export function environmentOf(definition: lambda.Function): Record<string, unknown> {
  const asItIs: IResolveContext = {
    scope: definition, preparing: false, documentPath: [], registerPostProcessor: () => undefined, resolve: value => value,
  };
  let { environment } = definition.node.defaultChild as lambda.CfnFunction;
  while (Tokenization.isResolvable(environment)) environment = (environment as IResolvable).resolve(asItIs);
  return (environment as lambda.CfnFunction.EnvironmentProperty | undefined)?.variables as Record<string, unknown> ?? {};
}
