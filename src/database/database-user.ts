import * as path from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Privilege } from './privilege';
import { grantSecret } from './secret-grant';
import { userStatements } from './user-statements';
import { type DatabaseFamily, DEFAULTS } from '../limits';
import { LeastPrivilegeRole } from '../permission';
import { sharedInStack } from '../private/shared';
import { refuse } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.DatabaseUser;
/** Built by `npx projen bundle:assets` from src/database/users/handler.ts; the same place seen from src/ and from lib/. */
const CODE = path.join(__dirname, '..', '..', 'assets', 'database-users');

/** A login to be made, and by whom. */
export interface DatabaseUserProps {
  readonly cluster: rds.IDatabaseCluster;
  /** The master user's. */
  readonly secret: secretsmanager.ISecret;
  readonly family: DatabaseFamily;
  readonly database: string;
  readonly name: string;
  /** @default - unknown, as with an imported cluster */
  readonly masterName?: string;
  readonly privileges: readonly Privilege[];
}

const NAME = { postgresql: /^[a-z_][a-z0-9_]{0,62}$/, mysql: /^[a-z_][a-z0-9_]{0,31}$/ };
const LENGTH = { postgresql: 63, mysql: 32 };
const RESERVED = {
  postgresql: /^(pg_.*|rds.*|postgres|public|none|user|current_user|session_user|current_role)$/,
  mysql: /^(rds.*|root|admin|mysql.*)$/,
};

/** Refuses a name that could not be a login of its own. */
export function checkUserName(at: string, { family, name, masterName }: Pick<DatabaseUserProps, 'family' | 'name' | 'masterName'>): void {
  if (Token.isUnresolved(name)) refuse(at, "'name' must be known at synth, got a token; it becomes a part of SQL and of permissions");
  if (!NAME[family].test(name)) {
    refuse(at, `'name' must be 1 to ${LENGTH[family]} small letters, digits and underscores, not beginning with a digit, got '${name}'; rename the user`);
  }
  if (name === masterName) refuse(at, `'name' must not be the master user's, got '${name}'; give each function a user of its own`);
  if (RESERVED[family].test(name)) refuse(at, `'name' must not be reserved by RDS or the database, got '${name}'; rename the user`);
}

/**
 * A login that is made when the stack is deployed, by SQL through the Data API: so nothing of it has to stand in the VPC.
 * One function in the stack makes all logins (docs/adr/0038-database-users.md).
 */
export class DatabaseUser extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseUserProps) {
    super(scope, id);
    checkUserName(this.node.path, props);
    const { cluster, secret, family, database, name, privileges } = props;
    const user = userStatements(family, name, database);
    const given = privileges.map(privilege => privilege._statements(family, name, database));
    const maker = sharedInStack(this, 'DatabaseUsers', home => new UserMaker(home, 'DatabaseUsers'));

    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseUser',
      serviceToken: maker.serviceToken,
      serviceTimeout: Duration.seconds(D.timeoutSeconds.value),
      properties: {
        clusterArn: cluster.clusterArn,
        secretArn: secret.secretArn,
        database,
        name,
        grant: [...user.ensure, ...given.flatMap(({ grant }) => grant)],
        revoke: user.revoke(given.flatMap(({ revoke }) => revoke)),
        drop: user.drop,
        transaction: String(family === 'postgresql'), // MySQL commits each such statement by itself
      },
    });
    resource.node.addDependency(maker.serve(cluster, secret), cluster);
  }
}

/** The function that makes the logins of a stack. */
class UserMaker extends Construct {
  public readonly serviceToken: string;
  private readonly role: LeastPrivilegeRole;
  private readonly served = new Set<rds.IDatabaseCluster>();

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: Profile.of(this).logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new LeastPrivilegeRole(this, 'Role');
    logGroup.grantWrite(this.role);
    const maker = new lambda.Function(this, 'Function', {
      description: 'Makes the logins of databases, through the Data API, when the stack is deployed',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(CODE),
      memorySize: D.memorySize.value,
      timeout: Duration.seconds(D.timeoutSeconds.value),
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      role: this.role,
    });
    this.serviceToken = maker.functionArn;
    Validations.of(maker).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'CloudFormation waits for the answer and fails the deployment where none comes: a lost event is noticed',
    });
  }

  /** Returns what must be there before the first statement can run. */
  public serve(cluster: rds.IDatabaseCluster, secret: secretsmanager.ISecret): Construct {
    if (!this.served.has(cluster)) {
      this.served.add(cluster);
      this.role.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction'],
        resources: [cluster.clusterArn],
      }));
      grantSecret(this.role, secret);
    }
    return this.role;
  }
}
