import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { storedClusterIdentifier, storedProxyName } from '../private/stored-names';

const HALF = 12;
const MINUTE = Duration.minutes(1);

/** The number of messages in a queue, and the age of the oldest. */
export function queueRow(queue: sqs.IQueue): cloudwatch.IWidget[] {
  const options = { period: MINUTE, statistic: 'Maximum' };
  return [
    graph(`${queue.node.path}: messages`, [
      queue.metricApproximateNumberOfMessagesVisible({ ...options, label: 'visible' }),
      queue.metricApproximateNumberOfMessagesNotVisible({ ...options, label: 'in flight' }),
    ]),
    graph(`${queue.node.path}: age of the oldest message in seconds`, [queue.metricApproximateAgeOfOldestMessage({ ...options, label: 'age' })]),
  ];
}

/** The connections and the load of a cluster; a cluster that is not Serverless v2 has no capacity metric. */
export function databaseRow(database: rds.IDatabaseCluster): cloudwatch.IWidget[] {
  const metric = (metricName: string, label: string) => new cloudwatch.Metric({
    namespace: 'AWS/RDS', metricName, label, period: MINUTE, statistic: 'Maximum', dimensionsMap: { DBClusterIdentifier: storedClusterIdentifier(database) },
  });
  return [
    graph(`${database.node.path}: connections`, [metric('DatabaseConnections', 'connections')]),
    graph(`${database.node.path}: load`, [metric('CPUUtilization', 'CPU in percent')], [metric('ServerlessDatabaseCapacity', 'ACU')]),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html */
export function proxyRow(proxy: rds.IDatabaseProxy): cloudwatch.IWidget[] {
  const metric = (metricName: string, label: string, statistic = 'Maximum') => new cloudwatch.Metric({
    namespace: 'AWS/RDS', metricName, label, period: MINUTE, statistic, dimensionsMap: { ProxyName: storedProxyName(proxy) },
  });
  return [
    graph(`${proxy.node.path}: connections`, [
      metric('ClientConnections', 'from clients'),
      metric('DatabaseConnections', 'to the database'),
      metric('DatabaseConnectionsCurrentlySessionPinned', 'pinned'),
      metric('MaxDatabaseConnectionsAllowed', 'allowed'),
    ]),
    graph(`${proxy.node.path}: wait for a connection in µs`, [metric('DatabaseConnectionsBorrowLatency', 'p99', 'p99')]),
  ];
}

function graph(title: string, left: cloudwatch.IMetric[], right: cloudwatch.IMetric[] = []): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({ title, width: HALF, left, right, leftYAxis: { min: 0 } });
}
