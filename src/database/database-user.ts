import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatabaseUserProps } from './database-user-props';
import { validateDatabaseUserProps } from './database-user-validation';
import { DatabaseUsersProvider } from './database-users-provider';
import { userStatements } from './user-statements';
import { DEFAULTS } from '../defaults';

/**
 * A user of a ProxiedDatabase, without a password: functions log in as the user with IAM. `ProxiedDatabase.addUser` creates it.
 *
 * Creates a custom resource. When the stack is deployed, it runs SQL through the Data API that creates the user and grants its
 * privileges, and marks the user as its own with a comment. An existing user without this comment is rejected and never dropped. One
 * function for the stack, outside the VPC, serves all users.
 */
export class DatabaseUser extends Construct {
  /**
   * @internal
   */
  public static _create(scope: Construct, id: string, props: DatabaseUserProps): DatabaseUser {
    return new DatabaseUser(scope, id, props);
  }

  /**
   * The name of the user.
   */
  public readonly username: string;

  private constructor(scope: Construct, id: string, props: DatabaseUserProps) {
    super(scope, id);
    const { cluster, secret, family, database, username, privileges } = props;
    validateDatabaseUserProps(this.node.path, props);
    this.username = username;
    const user = userStatements(family, username, database);
    const granted = privileges.map(privilege => privilege._statements(family, username, database, this.node.path));
    const provider = DatabaseUsersProvider.getOrCreate(this);

    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseUser',
      serviceToken: provider.serviceToken,
      serviceTimeout: Duration.seconds(DEFAULTS.DatabaseUser.timeoutSeconds.value),
      properties: {
        clusterArn: cluster.clusterArn,
        secretArn: secret.secretArn,
        database,
        name: username,
        grant: [...user.ensure, ...granted.flatMap(({ grant }) => grant)],
        revoke: user.revoke(granted.flatMap(({ revoke }) => revoke)),
        drop: user.drop,
        transaction: String(family === 'postgresql'), // MySQL commits each of these statements implicitly
      },
    });
    resource.node.addDependency(provider.serve(cluster, secret), cluster);
  }
}
