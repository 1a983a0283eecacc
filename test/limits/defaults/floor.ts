import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Subject } from './subject';
import { ProductionDefaults } from '../../../src';

function plainProxy(stack: Stack): rds.DatabaseProxy {
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
  const cluster = new rds.DatabaseCluster(stack, 'Db', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    writer: rds.ClusterInstance.serverlessV2('Writer'),
  });
  return cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!] });
}

/** What plain constructs get that no construct of ours has. */
export const FLOOR: Record<string, Subject> = {
  ProductionDefaults: {
    ours: stack => {
      ProductionDefaults.applyTo(stack);
      plainProxy(stack);
    },
    plain: plainProxy,
    probes: {
      borrowTimeoutSeconds: { read: r => r.props('RDS::DBProxyTargetGroup').ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout, unset: '120 s' },
    },
  },
};
