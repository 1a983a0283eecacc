import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DEFAULTS } from '../limits';

const D = DEFAULTS.ProxiedDatabase;

/**
 * What the alarms of a database watch.
 */
export interface DatabaseAlarmsProps {
  /**
   * The cluster.
   */
  readonly cluster: rds.IDatabaseCluster;

  /**
   * Its proxy.
   */
  readonly proxy: rds.IDatabaseProxy;

  /**
   * Whether the capacity follows the load, which is then watched instead of the memory.
   */
  readonly isServerless: boolean;

  /**
   * How many connections each instance of the cluster admits.
   *
   * @default - not known: no alarm on those of the cluster, only on those of the proxy
   */
  readonly maxConnections?: number;
}

/** One alarm, in what it differs from the others. */
interface Watch {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly description: string;
  /** @default cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD */
  readonly comparisonOperator?: cloudwatch.ComparisonOperator;
}

/**
 * The alarms of a database behind a proxy: each a question that a person on call can answer. A ProxiedDatabase makes its own.
 *
 * Each fires after three bad minutes of five; missing data do not fire.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export class DatabaseAlarms extends Construct {
  /** Fires while more than 90 % of the connections that the proxy may open are in use. */
  public readonly connections: cloudwatch.Alarm;

  /** Fires while functions wait long for a connection. */
  public readonly borrowLatency: cloudwatch.Alarm;

  /** Fires while more than 30 % of the connections are kept by one session each. */
  public readonly pinnedSessions: cloudwatch.Alarm;

  /** Fires while the database takes long to answer statements. */
  public readonly queryLatency: cloudwatch.Alarm;

  /** Fires when somebody could not log in to the proxy. */
  public readonly failedLogins: cloudwatch.Alarm;

  /** Fires when the proxy could not open a connection to the database. */
  public readonly failedConnections: cloudwatch.Alarm;

  /** Fires while an instance has hardly a connection left, whoever took them. There is none where their number is not known. */
  public readonly clusterConnections?: cloudwatch.Alarm;

  /** Fires while the processors of the cluster are busy. */
  public readonly cpu: cloudwatch.Alarm;

  /** Fires while the capacity is near its maximum, or with provisioned instances while memory is short. */
  public readonly capacity: cloudwatch.Alarm;

  /** Fires when transactions waited for each other and one was ended. */
  public readonly deadlocks: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, private readonly props: DatabaseAlarmsProps) {
    super(scope, id);
    const { cluster, isServerless, maxConnections } = props;
    const minute = { period: Duration.minutes(1) };
    this.connections = this.watch('Connections', {
      metric: this.share('DatabaseConnections', 'MaxDatabaseConnectionsAllowed'),
      threshold: D.connectionsThreshold.value,
      description: 'The proxy has hardly a connection left: functions will wait, then fail. Look for slow queries and long transactions, then for the concurrency of the functions',
    });
    this.borrowLatency = this.watch('BorrowLatency', {
      metric: this._proxyMetric('DatabaseConnectionsBorrowLatency', { ...minute, statistic: 'Average' }),
      threshold: D.borrowLatencyMillis.value * 1_000, // the metric is in microseconds
      description: 'Functions wait for a connection. Look for slow queries, long transactions and pinned sessions',
    });
    this.pinnedSessions = this.watch('PinnedSessions', {
      metric: this.share('DatabaseConnectionsCurrentlySessionPinned', 'DatabaseConnections'),
      threshold: D.pinnedThreshold.value,
      description: 'Sessions keep their connections to themselves, so the proxy can\'t share them. Look in the log of the proxy for what pins: SET, named prepared statements, temporary tables, large statements',
    });
    this.queryLatency = this.watch('QueryLatency', {
      metric: this._proxyMetric('QueryDatabaseResponseLatency', { ...minute, statistic: 'Average' }),
      threshold: D.queryLatencyMillis.value * 1_000, // the metric is in microseconds
      description: 'The database takes long to answer, and as long each statement keeps its connection. Look in Database Insights for the queries that cost most',
    });
    this.failedLogins = this.watch('FailedLogins', {
      metric: this._proxyMetric('ClientConnectionsSetupFailedAuth', { ...minute, statistic: 'Sum' }),
      threshold: 0,
      description: 'Somebody can\'t log in to the proxy. Look whether the function connects by TLS, as the user that it was granted, with a fresh token',
    });
    this.failedConnections = this.watch('FailedConnections', {
      metric: this._proxyMetric('DatabaseConnectionsSetupFailed', { ...minute, statistic: 'Sum' }),
      threshold: 0,
      description: 'The proxy can\'t open connections to the database. Look whether others took them all, whether the login exists, and in the log of the proxy',
    });
    if (maxConnections !== undefined && !Token.isUnresolved(maxConnections)) {
      this.clusterConnections = this.watch('ClusterConnections', {
        metric: cluster.metricDatabaseConnections({ ...minute, statistic: 'Maximum' }),
        threshold: Math.floor((maxConnections * D.connectionsThreshold.value) / 100),
        description: 'An instance has hardly a connection left for anybody. Look for who connects past the proxy, then raise the capacity',
      });
    }
    this.cpu = this.watch('Cpu', {
      metric: cluster.metricCPUUtilization({ ...minute, statistic: 'Average' }),
      threshold: D.cpuThreshold.value,
      description: 'The processor of the database is busy. Look in Database Insights for the queries that cost most',
    });
    this.capacity = this.watch('Capacity', isServerless ? {
      metric: cluster.metric('ACUUtilization', { ...minute, statistic: 'Average' }),
      threshold: D.capacityThreshold.value,
      description: 'The database is near its greatest capacity. Raise it, or look in Database Insights for the queries that cost most',
    } : {
      metric: cluster.metricFreeableMemory({ ...minute, statistic: 'Minimum' }),
      threshold: D.freeableMemoryMib.value * 2 ** 20,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      description: 'The database has hardly any memory left. Look for many connections and large sorts, then take larger instances',
    });
    this.deadlocks = this.watch('Deadlocks', {
      metric: cluster.metricDeadlocks({ ...minute, statistic: 'Sum' }),
      threshold: 0,
      description: 'Transactions waited for each other, and the database ended one. Look in its log for which; let all take their rows in the same order',
    });
  }

  /**
   * @internal
   */
  public _proxyMetric(metricName: string, props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/RDS',
      metricName,
      dimensionsMap: { ProxyName: this.props.proxy.dbProxyName },
      ...props,
    }).attachTo(this);
  }

  private share(part: string, whole: string): cloudwatch.MathExpression {
    const minute = { period: Duration.minutes(1), statistic: 'Maximum' };
    return new cloudwatch.MathExpression({
      expression: 'IF(whole > 0, 100 * part / whole, 0)',
      usingMetrics: { part: this._proxyMetric(part, minute), whole: this._proxyMetric(whole, minute) },
      period: Duration.minutes(1),
      label: `${part} in percent of ${whole}`,
    });
  }

  private watch(id: string, { metric, threshold, description, comparisonOperator }: Watch): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: `${description}. (${this.node.scope!.node.path})`,
      comparisonOperator: comparisonOperator ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: D.alarmEvaluationPeriods.value,
      datapointsToAlarm: D.alarmDatapoints.value,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
