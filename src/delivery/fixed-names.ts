import { AspectPriority, Aspects, CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { PHYSICAL_NAMES } from '../limits';
import { renderedProperties } from '../private/rendered';

/** What ends in a hash of the path, with the name of the stack in it. */
const MADE_BY_CDK = /[0-9A-F]{8}$/;

/** Warns at synth of each resource whose name does not come from its stack, so that there could be no second stack. */
export function warnOfFixedNames(stack: Stack): void {
  Aspects.of(stack).add({
    visit: node => {
      if (!CfnResource.isCfnResource(node)) return;
      const name = nameOf(node);
      if (name === undefined || name.includes(stack.stackName) || MADE_BY_CDK.test(name)) return;
      Validations.of(node).addWarning(
        'cdk-production-lambda:EphemeralStack.fixedName',
        `its name '${name}' is fixed, and no other stack of the account can have it; leave out the name, or begin it with that of the stack`,
      );
    },
  }, { priority: AspectPriority.READONLY });
}

/** The name where it is a literal: what AWS or a reference makes of it is another one in each stack. */
function nameOf(resource: CfnResource): string | undefined {
  const property = PHYSICAL_NAMES[resource.cfnResourceType];
  if (property === undefined) return undefined;
  const name = renderedProperties(resource)[property];
  return typeof name === 'string' ? name : undefined;
}
