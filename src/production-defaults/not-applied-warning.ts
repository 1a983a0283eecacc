import type { CfnResource } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { isForLambdaAtEdge } from './lambda-at-edge';
import { warn } from '../private/validation';

/** Warns of functions without defaults: every other function has a memory size and a timeout. */
export function warnNotApplied(resources: CfnResource[]): void {
  for (const resource of resources) {
    const fn = resource.node.scope;
    if (resource.cfnResourceType !== 'AWS::Lambda::Function' || !(fn instanceof lambda.Function) || isForLambdaAtEdge(fn.node.scope!)) continue;
    const { timeout, memorySize } = resource as lambda.CfnFunction;
    if (timeout !== undefined && memorySize !== undefined) continue;
    warn(fn, 'ProductionDefaults.notReached',
      "defaults were not applied: the function was created before 'applyTo', or a closer scope has its own property injector; "
      + "call 'applyTo' first, and also for the scope of that injector");
  }
}
