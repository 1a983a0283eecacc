import { type CfnElement, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { type HookSite, letCodeDeployInvoke, reportStatements } from './hook-site';
import { dependencyCircle } from '../private/dependency-circle';
import { refuse } from '../private/validation';

/** Grants what a hook of the user's needs, in both directions. */
export function bindOwnHook(site: HookSite, hook: lambda.IFunction): string {
  const { alias } = site;
  refuseImpossibleHook(site, hook);
  for (const statement of reportStatements(alias)) hook.grantPrincipal.addToPrincipalPolicy(statement);
  letCodeDeployInvoke(alias, hook);
  alias.node.addValidation({ validate: () => findCircle(site, hook) });
  return hook.functionName;
}

function refuseImpossibleHook({ alias, prop }: HookSite, hook: lambda.IFunction): void {
  const cfnHook = hook.node.defaultChild;
  if (cfnHook === undefined) return; // imported: nothing is known of it
  if (cfnHook === alias.lambda.node.defaultChild || hook === alias) {
    refuse(alias.node.path, `'${prop}' must be another function than the one that is released, got ${hook.node.path}; let a function of its own invoke 'version'`);
  }
  if (Stack.of(hook) !== Stack.of(alias)) {
    refuse(alias.node.path, `'${prop}' must be a function of the alias's stack ${Stack.of(alias).node.path}, got ${hook.node.path}; `
      + 'the alias waits for its hook and the hook\'s permissions wait for the alias\'s CodeDeploy application, so the two stacks would wait for each other');
  }
}

/** What a hook waits for is complete only when the whole app is. */
function findCircle({ alias, prop }: HookSite, hook: lambda.IFunction): string[] {
  const circle = dependencyCircle(alias.node.defaultChild as CfnElement);
  if (circle === undefined) return [];
  return [`'${prop}' must not wait for the alias that waits for it, got ${hook.node.path} in the circle ${circle.join(' → ')}; `
    + "let the hook use 'version' of the alias, the new version itself, in place of the alias"];
}
