import { each } from './each';
import type { Found } from './each';
import type { AppGraph, Resource } from '../../graph';
import type { Problem } from '../rule';

export const CLUSTER = 'AWS::RDS::DBCluster';
export const INSTANCE = 'AWS::RDS::DBInstance';

type DatabaseCheck = (database: Resource, app: AppGraph) => Found;

/** Checks every cluster, and every instance without a cluster. */
export function eachDatabase(check: DatabaseCheck): (app: AppGraph) => Problem[] {
  return each([CLUSTER, INSTANCE], (database, app) => {
    const isPartOfCluster = database.type === INSTANCE && !database.lacks('DBClusterIdentifier');
    return isPartOfCluster ? undefined : check(database, app);
  });
}

/** Checks every database but read replicas, which hold no data of their own. */
export function eachPrimaryDatabase(check: DatabaseCheck): (app: AppGraph) => Problem[] {
  return eachDatabase((database, app) => database.lacks('SourceDBInstanceIdentifier') && check(database, app));
}
