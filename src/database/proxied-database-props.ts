import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { DatabaseCapacity } from './database-capacity';
import type { DatabaseProps } from './database-props';

/**
 * Properties of a ProxiedDatabase.
 */
export interface ProxiedDatabaseProps extends DatabaseProps {
  /**
   * The capacity of the instances. A serverless capacity must not pause: a proxy keeps the database from pausing.
   *
   * @default DatabaseCapacity.serverless({ min: 1, max: 8 })
   */
  readonly capacity?: DatabaseCapacity;

  /**
   * The number of readers, each in the next Availability Zone: 0 to 15. If the writer fails, a reader takes over in about one
   * minute; without a reader, the recovery takes about ten minutes (`LP-D28` of ProductionChecks).
   *
   * @default - 1; 0 in a sandbox (`Profile`)
   */
  readonly readers?: number;

  /**
   * The percentage of the database's connections that the proxy may use: 1 to 100. A value of 100 raises a warning. The rest is
   * left for migrations and administrators.
   *
   * @default 80
   */
  readonly maxConnectionsPercent?: number;

  /**
   * How long a function waits for a connection before the proxy returns an error: 0 to 300 seconds. It must be shorter than the
   * timeouts of the functions (`LP-D10` of ProductionChecks).
   *
   * @default Duration.seconds(5)
   */
  readonly borrowTimeout?: Duration;

  /**
   * How long a connection from a function to the proxy may be idle: 1 second to 8 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly idleClientTimeout?: Duration;

  /**
   * Session settings that do not pin a connection. Supported for MySQL only.
   *
   * @default - none
   */
  readonly sessionPinningFilters?: rds.SessionPinningFilter[];

  /**
   * How many connections the database accepts. Set it if you set the parameter `max_connections`, or if the instance type is
   * unknown to this library.
   *
   * @default - the number that Aurora derives from the capacity
   */
  readonly maxConnections?: number;
}

/**
 * Options for connecting a function to a ProxiedDatabase.
 */
export interface DatabaseConnectOptions {
  /**
   * The database user as which the function logs in; the function cannot log in as any other. Use one user for each function, so
   * that each has its own privileges. `addUser` creates it.
   */
  readonly user: string;

  /**
   * How many connections each execution environment opens. An environment processes one request at a time, so it rarely needs
   * more than one.
   *
   * @default 1
   */
  readonly pool?: number;

  /**
   * The maximum number of execution environments of a function without reserved concurrency: for example the sum of
   * `maxConcurrency` of the queues that invoke it.
   *
   * @default - the reserved concurrency of the function; without one, a warning names the function
   */
  readonly maxConcurrency?: number;

  /**
   * Whether the function reads from the readers only, through an endpoint of its own. In a sandbox without readers it reads from
   * the writer. The endpoint does not restrict privileges: grant the user read privileges only.
   *
   * @default false
   */
  readonly readOnly?: boolean;

  /**
   * A prefix for the names of the environment variables, for a function with several connections: `LEDGER_` results in
   * `LEDGER_PGHOST`.
   *
   * @default - none
   */
  readonly environmentPrefix?: string;
}

/**
 * Attributes of an existing cluster and its proxy.
 */
export interface ProxiedDatabaseAttributes {
  /**
   * Aurora PostgreSQL or Aurora MySQL, in any version.
   */
  readonly engine: rds.IClusterEngine;

  /**
   * The endpoint of the proxy.
   */
  readonly proxyEndpoint: string;

  /**
   * The ARN of the proxy, which ends with its resource id (`prx-…`).
   */
  readonly proxyArn: string;

  /**
   * The name of the proxy.
   */
  readonly proxyName: string;

  /**
   * The security groups of the proxy. They must already allow traffic from the proxy to the cluster.
   */
  readonly securityGroups: ec2.ISecurityGroup[];

  /**
   * The read-only endpoint of the proxy.
   *
   * @default - none: `connect` throws an error if `readOnly` is set
   */
  readonly readOnlyEndpoint?: string;

  /**
   * The name of the database.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * How many connections the cluster accepts.
   *
   * @default - unknown: the connection budget has no limit
   */
  readonly maxConnections?: number;

  /**
   * The percentage of the cluster's connections that the proxy may use.
   *
   * @default 80
   */
  readonly maxConnectionsPercent?: number;
}
