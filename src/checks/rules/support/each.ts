import { allFunctionsOf, functionsOf } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction, Resource } from '../../graph';
import type { Problem } from '../rule';

/** The result of a predicate: what is not a problem is ignored. */
export type Found = Problem | undefined | false | readonly (Problem | undefined | false)[];

/** Checks every resource of the types. */
export function each(
  types: string | string[], check: (resource: Resource, app: AppGraph) => Found,
): (app: AppGraph) => Problem[] {
  const all = [types].flat();
  return app => collect(app.ofType(...all), check, app);
}

/** Checks every function that serves traffic. */
export function eachFunction(check: (fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(functionsOf(app), check, app);
}

/** Checks every function, including functions behind custom resources, because Lambda limits apply to them too. */
export function everyFunction(check: (fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(allFunctionsOf(app), check, app);
}

/** Checks every event source mapping with the function that it invokes. */
export function eachEventSource(
  check: (source: EventSource, fn: LambdaFunction, app: AppGraph) => Found,
): (app: AppGraph) => Problem[] {
  return app => collect(app.view(eventSources), ({ source, fn }) => check(source, fn, app), app);
}

function eventSources(app: AppGraph): { source: EventSource; fn: LambdaFunction }[] {
  return functionsOf(app).flatMap(fn => fn.sources.map(source => ({ source, fn })));
}

/** The problems of all items. Most checks find nothing, so no list is created for them. */
export function collect<T>(items: Iterable<T>, check: (item: T, app: AppGraph) => Found, app: AppGraph): Problem[] {
  const problems: Problem[] = [];
  for (const item of items) {
    const found = check(item, app);
    if (!found) continue;
    for (const problem of isList(found) ? found : [found]) if (problem) problems.push(problem);
  }
  return problems;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
