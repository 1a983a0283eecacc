import type { DatabaseCapacity } from './database-capacity';
import type { DatabaseProps } from './database-props';

/**
 * Properties of a DataApiDatabase.
 */
export interface DataApiDatabaseProps extends DatabaseProps {
  /**
   * The capacity, which must be serverless. With a minimum of 0 the database pauses while it is idle. The next request then
   * waits for about 15 seconds, or 30 seconds after a pause of more than a day.
   *
   * @default DatabaseCapacity.serverless({ min: 0, max: 4, autoPause: Duration.minutes(10) })
   */
  readonly capacity?: DatabaseCapacity;
}

/**
 * Options for connecting a function to a DataApiDatabase.
 */
export interface DataApiConnectOptions {
  /**
   * A prefix for the names of the environment variables, for a function that uses several databases: letters, digits and
   * underscores.
   *
   * @default - none: `DATABASE_CLUSTER_ARN`, `DATABASE_SECRET_ARN` and `DATABASE_NAME`
   */
  readonly environmentPrefix?: string;
}
