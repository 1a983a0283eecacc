import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { production } from './production-function';
import { ProxiedDatabase, type ProxiedDatabaseProps } from '../../src';

export const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 });
export const MYSQL = rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 });

export function newDatabase(stack: Stack, props: Partial<ProxiedDatabaseProps> = {}, id = 'Ledger'): ProxiedDatabase {
  return new ProxiedDatabase(stack, id, { engine: POSTGRES, vpc: networkOf(stack), ...props });
}

/** The network of the stack, or an imported one, which is faster to synthesize. */
export function networkOf(stack: Stack): ec2.IVpc {
  const subnets = ['subnet-1', 'subnet-2'];
  return stack.node.tryFindChild('Network') as ec2.IVpc | undefined ?? ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], isolatedSubnetIds: subnets, isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
}
export const payIn = (stack: Stack, props: Partial<lambda.FunctionProps> = {}) => production(stack, { vpc: networkOf(stack), ...props });
export const message = (text: string) => new Error(`${text} (at Stack/Ledger)`);
