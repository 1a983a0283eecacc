import { type CfnResource, Stack } from 'aws-cdk-lib';
import { CLOUD_FORMATION } from '../aws';
import { warn } from '../private/validation';

/** The share of the limit from which on a stack has a warning, so that functions can still move before the limit is reached. */
const SHARE = 0.8;

/** Warns of stacks that approach the number of resources that CloudFormation allows. */
export function warnOfFullStacks(resources: CfnResource[]): void {
  const byStack = new Map<Stack, CfnResource[]>();
  for (const resource of resources) byStack.set(Stack.of(resource), [...byStack.get(Stack.of(resource)) ?? [], resource]);
  for (const [stack, own] of byStack) {
    const functions = own.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Function').length;
    if (functions === 0 || own.length <= CLOUD_FORMATION.resourcesMax * SHARE) continue;
    warn(stack, 'ProductionFunction.fullStack',
      `the stack has ${own.length} resources with ${functions} functions, and CloudFormation allows ${CLOUD_FORMATION.resourcesMax}; `
      + 'a ProductionFunction creates nine: create the next functions in another stack, because moving a deployed function replaces it');
  }
}
