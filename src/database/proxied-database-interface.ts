import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import type { ConnectionBudget } from './connection-budget';
import type { DatabaseConnectOptions } from './proxied-database-props';

/**
 * A database behind an RDS Proxy, defined in this app or imported.
 */
export interface IProxiedDatabase extends IConstruct, ec2.IConnectable {
  /**
   * The proxy.
   */
  readonly proxy: rds.IDatabaseProxy;

  /**
   * The name of the database.
   */
  readonly databaseName: string;

  /**
   * The connections that functions may open at most, and the connections that the database accepts.
   */
  readonly budget: ConnectionBudget;

  /**
   * Connects a function: security group rules, permission to log in, environment variables, and an entry in the budget.
   *
   * @param fn A ProductionFunction, an alias or a function in the VPC of the database
   * @param options The user, and how many connections the function opens
   */
  connect(fn: lambda.IFunction, options: DatabaseConnectOptions): void;

  /**
   * Allows a grantee to log in to the proxy as one user, with IAM.
   *
   * @param grantee The principal
   * @param user The database user
   */
  grantConnect(grantee: iam.IGrantable, user: string): iam.Grant;
}
