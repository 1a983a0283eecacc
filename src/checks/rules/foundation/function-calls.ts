import { functionsOf, invokeGrantsOf } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import type { Problem, Rule } from '../rule';
import { groupBy } from '../support/group-by';
import { nameList } from '../support/name-list';

export const FUNCTION_CALLS_RULES: Rule[] = [
  {
    id: 'LP-F139',
    category: 'foundation',
    severity: 'info',
    title: 'Function may wait for another function',
    why:
      'While one function waits for another, both are charged, their concurrency adds up, and a retry of the '
      + 'first repeats the work of the second. The permission alone does not show whether it waits.',
    fix: 'use a queue, an event or a state machine between them, or share the code',
    source: 'https://docs.aws.amazon.com/lambda/latest/operatorguide/functions-calling-functions.html',
    evaluate: callsOfFunctions,
  },
];

function callsOfFunctions(app: AppGraph): Problem[] {
  const byRole = groupBy(functionsOf(app).filter(fn => fn.role !== undefined), fn => fn.role);
  const calls = invokeGrantsOf(app).flatMap(({ role, target }) => (byRole.get(role) ?? [])
    .filter(caller => caller !== target && mayWait(caller, target))
    .map(caller => ({ caller, target })));
  return [...groupBy(calls, ({ caller }) => caller)].map(([caller, found]) => ({
    at: caller.resource,
    property: 'Role',
    must: 'must not invoke other functions synchronously',
    got: `the permission to invoke ${nameList([...new Set(found.map(({ target }) => target.path))])}`,
  }));
}

/** A target with a configuration for asynchronous invocation is not waited for, and a durable function is suspended. */
function mayWait(caller: LambdaFunction, target: LambdaFunction): boolean {
  return !caller.durable && !caller.callers.some(({ kind }) => kind === 'states')
    && target.asyncConfigs.length === 0 && target.resource.lacks('DeadLetterConfig')
    && !isHook(caller) && !isDestination(target, caller);
}

/** Lambda invokes a destination asynchronously, with the role of the function. */
function isDestination(target: LambdaFunction, { app, asyncConfigs }: LambdaFunction): boolean {
  const found = asyncConfigs.flatMap(({ resource }) => [...app.mentioned(resource.get('DestinationConfig'))]);
  return [target.resource, ...target.aliases].some(resource => found.includes(resource));
}

/** A lifecycle hook of a deployment invokes the version that it tests. */
function isHook(fn: LambdaFunction): boolean {
  const statements = fn.grants?.statements ?? [];
  return statements.some(({ actions }) => actions.some(action => /^codedeploy:putlifecycle/.test(action)));
}
