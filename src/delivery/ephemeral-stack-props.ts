import type { Expiration, StackProps } from 'aws-cdk-lib';
import type { ProfileSettings } from '../profile';

/**
 * Properties of an EphemeralStack.
 */
export interface EphemeralStackProps extends StackProps {
  /**
   * The name of the branch that the stack belongs to. Set either this or `developer`.
   *
   * @default - the stack belongs to a developer
   */
  readonly branch?: string;

  /**
   * The developer that the stack belongs to. Set either this or `branch`.
   *
   * @default - the stack belongs to a branch
   */
  readonly developer?: string;

  /**
   * The person or team that decides when the stack is deleted: the value of the tag `owner`.
   *
   * @default - the developer, or the branch
   */
  readonly owner?: string;

  /**
   * The day after which everyone may delete the stack: the value of the tag `expires`. Use a fixed day, because a day
   * that is relative to each synthesis changes all tags every day.
   *
   * @default - no tag, and a warning
   */
  readonly expires?: Expiration;

  /**
   * Settings that differ from a sandbox.
   *
   * @default - the settings of `Profile.sandbox()`
   */
  readonly settings?: ProfileSettings;
}
