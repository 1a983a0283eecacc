import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import type { ConnectionBudget } from './connection-budget';

/**
 * How a function uses a database.
 */
export interface ConnectOptions {
  /**
   * The login that the function has, and the only one that it may have. One for each function keeps their privileges
   * apart; `addUser` makes it.
   */
  readonly user: string;

  /**
   * How many connections each execution environment opens. An environment has one request at a time, so more than one is
   * seldom of use.
   *
   * @default 1
   */
  readonly pool?: number;

  /**
   * How many environments there are at most, where the function has no reserved concurrency: for example the sum of
   * `maxConcurrency` of the queues that invoke it.
   *
   * @default - the reserved concurrency of the function; without one a warning names it
   */
  readonly maxConcurrency?: number;

  /**
   * Reads only, from the reader instances, by an endpoint of its own. In a sandbox, which has none unless `readers` says so, it
   * reads from the writer. Its user must still be one who may only read.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * Put before the names of the variables, for a function with several connections, such as `LEDGER_` for `LEDGER_PGHOST`.
   *
   * @default - none
   */
  readonly environmentPrefix?: string;
}

/**
 * A database behind an RDS Proxy, made here or elsewhere.
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
   * What functions take of the connections.
   */
  readonly budget: ConnectionBudget;

  /**
   * Everything that a function needs to use the database: see ProxiedDatabase.
   *
   * @param fn A ProductionFunction, an alias or a function, in the VPC
   * @param options As whom, and how much of it
   */
  connect(fn: lambda.IFunction, options: ConnectOptions): void;

  /**
   * Lets a grantee log in to the proxy as one user, by IAM.
   *
   * @param grantee Who may
   * @param user As whom
   */
  grantConnect(grantee: iam.IGrantable, user: string): iam.Grant;
}
