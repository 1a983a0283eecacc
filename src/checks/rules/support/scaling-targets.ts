import { collect } from './each';
import type { Found } from './each';
import { patternOf, targetOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import type { Problem } from '../rule';

/** A scalable target for provisioned concurrency, with the function and the alias that it scales. */
export interface ScalingTarget {
  readonly target: Resource;
  /** @default - not part of the app */
  readonly fn?: LambdaFunction;
  /** @default - not part of the app */
  readonly alias?: Resource;
}

/** Checks every scalable target for provisioned concurrency. */
export function eachScalingTarget(
  check: (target: Resource, fn?: LambdaFunction, alias?: Resource) => Found,
): (app: AppGraph) => Problem[] {
  return app => collect(scalingTargetsOf(app), ({ target, fn, alias }) => check(target, fn, alias), app);
}

export function scalingTargetsOf(app: AppGraph): ScalingTarget[] {
  return app.ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .filter(target => target.string('ScalableDimension') === 'lambda:function:ProvisionedConcurrency')
    .map(target => resolve(app, target));
}

function resolve(app: AppGraph, target: Resource): ScalingTarget {
  const id = target.get('ResourceId');
  const found = targetOf(app, id, target);
  if (found.alias || found.qualifier === undefined) return { target, fn: found.function, alias: found.alias };
  const name = /:([\w-]+)$/.exec(patternOf(id))?.[1];
  const alias = found.function?.aliases.find(candidate => candidate.string('Name') === name);
  return { target, fn: found.function, alias };
}
