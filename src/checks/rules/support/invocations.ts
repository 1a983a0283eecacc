import type { LambdaFunction, Resource } from '../../graph';

/** A property that names a function to invoke, with the qualifier in it. */
export interface Invocation {
  readonly at: Resource;
  readonly property: string;
  /** @default - not known */
  readonly qualifier?: string;
}

/** Every function URL, caller and event source mapping that invokes the function. */
export function invocationsOf(fn: LambdaFunction): Invocation[] {
  return [
    ...fn.urls.map(({ resource, target }) => (
      { at: resource, property: 'TargetFunctionArn', qualifier: target.qualifier })),
    ...fn.callers.map(({ resource, property, target }) => ({ at: resource, property, qualifier: target.qualifier })),
    ...fn.sources.map(({ mapping, target }) => (
      { at: mapping, property: 'FunctionName', qualifier: target.qualifier })),
  ];
}
