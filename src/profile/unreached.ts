import { type CfnResource, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { isAtEdge } from './edge';

/** Warns of functions that got nothing: each that was reached has a memory and a timeout, its own or ours. */
export function warnOfUnreached(resources: CfnResource[]): void {
  for (const resource of resources) {
    const fn = resource.node.scope;
    if (resource.cfnResourceType !== 'AWS::Lambda::Function' || !(fn instanceof lambda.Function) || isAtEdge(fn.node.scope!)) continue;
    const { timeout, memorySize } = resource as lambda.CfnFunction;
    if (timeout !== undefined && memorySize !== undefined) continue;
    Validations.of(fn).addWarning(
      'cdk-production-lambda:ProductionDefaults.notReached',
      "it got no defaults, because it was made before 'applyTo', or a property injector stands nearer to it; call 'applyTo' first, and once more for the scope of that injector",
    );
  }
}
