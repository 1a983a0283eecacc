import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { DatabaseAlarms } from './database-alarms';
import { DEFAULTS } from '../defaults';
import { storedProxyName } from '../private/stored-names';

const D = DEFAULTS.ProxiedDatabase;
const MINUTE = Duration.minutes(1);
const MICROSECONDS_PER_MILLISECOND = 1_000; // the proxy reports latencies in microseconds

/** The alarms of a proxy. */
export interface ProxyAlarms {
  readonly connections: cloudwatch.Alarm;
  readonly borrowLatency: cloudwatch.Alarm;
  readonly pinnedSessions: cloudwatch.Alarm;
  readonly queryLatency: cloudwatch.Alarm;
  readonly failedLogins: cloudwatch.Alarm;
  readonly failedConnections: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html */
export function addProxyAlarms(alarms: DatabaseAlarms, proxy: rds.IDatabaseProxy): ProxyAlarms {
  const metric = (metricName: string, statistic: string) => proxyMetric(alarms, proxy, metricName, { period: MINUTE, statistic });
  const percentage = (part: string, whole: string) => new cloudwatch.MathExpression({
    expression: 'IF(whole > 0, 100 * part / whole, 0)',
    usingMetrics: { part: metric(part, 'Maximum'), whole: metric(whole, 'Maximum') },
    period: MINUTE,
    label: `${part} in percent of ${whole}`,
  });
  return {
    connections: alarms.add('Connections', {
      metric: percentage('DatabaseConnections', 'MaxDatabaseConnectionsAllowed'),
      threshold: D.connectionsThreshold.value,
      description: 'The proxy has almost no connections left, and functions will wait and then fail. '
        + 'Check for slow queries and long transactions, then the concurrency of the functions',
    }),
    borrowLatency: alarms.add('BorrowLatency', {
      metric: metric('DatabaseConnectionsBorrowLatency', 'Average'),
      threshold: D.borrowLatencyMillis.value * MICROSECONDS_PER_MILLISECOND,
      description: 'Functions wait for a connection. Check for slow queries, long transactions and pinned sessions',
    }),
    pinnedSessions: alarms.add('PinnedSessions', {
      metric: percentage('DatabaseConnectionsCurrentlySessionPinned', 'DatabaseConnections'),
      threshold: D.pinnedThreshold.value,
      description: 'Sessions pin their connections, and the proxy cannot share them. '
        + 'Find the cause in the log of the proxy: SET statements, named prepared statements, temporary tables or large statements',
    }),
    queryLatency: alarms.add('QueryLatency', {
      metric: metric('QueryDatabaseResponseLatency', 'Average'),
      threshold: D.queryLatencyMillis.value * MICROSECONDS_PER_MILLISECOND,
      description: 'Queries are slow, and each holds its connection until it ends. Find the most expensive queries in Database Insights',
    }),
    failedLogins: alarms.add('FailedLogins', {
      metric: metric('ClientConnectionsSetupFailedAuth', 'Sum'),
      threshold: 0,
      description: 'A client could not log in to the proxy. '
        + 'Check that the function connects with TLS, as the user it was granted, and with a new token',
    }),
    failedConnections: alarms.add('FailedConnections', {
      metric: metric('DatabaseConnectionsSetupFailed', 'Sum'),
      threshold: 0,
      description: 'The proxy could not open a connection to the database. '
        + 'Check whether the database has free connections, whether the user exists, and the log of the proxy',
    }),
  };
}

/** A metric that RDS Proxy emits. */
export function proxyMetric(scope: Construct, proxy: rds.IDatabaseProxy, metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/RDS',
    metricName,
    dimensionsMap: { ProxyName: storedProxyName(proxy) },
    ...options,
  }).attachTo(scope);
}
