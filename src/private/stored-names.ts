import { Token } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';

/**
 * The name of a proxy as RDS stores it and emits its metrics: in lower case. A reference to the proxy is the name as the template writes it.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html
 */
export function storedProxyName(proxy: rds.IDatabaseProxy): string {
  const resource = proxy.node.findAll().find(rds.CfnDBProxy.isCfnDBProxy);
  return stored(proxy.dbProxyName, resource?.dbProxyName);
}

/** The identifier of a cluster as RDS stores it and emits its metrics: in lower case. */
export function storedClusterIdentifier(cluster: rds.IDatabaseCluster): string {
  const resource = cluster.node.findAll().find(rds.CfnDBCluster.isCfnDBCluster);
  return stored(cluster.clusterIdentifier, resource?.dbClusterIdentifier);
}

/** The reference, unless the name is known and has capital letters. */
function stored(reference: string, written = reference): string {
  return Token.isUnresolved(written) || written === written.toLowerCase() ? reference : written.toLowerCase();
}
