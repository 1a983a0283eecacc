import type { StatementTarget } from './run-statements';

/** The properties of the custom resource. Its statements are created at synth. */
export interface UserProperties extends StatementTarget {
  readonly name: string;
  /** Creates the user and grants its privileges. */
  readonly grant: string[];
  /** Revokes the privileges. */
  readonly revoke: string[];
  /** Drops the user. */
  readonly drop: string[];
}

/** A request of CloudFormation. */
export interface UserEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: UserProperties;
  readonly OldResourceProperties?: UserProperties;
}
