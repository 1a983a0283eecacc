import { EventSource, functionsOf, LambdaFunction } from '../graph';
import type { AppGraph, Resource } from '../graph';
import type { Problem } from './rule';

type Found = Problem | Problem[] | undefined | false;

/** Checks every resource of the types. */
export function each(types: string | string[], check: (resource: Resource, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => app.ofType(...[types].flat()).flatMap(resource => check(resource, app) || []);
}

/** Checks every function that serves traffic. */
export function eachFunction(check: (fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return app => functionsOf(app).flatMap(fn => check(fn, app) || []);
}

/** Checks every mapping from a queue or stream, with the function it feeds. */
export function eachSource(check: (source: EventSource, fn: LambdaFunction, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return eachFunction((fn, app) => fn.sources.flatMap(source => check(source, fn, app) || []));
}

/** Names in a row, cut where nobody reads on. */
export function list(names: string[], most = 5): string {
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ');
}
