import { Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { storedClusterIdentifier, storedProxyName } from '../../src/private/stored-names';
import { POSTGRES } from '../support/databases';

let stack: Stack;
beforeEach(() => {
  stack = new Stack();
});

function imported(dbProxyName: string): rds.IDatabaseProxy {
  return rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Proxy', { dbProxyName, dbProxyArn: 'arn', endpoint: 'e', securityGroups: [] });
}
function created(clusterIdentifier?: string, dbProxyName?: string) {
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const cluster = new rds.DatabaseCluster(stack, 'Cluster', { engine: POSTGRES, vpc, clusterIdentifier, writer: rds.ClusterInstance.serverlessV2('Writer') });
  return { cluster, proxy: cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!], dbProxyName }) };
}

test.each([['Ledger-Proxy', 'ledger-proxy'], ['ledger-proxy', 'ledger-proxy']])('an imported proxy %s has the metrics of %s', (name, stored) => {
  expect(storedProxyName(imported(name))).toBe(stored);
});

test('a proxy and a cluster of this app with capital letters in their names have the metrics of the name in lower case', () => {
  const { cluster, proxy } = created('Prod-Ledger', 'Prod-Proxy');
  expect(storedProxyName(proxy)).toBe('prod-proxy');
  expect(['prod-ledger', { Ref: 'ClusterEB0386A7' }]).toContainEqual(stack.resolve(storedClusterIdentifier(cluster)));
});

test('other names are references, so that nothing depends on a literal', () => {
  const { cluster, proxy } = created('prod-ledger', 'prod-proxy');
  expect(stack.resolve(storedProxyName(proxy))).toEqual({ Ref: expect.stringContaining('Proxy') });
  expect(stack.resolve(storedClusterIdentifier(cluster))).toEqual({ Ref: 'ClusterEB0386A7' });
});

test('a token is unknown at synth and stays as it is', () => {
  const name = Lazy.string({ produce: () => 'Ledger' });
  expect(storedProxyName(imported(name))).toBe(name);
});
