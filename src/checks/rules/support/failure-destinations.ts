import type { LambdaFunction, Resource, Target } from '../../graph';

export const ON_FAILURE = 'DestinationConfig.OnFailure.Destination';
export const ON_SUCCESS = 'DestinationConfig.OnSuccess.Destination';

/** A property that names a dead-letter queue or a destination. */
export interface Destination {
  readonly at: Resource;
  readonly property: string;
  /** It belongs to an event source mapping. */
  readonly mapping?: boolean;
}

/** The dead-letter queue of a function, and the destinations of its asynchronous and event source configurations. */
export function destinationsOf(fn: LambdaFunction): Destination[] {
  return [
    { at: fn.resource, property: 'DeadLetterConfig.TargetArn' },
    ...fn.asyncConfigs.flatMap(({ resource }) => [
      { at: resource, property: ON_FAILURE },
      { at: resource, property: ON_SUCCESS },
    ]),
    ...fn.sources.map(({ mapping }) => ({ at: mapping, property: ON_FAILURE, mapping: true })),
  ].filter(({ at, property }) => !at.lacks(property));
}

/** Whether an asynchronous configuration of the qualifier has an on-failure destination. */
export function hasFailureDestination(fn: LambdaFunction, target: Target): boolean {
  return fn.asyncConfigs.some(config => {
    if (config.resource.lacks(ON_FAILURE)) return false;
    if (config.target.qualifier === undefined) return true;
    return target.version
      ? config.target.version === target.version
      : config.target.qualifier === target.qualifier;
  });
}

/** The qualifier of a target for a message. */
export function qualifierName(target: Target): string {
  if (target.alias) return `the alias ${target.qualifier}`;
  return target.version ? 'a version' : target.qualifier ?? 'a qualifier';
}
