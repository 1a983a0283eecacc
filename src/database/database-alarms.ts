import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { DEFAULTS } from '../defaults';

const D = DEFAULTS.ProxiedDatabase;
const MINUTE = Duration.minutes(1);

/** The properties in which the alarms of a database differ. */
export interface DatabaseAlarmProps {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly description: string;
  /** @default cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD */
  readonly comparisonOperator?: cloudwatch.ComparisonOperator;
}

/** The alarms of one database: each is in alarm after three bad minutes of five; missing data count as good. */
export class DatabaseAlarms extends Construct {
  public add(id: string, { metric, threshold, description, comparisonOperator }: DatabaseAlarmProps): cloudwatch.Alarm {
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

/** A cluster to watch. */
export interface WatchedCluster {
  readonly cluster: rds.IDatabaseCluster;
  /** Whether the capacity scales. If it does, an alarm watches it; if not, the memory. */
  readonly isServerless: boolean;
  /**
   * How many connections each instance accepts.
   *
   * @default - unknown: no alarm watches the connections of the cluster
   */
  readonly maxConnections?: number;
}

/** The alarms of a cluster. */
export interface ClusterAlarms {
  readonly clusterConnections?: cloudwatch.Alarm;
  readonly cpu: cloudwatch.Alarm;
  readonly capacity: cloudwatch.Alarm;
  readonly deadlocks: cloudwatch.Alarm;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
export function addClusterAlarms(alarms: DatabaseAlarms, watched: WatchedCluster): ClusterAlarms {
  const { cluster } = watched;
  return {
    clusterConnections: addConnectionsAlarm(alarms, watched),
    cpu: alarms.add('Cpu', {
      metric: cluster.metricCPUUtilization({ period: MINUTE, statistic: 'Average' }),
      threshold: D.cpuThreshold.value,
      description: 'The CPU utilization of the database is high. Find the most expensive queries in Database Insights',
    }),
    capacity: addCapacityAlarm(alarms, watched),
    deadlocks: alarms.add('Deadlocks', {
      metric: cluster.metricDeadlocks({ period: MINUTE, statistic: 'Sum' }),
      threshold: 0,
      description: 'The database ended a transaction because of a deadlock. '
        + 'Find the transactions in the log of the database, and lock rows in the same order in all of them',
    }),
  };
}

function addConnectionsAlarm(alarms: DatabaseAlarms, { cluster, maxConnections }: WatchedCluster): cloudwatch.Alarm | undefined {
  if (maxConnections === undefined || Token.isUnresolved(maxConnections)) return undefined;
  return alarms.add('ClusterConnections', {
    metric: cluster.metricDatabaseConnections({ period: MINUTE, statistic: 'Maximum' }),
    threshold: Math.floor((maxConnections * D.connectionsThreshold.value) / 100),
    description: 'A database instance has almost no connections left. Find the clients that hold them, then raise the capacity',
  });
}

function addCapacityAlarm(alarms: DatabaseAlarms, { cluster, isServerless }: WatchedCluster): cloudwatch.Alarm {
  if (isServerless) {
    return alarms.add('Capacity', {
      metric: cluster.metric('ACUUtilization', { period: MINUTE, statistic: 'Average' }),
      threshold: D.capacityThreshold.value,
      description: 'The database is close to its maximum capacity. Raise the maximum, or find the most expensive queries in Database Insights',
    });
  }
  return alarms.add('Capacity', {
    metric: cluster.metricFreeableMemory({ period: MINUTE, statistic: 'Minimum' }),
    threshold: D.freeableMemoryMib.value * 2 ** 20,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    description: 'The database has almost no freeable memory. Check for many connections and large sorts, then use larger instances',
  });
}
