import { Duration, Validations } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { DatabasePrivilege, ProductionFunction, ProxiedDatabase, TablePrivilege } from '../../src';

export interface LedgerProps {
  readonly vpc: ec2.IVpc;
  /** The function that migrates the schema, as `handlers/migrate.ts` does. */
  readonly migrate: lambda.Code;
}

/** The login of each function. Its privileges are defined with the tables, in `data/schema`. */
const USERS = ['pay', 'settle', 'reconcile'] as const;

/**
 * The ledger: Aurora PostgreSQL behind RDS Proxy, with a login for each function and a schema that is migrated whenever
 * its migrations change, before a new version of a function uses it (docs/adr/0042-schema-by-a-function.md).
 */
export class Ledger extends ProxiedDatabase {
  private readonly migration: Trigger;

  constructor(scope: Construct, id: string, { vpc, migrate: code }: LedgerProps) {
    super(scope, id, {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }),
      databaseName: 'ledger',
      vpc,
    });
    const users = [
      this.addUser('migrate', { privileges: [DatabasePrivilege.migrate()] }),
      ...USERS.map(user => this.addUser(user, { privileges: [DatabasePrivilege.usage()] })),
    ];
    const migrate = new ProductionFunction(this, 'Migrate', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code,
      vpc,
      timeout: Duration.minutes(5),
      reservedConcurrentExecutions: 1,
      // The deployment invokes its version once, and not the alias.
      release: { deploymentConfig: codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE },
    });
    Validations.of(migrate.live).acknowledge({ id: 'ProductionChecks::LP-P09', reason: 'no caller uses the alias: a deployment invokes the new version once' });
    this.connect(migrate, { user: 'migrate' });
    this.migration = new Trigger(this, 'Migration', { handler: migrate.definition, timeout: Duration.minutes(5), executeAfter: users });
  }

  /** Connects a function with its own login. Its alias moves to a new version only after the migration. */
  public open(fn: ProductionFunction, user: typeof USERS[number]): void {
    this.connect(fn, { user });
    this.migration.executeBefore(fn.live);
  }

  /**
   * Connects the function of the reports to the readers, with a login that reads one table. The login is created after the migration, which
   * creates the table.
   */
  public openForReports(fn: ProductionFunction): void {
    const user = this.addUser('report', { privileges: [DatabasePrivilege.on('payments', TablePrivilege.SELECT)] });
    user.node.addDependency(this.migration);
    this.connect(fn, { user: 'report', readOnly: true });
  }
}
