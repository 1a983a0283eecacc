import { AspectPriority, Aspects, CfnResource, type Stack } from 'aws-cdk-lib';
import { PHYSICAL_NAMES } from '../aws';
import { effectiveProperties } from '../private/effective-properties';
import { warn } from '../private/validation';

/** Names that CDK generates contain the stack name, or end in a hash of the construct path. */
const GENERATED_BY_CDK = /[0-9A-F]{8}$/;
/** Generated names are without separators, and RDS names in lower case. */
const comparable = (name: string) => name.replace(/[^a-z0-9]/gi, '').toLowerCase();

/** Warns at synthesis about each resource with a fixed physical name, which would collide with a second stack. */
export function warnEphemeralStack(stack: Stack): void {
  Aspects.of(stack).add({
    visit: node => {
      if (!CfnResource.isCfnResource(node)) return;
      const name = physicalNameOf(node);
      if (name === undefined || comparable(name).includes(comparable(stack.stackName)) || GENERATED_BY_CDK.test(name)) return;
      warn(node, 'EphemeralStack.fixedName',
        `the fixed physical name '${name}' would collide with a second stack of the account; `
          + 'leave it out, or begin it with the stack name');
    },
  }, { priority: AspectPriority.READONLY });
}

/**
 * The physical name if it is a literal. A name that AWS generates or that contains a reference differs between stacks.
 */
function physicalNameOf(resource: CfnResource): string | undefined {
  const property = PHYSICAL_NAMES[resource.cfnResourceType];
  if (property === undefined) return undefined;
  const name = effectiveProperties(resource)[property];
  return typeof name === 'string' ? name : undefined;
}
