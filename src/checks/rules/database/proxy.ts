import { RDS } from '../../../aws';
import type { AppGraph, Proxy, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { countAvailabilityZones } from '../support/availability-zones';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { eachProxy } from '../support/each-proxy';

const CONNECTIONS = SOURCE.aurora('rds-proxy-connections');

export const PROXY_RULES: Rule[] = [
  {
    id: 'LP-D01',
    category: 'database',
    severity: 'error',
    title: 'RDS Proxy prevents auto-pause',
    why: 'RDS Proxy holds connections open, so a cluster with a minimum of 0 ACU never pauses.',
    fix: 'set the minimum to 0.5 or more, or use the Data API without a proxy',
    source: SOURCE.aurora('aurora-serverless-v2-auto-pause'),
    evaluate: eachProxy(proxyPreventsPause),
  },
  {
    id: 'LP-D29',
    category: 'database',
    severity: 'warning',
    title: 'RDS Proxy logs SQL statements',
    why: 'Debug logging writes statements, and the data in them, to the logs. It also slows the proxy.',
    fix: 'set DebugLogging to false',
    source: CONNECTIONS,
    practice: true,
    evaluate: each('AWS::RDS::DBProxy', proxyLogsSql),
  },
  {
    id: 'LP-D31',
    category: 'database',
    severity: 'warning',
    title: 'RDS Proxy spans one Availability Zone',
    why: 'RDS rejects a proxy with subnets in fewer than two Availability Zones.',
    fix: 'use subnets in two or more Availability Zones',
    source: SOURCE.aurora('rds-proxy-network-prereqs'),
    evaluate: each('AWS::RDS::DBProxy', proxyInOneZone),
  },
  {
    id: 'LP-D32',
    category: 'database',
    severity: 'error',
    title: 'RDS Proxy is in a VPC with dedicated tenancy',
    why: 'RDS Proxy and Lambda do not support dedicated tenancy.',
    fix: 'use default tenancy',
    source: SOURCE.aurora('rds-proxy-network-prereqs'),
    evaluate: each('AWS::RDS::DBProxy', proxyInDedicatedVpc),
  },
];

function proxyPreventsPause({ proxy, databases }: Proxy): Found {
  return databases
    .filter(cluster => cluster.number('ServerlessV2ScalingConfiguration.MinCapacity') === 0)
    .map(cluster => ({
      at: cluster,
      property: 'ServerlessV2ScalingConfiguration.MinCapacity',
      must: `must be above 0 behind the proxy ${proxy.path}`,
      got: 0,
    }));
}

function proxyLogsSql(proxy: Resource): Found {
  if (proxy.boolean('DebugLogging') === true) {
    return { at: proxy, property: 'DebugLogging', must: 'must be false in production', got: true };
  }
  return undefined;
}

function proxyInOneZone(proxy: Resource, app: AppGraph): Found {
  const zones = countAvailabilityZones(app, proxy.list('VpcSubnetIds'), proxy);
  if (zones !== undefined && proxy.list('VpcSubnetIds').length > 0 && zones < RDS.availabilityZonesMin) {
    return {
      at: proxy,
      property: 'VpcSubnetIds',
      must: `must span ${RDS.availabilityZonesMin} Availability Zones`,
      got: zones,
    };
  }
  return undefined;
}

function proxyInDedicatedVpc(proxy: Resource, app: AppGraph): Found {
  const vpc = proxy
    .list('VpcSubnetIds')
    .map(value => app.resourceOf(value, proxy, 'AWS::EC2::Subnet')?.target('VpcId'))
    .find(found => found !== undefined);
  if (vpc?.string('InstanceTenancy') === 'dedicated') {
    return {
      at: vpc,
      property: 'InstanceTenancy',
      must: `must be default for the proxy ${proxy.path}`,
      got: 'dedicated',
    };
  }
  return undefined;
}
