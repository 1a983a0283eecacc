import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DEFAULTS } from '../defaults';
import { LeastPrivilegeRole } from '../permission';
import { createDeployTimeFunction } from '../private/deploy-time-function';
import { grantSecretRead } from '../private/grant-secret-read';
import { stackSingleton } from '../private/stack-singleton';
import { Profile } from '../profile';

const D = DEFAULTS.DatabaseUser;

/** The function that creates the database users of a stack (docs/adr/0038-database-users.md). */
export class DatabaseUsersProvider extends Construct {
  public static getOrCreate(scope: Construct): DatabaseUsersProvider {
    return stackSingleton(scope, 'DatabaseUsers', home => new DatabaseUsersProvider(home, 'DatabaseUsers'));
  }

  public readonly serviceToken: string;
  private readonly role: LeastPrivilegeRole;
  private readonly served = new Set<rds.IDatabaseCluster>();

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: Profile.of(this).logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new LeastPrivilegeRole(this, 'Role');
    logGroup.grantWrite(this.role);
    const fn = createDeployTimeFunction(this, {
      description: 'Creates database users through the Data API when the stack is deployed',
      asset: 'database-users',
      memorySize: D.memorySize.value,
      timeoutSeconds: D.timeoutSeconds.value,
      logGroup,
      role: this.role,
      noDeadLetterQueue: 'CloudFormation waits for the response and fails the deployment without one, so a lost event is noticed',
    });
    this.serviceToken = fn.functionArn;
  }

  /** Grants the function access to a cluster. Returns the construct on which the users of the cluster depend. */
  public serve(cluster: rds.IDatabaseCluster, secret: secretsmanager.ISecret): Construct {
    if (!this.served.has(cluster)) {
      this.served.add(cluster);
      this.role.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction'],
        resources: [cluster.clusterArn],
      }));
      grantSecretRead(this.role, secret);
    }
    return this.role;
  }
}
