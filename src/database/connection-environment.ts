import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { unresolvedEnvironmentOf, withoutDefaults } from '../private/cdk-internals';
import { refuse } from '../private/validation';

const PREFIX = /^([A-Za-z][A-Za-z0-9_]*)?$/;

/** Sets the variables of a connection in the environment of a function, but does not overwrite any. */
export function addConnectionVariables(path: string, definition: lambda.Function, prefix = '', variables: Record<string, string>): void {
  if (!PREFIX.test(prefix)) {
    refuse(path, `'environmentPrefix' must be letters, digits and underscores and start with a letter, got '${prefix}'; use for example 'LEDGER_'`);
  }
  const known = unresolvedEnvironmentOf(definition);
  for (const name of Object.keys(variables)) {
    if (known[prefix + name] !== undefined) {
      const fn = withoutDefaults(definition.node.path);
      refuse(path, `'${prefix}${name}' must not be in the environment of ${fn}, got a value; `
        + "remove it there, or set an 'environmentPrefix' for this connection");
    }
  }
  for (const [name, value] of Object.entries(variables)) definition.addEnvironment(prefix + name, value);
}
