import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ephemeralStackName } from './ephemeral-stack-name';
import type { EphemeralStackProps } from './ephemeral-stack-props';
import { validateEphemeralStackProps } from './ephemeral-stack-validation';
import { warnEphemeralStack } from './ephemeral-stack-warnings';
import { TAG } from '../aws';
import { Profile } from '../profile';

/**
 * A stack of one branch or one developer that can be deleted completely. Several of them fit into one account.
 *
 * The stack name consists of the id, the readable part of the branch or developer, and eight characters that
 * distinguish `feature/a` from `feature-a`, for example `Payments-feature-a-0b6d4f2e`. The profile is
 * `Profile.sandbox()`, with owner and expiry as tags.
 *
 * Adds a warning for resources that would outlive the stack (`Profile.outlivesStack`) and for fixed physical names,
 * which would collide with a second stack (`EphemeralStack.fixedName`). Throws an error if `stackName` or
 * `terminationProtection` is set, if both or neither of `branch` and `developer` are set, if `settings` would retain
 * data, or if the stack name would be too long.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html
 * @example
 * declare const app: App;
 * new EphemeralStack(app, 'Payments', { branch: 'feature/refunds', owner: 'ana', expires: Expiration.fromString('2027-01-31') });
 */
export class EphemeralStack extends Stack {
  private static stackProps(scope: Construct, id: string, props: EphemeralStackProps): StackProps {
    validateEphemeralStackProps(scope.node.path ? `${scope.node.path}/${id}` : id, id, props);
    const { branch, developer, owner: _owner, expires: _expires, settings: _settings, ...stackProps } = props;
    // With the feature flag @aws-cdk/core:explicitStackTags, tags of a scope are not tags of its stacks.
    const tags = { ...stackProps.tags, ...profileOf(props).tags };
    return { ...stackProps, tags, stackName: ephemeralStackName(id, (branch ?? developer)!) };
  }

  constructor(scope: Construct, id: string, props: EphemeralStackProps) {
    super(scope, id, EphemeralStack.stackProps(scope, id, props));
    profileOf(props).applyTo(this);
    warnEphemeralStack(this);
  }
}

function profileOf({ branch, developer, owner, expires, settings }: EphemeralStackProps): Profile {
  const tags = { ...branch !== undefined && { branch: toTagValue(branch) }, ...settings?.tags };
  return Profile.sandbox({ ...settings, tags, owner: toTagValue(owner ?? developer ?? branch!), expires });
}

/** Branch names can contain characters that tags do not support. */
function toTagValue(text: string): string {
  const supported = [...text].map(character => TAG.characters.test(character) ? character : '-').join('');
  return supported.slice(0, TAG.valueMaxLength);
}
