import { createHash } from 'node:crypto';
import { type Expiration, RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { warnOfFixedNames } from './fixed-names';
import { STACK_NAME, TAG } from '../limits';
import { refuse } from '../private/validation';
import { Profile, type ProfileSettings } from '../profile';

/** Of a branch's or developer's name that is left readable in the name of the stack. */
const READABLE_LENGTH = 40;
const HASH_LENGTH = 8;

/**
 * Properties of an EphemeralStack.
 */
export interface EphemeralStackProps extends StackProps {
  /**
   * The branch whose stack it is, as git calls it. Either this or `developer`.
   *
   * @default - it is a developer's
   */
  readonly branch?: string;

  /**
   * The developer whose stack it is. Either this or `branch`.
   *
   * @default - it is a branch's
   */
  readonly developer?: string;

  /**
   * Who is asked whether it may go: the tag `owner`.
   *
   * @default - the developer, or the branch
   */
  readonly owner?: string;

  /**
   * The day after which anybody may delete it: the tag `expires`. A fixed day, for one that is counted from each synth
   * changes all tags each day.
   *
   * @default - no tag, and a warning
   */
  readonly expires?: Expiration;

  /**
   * What is other than in a sandbox.
   *
   * @default - as `Profile.sandbox()` has it
   */
  readonly settings?: ProfileSettings;
}

/**
 * A stack for one branch or one developer, beside those of others in the same account, which goes without a trace.
 *
 * Its name is the id, what is safe of the branch or developer, and eight characters that keep `feature/a` and `feature-a`
 * apart, for example `Payments-feature-a-0b6d4f2e`. Its profile is `Profile.sandbox()`, with owner and expiry as tags.
 *
 * Warned: what would outlive it (`Profile.outlivesStack`), and what has a fixed name, which a second stack could not
 * have (`EphemeralStack.fixedName`). Refused: a `stackName` of your own, `terminationProtection`, both or neither of
 * `branch` and `developer`, `settings` by which data would stay, and a name that would be too long.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html
 * @example
 * declare const app: App;
 * new EphemeralStack(app, 'Payments', { branch: 'feature/refunds', owner: 'ana', expires: Expiration.fromString('2027-01-31') });
 */
export class EphemeralStack extends Stack {
  private static stackProps(scope: Construct, id: string, props: EphemeralStackProps): StackProps {
    const at = scope.node.path ? `${scope.node.path}/${id}` : id;
    const { branch, developer, owner: _owner, expires: _expires, settings, ...given } = props;
    if ((branch === undefined) === (developer === undefined)) {
      refuse(at, `'branch' or 'developer' must say whose stack it is, got ${branch === undefined ? 'none' : 'both'}; give one of them`);
    }
    const whose = (branch ?? developer)!;
    if (whose === '' || Token.isUnresolved(whose)) {
      refuse(at, `'${branch === undefined ? 'developer' : 'branch'}' must be a literal of at least one character, got ${whose === '' ? 'none' : 'a token'}; the stack is called after it`);
    }
    if (given.stackName !== undefined) refuse(at, `'stackName' must not be given, got '${given.stackName}'; the name is made of the id and the branch or developer`);
    const { removalPolicy } = settings ?? {};
    if (removalPolicy !== undefined && removalPolicy !== RemovalPolicy.DESTROY) {
      refuse(at, `'settings.removalPolicy' must be destroy, got ${removalPolicy}, and something would outlive the stack; leave it out, or use a Stack with a Profile`);
    }
    if (given.terminationProtection) refuse(at, "'terminationProtection' must not be true, got true, and the stack could not be deleted; leave it out");
    const stackName = nameOf(id, whose);
    if (stackName.length > STACK_NAME.maxLength || !STACK_NAME.pattern.test(stackName)) {
      refuse(at, `the id must begin with a letter, have letters, digits and hyphens and be at most ${STACK_NAME.maxLength - READABLE_LENGTH - HASH_LENGTH - 2} long, got '${id}'; rename it`);
    }
    return { ...given, stackName };
  }

  constructor(scope: Construct, id: string, props: EphemeralStackProps) {
    super(scope, id, EphemeralStack.stackProps(scope, id, props));
    const { branch, developer, expires, settings } = props;
    const tags = { ...branch !== undefined && { branch: tagged(branch) }, ...settings?.tags };
    Profile.sandbox({ ...settings, tags, owner: tagged(props.owner ?? developer ?? branch!), expires }).applyTo(this);
    warnOfFixedNames(this);
  }
}

function nameOf(id: string, whose: string): string {
  const readable = whose.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, READABLE_LENGTH).replace(/-$/, '');
  const hash = createHash('sha256').update(JSON.stringify([id, whose])).digest('hex').slice(0, HASH_LENGTH);
  return [id, readable, hash].filter(part => part !== '').join('-');
}

/** Names of branches may have characters that tags may not. */
function tagged(text: string): string {
  const allowed = [...text].map(character => TAG.characters.test(character) ? character : '-').join('');
  return allowed.slice(0, TAG.valueMaxLength);
}
