import { Token, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { DatabaseCapacity, type ProxiedDatabase } from '../../src';
import { newDatabase } from '../support/databases';
import { newStack } from '../support/plain-function';
import { type Json, only, resourcesOf } from '../support/production-function';

const ALARMS = {
  connectionsAlarm: 'Connections',
  borrowLatencyAlarm: 'BorrowLatency',
  pinnedSessionsAlarm: 'PinnedSessions',
  queryLatencyAlarm: 'QueryLatency',
  failedLoginsAlarm: 'FailedLogins',
  failedConnectionsAlarm: 'FailedConnections',
  clusterConnectionsAlarm: 'ClusterConnections',
  cpuAlarm: 'Cpu',
  capacityAlarm: 'Capacity',
  deadlocksAlarm: 'Deadlocks',
} as const;

describe('by default', () => {
  let stack: Stack;
  let database: ProxiedDatabase;
  beforeAll(() => {
    stack = newStack();
    database = newDatabase(stack);
  });

  test('ten alarms watch the proxy and the cluster', () => {
    const alarms = Object.entries(resourcesOf(stack)).filter(([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && id.startsWith('Ledger'));
    expect(Object.fromEntries(alarms.map(([id, { Properties: p }]) => [id.slice('LedgerAlarms'.length, -8), [p.MetricName ?? p.Metrics.map((m: Json) => m.MetricStat?.Metric.MetricName ?? m.Expression), p.Threshold]])))
      .toEqual({
        Connections: [['IF(whole > 0, 100 * part / whole, 0)', 'DatabaseConnections', 'MaxDatabaseConnectionsAllowed'], 90],
        BorrowLatency: ['DatabaseConnectionsBorrowLatency', 1_000_000],
        QueryLatency: ['QueryDatabaseResponseLatency', 1_000_000],
        FailedConnections: ['DatabaseConnectionsSetupFailed', 0],
        ClusterConnections: ['DatabaseConnections', 1_502],
        PinnedSessions: [['IF(whole > 0, 100 * part / whole, 0)', 'DatabaseConnectionsCurrentlySessionPinned', 'DatabaseConnections'], 30],
        FailedLogins: ['ClientConnectionsSetupFailedAuth', 0],
        Cpu: ['CPUUtilization', 80],
        Capacity: ['ACUUtilization', 90],
        Deadlocks: ['Deadlocks', 0],
      });
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3, TreatMissingData: 'notBreaching', AlarmDescription: expect.stringContaining('Stack/Ledger') });
    }
  });

  test('clusterConnectionsAlarm watches the instance with the most connections', () => {
    const { Dimensions, Statistic } = only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsClusterConnections/).Properties;
    expect([Dimensions.map((d: Json) => d.Name), Statistic]).toEqual([['DBClusterIdentifier'], 'Maximum']);
  });

  test.each(Object.keys(ALARMS) as (keyof typeof ALARMS)[])('%s is a property of the database', alarm => {
    expect(database[alarm]?.node.path).toBe(`Stack/Ledger/Alarms/${ALARMS[alarm]}`);
  });
});

test('maxConnections sets the threshold of clusterConnectionsAlarm', () => {
  const stack = newStack();
  newDatabase(stack, { maxConnections: 50 });
  expect(only(stack, 'AWS::CloudWatch::Alarm', /^LedgerAlarmsClusterConnections/).Properties.Threshold).toBe(45);
});

test('clusterConnectionsAlarm is undefined if the number of connections is unknown', () => {
  const unknown = [{ capacity: DatabaseCapacity.provisioned(new ec2.InstanceType('z1.large')) }, { maxConnections: Token.asNumber({ Ref: 'Max' }) }];
  expect(unknown.map(props => newDatabase(newStack(), props).clusterConnectionsAlarm)).toEqual([undefined, undefined]);
});
