import { allFunctionsOf, EventSource, functionsOf, LambdaFunction } from '../graph';
import type { AppGraph, Resource } from '../graph';
import type { Problem } from './rule';

type Found = Problem | Problem[] | undefined | false;

/** Checks every resource of the types. */
export function each(types: string | string[], check: (resource: Resource, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  const all = [types].flat();
  return app => collect(app.ofType(...all), check, app);
}

/** Checks every function that serves traffic. */
export function eachFunction(check: (fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(functionsOf(app), check, app);
}

/** What Lambda refuses, it refuses of a function behind a custom resource too. */
export function eachFunctionAtAll(check: (fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(allFunctionsOf(app), check, app);
}

/** Checks every mapping from a queue or stream, with the function it feeds. */
export function eachSource(check: (source: EventSource, fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => collect(app.view(sources), ({ source, fn }) => check(source, fn, app), app);
}

function sources(app: AppGraph): { source: EventSource; fn: LambdaFunction }[] {
  return functionsOf(app).flatMap(fn => fn.sources.map(source => ({ source, fn })));
}

/** What most rules find at most things is nothing: that makes no lists. */
function collect<T>(items: Iterable<T>, check: (item: T, app: AppGraph) => Found, app: AppGraph): Problem[] {
  const problems: Problem[] = [];
  for (const item of items) {
    const found = check(item, app);
    if (!found) continue;
    if (Array.isArray(found)) problems.push(...found);
    else problems.push(found);
  }
  return problems;
}

/** Names in a row, cut where nobody reads on. */
export function list(names: string[], most = 5): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}
