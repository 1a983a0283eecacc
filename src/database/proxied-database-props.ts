import type { Duration } from 'aws-cdk-lib';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { DatabaseCapacity } from './database-capacity';
import type { DatabaseProps } from './database-props';
import type { Privilege } from './privilege';

/**
 * Properties of a ProxiedDatabase.
 */
export interface ProxiedDatabaseProps extends DatabaseProps {
  /**
   * How large the instances are.
   *
   * @default DatabaseCapacity.serverless({ min: 1, max: 8 })
   */
  readonly capacity?: DatabaseCapacity;

  /**
   * How many readers stand beside the writer, each in the next availability zone: 0 to 15. One of them takes over when the
   * writer fails; with none that takes ten minutes instead of one (`LP-D28` of ProductionChecks).
   *
   * @default - 1; none in a sandbox (`Profile`)
   */
  readonly readers?: number;

  /**
   * The share of the database's connections that the proxy may take, in percent: 1 to 100, which is a warning. The rest is for
   * migrations and people.
   *
   * @default 80
   */
  readonly maxConnectionsPercent?: number;

  /**
   * How long a function waits for a connection before it gets an error: 0 to 300 seconds, less than the timeouts of the
   * functions (`LP-D10` of ProductionChecks).
   *
   * @default Duration.seconds(5)
   */
  readonly borrowTimeout?: Duration;

  /**
   * How long a function's connection to the proxy may be idle: 1 second to 8 hours.
   *
   * @default Duration.minutes(30)
   */
  readonly idleClientTimeout?: Duration;

  /**
   * What a session may set without keeping its connection to itself. For MySQL only: PostgreSQL has no such filters.
   *
   * @default - none
   */
  readonly sessionPinningFilters?: rds.SessionPinningFilter[];

  /**
   * How many connections the database admits, where you set `max_connections` yourself or take an instance type that this
   * library does not know.
   *
   * @default - what Aurora derives from the capacity
   */
  readonly maxConnections?: number;
}

/**
 * Who a login is, and what it may do.
 */
export interface DatabaseUserOptions {
  /**
   * What it may do. Nothing else, but to see what everybody may see.
   */
  readonly privileges: Privilege[];
}
