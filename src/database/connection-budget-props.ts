/**
 * Properties of a ConnectionBudget.
 */
export interface ConnectionBudgetProps {
  /**
   * How many connections the database accepts.
   *
   * @default - unknown: the budget has no limit, and the table says so
   */
  readonly maxConnections?: number;

  /**
   * The percentage of these connections that all functions together may open: 1 to 100. The rest is left for migrations and
   * administrators.
   *
   * @default 80
   */
  readonly connectionsPercent?: number;

  /**
   * Whether functions connect through a proxy, which shares the connections among active clients. Without a proxy, every
   * execution environment holds its own connections. While traffic shifts to a new version, the environments of both
   * versions do, so each function counts twice.
   *
   * @default true
   */
  readonly behindProxy?: boolean;
}

/**
 * The connections of one function.
 */
export interface ConnectionBudgetEntry {
  /**
   * How many connections each execution environment opens.
   *
   * @default 1
   */
  readonly pool?: number;

  /**
   * The maximum number of execution environments of a function without reserved concurrency: for example the sum of
   * `maxConcurrency` of the queues that invoke it.
   *
   * @default - the reserved concurrency of the function
   */
  readonly maxConcurrency?: number;
}
