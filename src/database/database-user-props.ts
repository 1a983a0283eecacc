import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { DatabasePrivilege } from './database-privilege';
import type { DatabaseFamily } from '../aws';

/**
 * Options for a database user.
 */
export interface DatabaseUserOptions {
  /**
   * The privileges of the user. It has no others, except what the database allows every user.
   */
  readonly privileges: DatabasePrivilege[];
}

/** Properties of a DatabaseUser; ProxiedDatabase sets them. */
export interface DatabaseUserProps {
  readonly cluster: rds.IDatabaseCluster;
  /** The secret of the master user. */
  readonly secret: secretsmanager.ISecret;
  readonly family: DatabaseFamily;
  readonly database: string;
  readonly username: string;
  /** @default - unknown, for an imported cluster */
  readonly masterUsername?: string;
  readonly privileges: readonly DatabasePrivilege[];
}
