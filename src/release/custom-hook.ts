import { type CfnElement, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { allowCodeDeployInvoke, type HookBinding, reportStatements } from './hook-binding';
import { findDependencyCycle } from '../private/dependency-cycle';
import { refuse } from '../private/validation';

/** Binds a function of the user: allows it to report to CodeDeploy, and CodeDeploy to invoke it. Returns the function's name. */
export function bindCustomHook(binding: HookBinding, hook: lambda.IFunction): string {
  const { alias } = binding;
  validateCustomHook(binding, hook);
  for (const statement of reportStatements(alias)) hook.grantPrincipal.addToPrincipalPolicy(statement);
  allowCodeDeployInvoke(alias, hook);
  alias.node.addValidation({ validate: () => findHookCycle(binding, hook) });
  return hook.functionName;
}

function validateCustomHook({ alias, prop }: HookBinding, hook: lambda.IFunction): void {
  const cfnHook = hook.node.defaultChild;
  if (cfnHook === undefined) return; // The hook is imported.
  if (cfnHook === alias.lambda.node.defaultChild || hook === alias) {
    refuse(alias.node.path, `'${prop}' must be another function than the one that is released, got ${hook.node.path}; `
      + "use a separate function that invokes 'version'");
  }
  if (Stack.of(hook) !== Stack.of(alias)) {
    refuse(alias.node.path, `'${prop}' must be a function of the alias's stack ${Stack.of(alias).node.path}, got ${hook.node.path}; `
      + "the alias depends on its hook and the hook's permissions depend on the alias's CodeDeploy application, "
      + 'so the two stacks would depend on each other');
  }
}

/** At synth, because other constructs can add dependencies to the hook until then. */
function findHookCycle({ alias, prop }: HookBinding, hook: lambda.IFunction): string[] {
  const cycle = findDependencyCycle(alias.node.defaultChild as CfnElement);
  // a cycle through an alarm of the release is another fault
  if (cycle === undefined || !cycle.some(path => `${path}/`.startsWith(`${hook.node.path}/`))) return [];
  return [`'${prop}' must not depend on the alias, which depends on its hook, got ${hook.node.path} in the cycle ${cycle.join(' → ')}; `
    + "use 'version' of the alias in the hook instead of the alias"];
}
