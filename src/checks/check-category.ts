/** The categories of rules. */
export enum CheckCategory {
  /** The function, its events, failures, logs and permissions. */
  FOUNDATION = 'foundation',
  /** RDS, Aurora and RDS Proxy. */
  DATABASE = 'database',
  /** API Gateway, function URLs and load balancers. */
  HTTP = 'http',
  /** Versions, aliases, CodeDeploy and the role of the pipeline. */
  DEPLOYMENT = 'deployment',
  /** SnapStart, provisioned concurrency and deployment packages. */
  COLD_START = 'cold-start',
}
