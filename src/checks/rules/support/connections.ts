import { maxConnections } from '../../../aws';
import { asNumber, engineFamily } from '../../graph';
import type { LambdaFunction, Resource } from '../../graph';

const CAPACITY = 'ServerlessV2ScalingConfiguration';
/** The environment variables that set the size of a connection pool. */
export const POOL_SIZE = /(POOL_?(SIZE|MAX)|MAX_?POOL(_?SIZE)?|CONNECTION_?LIMIT|MAX_?CONNECTIONS)$/i;

/** The `max_connections` of a cluster that does not change the default; undefined if it is not known. */
export function defaultMaxConnections(cluster: Resource): number | undefined {
  const family = engineFamily(cluster.string('Engine'));
  const [min, max] = [cluster.number(`${CAPACITY}.MinCapacity`), cluster.number(`${CAPACITY}.MaxCapacity`)];
  if (family !== 'mysql' && family !== 'postgresql') return undefined;
  if (mayChangeConnections(cluster) || min === undefined || max === undefined) return undefined;
  return maxConnections(family, min, max);
}

/** Whether the parameter group of a cluster may set `max_connections`; a group outside of the app may set anything. */
function mayChangeConnections(cluster: Resource): boolean {
  if (cluster.lacks('DBClusterParameterGroupName')) return false;
  const group = cluster.target('DBClusterParameterGroupName');
  return group === undefined || !group.lacks('Parameters.max_connections');
}

/** The connections that one execution environment opens. */
export function poolSize(fn: LambdaFunction): number {
  return asNumber(fn.environment.find(([key]) => POOL_SIZE.test(key))?.[1]) ?? 1;
}
