import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatabaseUserProps } from './database-user-props';
import { validateUsername } from './database-user-validation';
import { DatabaseUsersProvider } from './database-users-provider';
import { userStatements } from './user-statements';
import { DEFAULTS } from '../defaults';

/**
 * A user of a ProxiedDatabase, without a password: functions log in as the user with IAM. `ProxiedDatabase.addUser` creates it.
 *
 * Creates a custom resource. When the stack is deployed, it runs SQL through the Data API that creates the user and grants its
 * privileges. One function for the stack, outside the VPC, serves all users.
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
    validateUsername(this.node.path, 'username', props);
    const { cluster, secret, family, database, username, privileges } = props;
    this.username = username;
    const user = userStatements(family, username, database);
    const granted = privileges.map(privilege => privilege._statements(family, username, database));
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
