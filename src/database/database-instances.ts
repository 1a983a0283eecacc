import * as rds from 'aws-cdk-lib/aws-rds';
import { type DatabaseCapacity, PROXIED_RANGE } from './database-capacity';
import { INSTANCE } from './database-cluster';

const MONITORED = { ...INSTANCE, enablePerformanceInsights: true };

/** The instances of a cluster behind a proxy: a writer, and as many readers as given. */
export function instancesOf(
  capacity: DatabaseCapacity,
  readers: number,
  performanceInsightRetention: rds.PerformanceInsightRetention | undefined,
): Partial<rds.DatabaseClusterProps> {
  const range = capacity._range(PROXIED_RANGE);
  const instanceType = capacity._instanceType;
  const instance = (id: string) => range
    ? rds.ClusterInstance.serverlessV2(id, { ...MONITORED, performanceInsightRetention, scaleWithWriter: true })
    : rds.ClusterInstance.provisioned(id, { ...MONITORED, performanceInsightRetention, instanceType });
  return {
    writer: instance('Writer'),
    readers: Array.from({ length: readers }, (_, n) => instance(`Reader${n === 0 ? '' : n + 1}`)),
    ...(range && { serverlessV2MinCapacity: range.min, serverlessV2MaxCapacity: range.max }),
  };
}
