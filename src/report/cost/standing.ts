import type { CostGroup, CostLine, Factor, Range } from './arithmetic';
import { exactly, group, line, range } from './arithmetic';
import { HOURS_A_MONTH, PROXY_ACU_MIN, SECONDS_A_MONTH } from './prices';
import type { Price, Prices } from './prices';
import { LAMBDA } from '../../aws';
import { asList, asNumber, member, patternOf, proxiesOf, isFifo } from '../../checks/graph';
import type { LambdaFunction, Resource } from '../../checks/graph';
import { metricsOf } from '../../checks/rules/support/alarm-metrics';
import type { AppView } from '../model/app-view';
import { shown } from '../model/app-view';
import { provisionedRange } from '../model/functions';
import type { Say } from '../model/phrases';

const SERVERLESS = 'ServerlessV2ScalingConfiguration';
/** An Application Load Balancer has subnets in at least two Availability Zones. */
const ZONES_MIN = 2;
/**
 * The first and the second rotation of a key add its price, later rotations do not.
 *
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/cost.html
 */
const ROTATIONS_CHARGED = 2;

/** The cost of a month without any traffic. */
export class StandingCost {
  constructor(private readonly view: AppView, private readonly prices: Prices, private readonly say: Say) {}

  public groups(): CostGroup[] {
    const { say } = this;
    return [
      group(say('costMonitoring'), [...this.alarms(), ...this.metrics(), ...this.dashboards()]),
      group(say('costNetwork'), [...this.network(), ...this.balancers(), ...this.firewalls()]),
      group(say('costDatabases'), [...this.databases(), ...this.streams()]),
      group(say('costWarm'), this.view.functions.flatMap(fn => [...this.provisioned(fn), ...this.snapshots(fn)])),
      group(say('costKeys'), [...this.secrets(), ...this.keys()]),
    ].filter(({ lines }) => lines.length > 0);
  }

  private price(price: Price, times = 1): Factor {
    return { label: `${price.value} USD / ${price.unit}`, value: exactly(price.value * times) };
  }

  private count(n: number | Range, label: string): Factor {
    return { label, value: typeof n === 'number' ? exactly(n) : n };
  }

  private hours(): Factor {
    return this.count(HOURS_A_MONTH, this.say('hours'));
  }

  private alarms(): CostLine[] {
    const metrics = { standard: 0, high: 0 };
    for (const alarm of this.view.ofType('AWS::CloudWatch::Alarm')) {
      const read = metricsOf(alarm).filter(({ of, at }) => !of.lacks(at.name));
      const isHigh = read.some(({ period }) => (period ?? 60) < 60);
      metrics[isHigh ? 'high' : 'standard'] += Math.max(1, read.length) + (alarm.lacks('ThresholdMetricId') ? 0 : 2);
    }
    const composite = this.view.ofType('AWS::CloudWatch::CompositeAlarm').length;
    const { alarmMetric, alarmMetricHighResolution, compositeAlarm } = this.prices;
    return [
      ...this.counted(metrics.standard, 'alarmMetrics', alarmMetric),
      ...this.counted(metrics.high, 'alarmMetricsHigh', alarmMetricHighResolution),
      ...this.counted(composite, 'compositeAlarms', compositeAlarm),
    ];
  }

  /** Metrics that no service of AWS publishes; a metric that is never written costs nothing. */
  private metrics(): CostLine[] {
    const custom = new Set<string>();
    for (const alarm of this.view.ofType('AWS::CloudWatch::Alarm')) {
      for (const { of, at } of metricsOf(alarm)) {
        const namespace = patternOf(of.get(at.namespace));
        if (namespace === '' || namespace.startsWith('AWS/')) continue;
        const dimensions = asList(of.get(at.dimensions)).map(each => [...of.template.app.mentioned(each)].map(({ logicalId }) => logicalId));
        custom.add(JSON.stringify([namespace, patternOf(of.get(at.name)), dimensions]));
      }
    }
    const filters = this.view.ofType('AWS::Logs::MetricFilter').length;
    return custom.size + filters === 0 ? [] : [
      line(this.say('customMetrics'), [this.count(range(0, custom.size + filters), this.say('customMetrics')), this.price(this.prices.customMetric)], this.prices.customMetric.source),
    ];
  }

  private dashboards(): CostLine[] {
    return this.counted(this.view.ofType('AWS::CloudWatch::Dashboard').length, 'dashboards', this.prices.dashboard);
  }

  private counted(n: number, key: Parameters<Say>[0], price: Price): CostLine[] {
    return n === 0 ? [] : [line(this.say(key), [this.count(n, this.say(key)), this.price(price)], price.source)];
  }

  private hourly(n: number | Range, key: Parameters<Say>[0], price: Price, subject?: string): CostLine[] {
    if (n === 0) return [];
    return [line(this.say(key), [this.count(n, this.say(key)), this.hours(), this.price(price)], price.source, subject)];
  }

  private network(): CostLine[] {
    return [
      ...this.hourly(this.view.ofType('AWS::EC2::NatGateway').length, 'natGateways', this.prices.natHour),
      ...this.hourly(this.publicAddresses(), 'publicAddresses', this.prices.publicAddressHour),
      ...this.hourly(endpointZones(this.view), 'endpointZones', this.prices.endpointHour),
    ];
  }

  /** Elastic IP addresses, and one address in each Availability Zone of a load balancer that the internet can reach. */
  private publicAddresses(): number {
    const open = this.view.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter(balancer => (
      balancer.string('Type', 'application') !== 'gateway' && balancer.string('Scheme', 'internet-facing') === 'internet-facing'
      && balancer.string('IpAddressType', 'ipv4') !== 'dualstack-without-public-ipv4'));
    const zones = open.map(balancer => balancer.list('Subnets').length || balancer.list('SubnetMappings').length || ZONES_MIN);
    return zones.reduce((sum, n) => sum + n, this.view.ofType('AWS::EC2::EIP').length);
  }

  private balancers(): CostLine[] {
    const balancers = this.view.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').length;
    return this.hourly(balancers, 'loadBalancers', this.prices.loadBalancerHour);
  }

  private firewalls(): CostLine[] {
    const lists = this.view.ofType('AWS::WAFv2::WebACL');
    const rules = lists.reduce((sum, list) => sum + list.list('Rules').length, 0);
    return [...this.counted(lists.length, 'webAcls', this.prices.webAclMonth), ...this.counted(rules, 'webAclRules', this.prices.webAclRuleMonth)];
  }

  private databases(): CostLine[] {
    const clusters = this.view.ofType('AWS::RDS::DBCluster').filter(cluster => !cluster.lacks(SERVERLESS));
    const lines = clusters.flatMap(cluster => {
      const price = cluster.string('StorageType') === 'aurora-iopt1' ? this.prices.acuHourIoOptimized : this.prices.acuHour;
      return this.hourly(this.capacityOf(cluster), 'capacityUnits', price, shown(cluster.path));
    });
    const proxies = this.view.graphs.flatMap(proxiesOf).flatMap(({ proxy, databases }) => {
      const cluster = databases.find(database => !database.lacks(SERVERLESS));
      if (cluster === undefined) return [];
      const { min, max } = this.capacityOf(cluster);
      return this.hourly(range(Math.max(PROXY_ACU_MIN, min), Math.max(PROXY_ACU_MIN, max)), 'proxyCapacity', this.prices.proxyAcuHour, shown(proxy.path));
    });
    return [...lines, ...proxies];
  }

  /** The capacity of all serverless instances of a cluster. */
  private capacityOf(cluster: Resource): Range {
    const isServerless = (each: Resource) => each.target('DBClusterIdentifier') === cluster && each.string('DBInstanceClass') === 'db.serverless';
    const instances = this.view.ofType('AWS::RDS::DBInstance').filter(isServerless).length;
    const n = Math.max(1, instances);
    return range(n * (cluster.number(`${SERVERLESS}.MinCapacity`) ?? 0), n * (cluster.number(`${SERVERLESS}.MaxCapacity`) ?? 0));
  }

  private streams(): CostLine[] {
    return this.view.ofType('AWS::Kinesis::Stream').flatMap(stream => {
      const isOnDemand = stream.string('StreamModeDetails.StreamMode') === 'ON_DEMAND' || stream.lacks('ShardCount');
      return isOnDemand
        ? this.hourly(1, 'streams', this.prices.streamHour, shown(stream.path))
        : this.hourly(stream.number('ShardCount') ?? 1, 'shards', this.prices.shardHour, shown(stream.path));
    });
  }

  private provisioned(fn: LambdaFunction): CostLine[] {
    const amount = provisionedRange(fn);
    if (amount === undefined) return [];
    const price = isArm(fn) ? this.prices.provisionedGbSecondArm : this.prices.provisionedGbSecondX86;
    const factors = [this.count(amount, this.say('provisionedEnvironments')), this.count(memoryGb(fn), 'GB'), this.count(SECONDS_A_MONTH, 's'), this.price(price)];
    return [line(this.say('provisionedConcurrency'), factors, price.source, shown(fn.path))];
  }

  /** Lambda charges for snapshots of Python and .NET, each published version for itself. */
  private snapshots(fn: LambdaFunction): CostLine[] {
    if (!isSnapshotCharged(fn)) return [];
    const price = this.prices.snapStartCacheGbSecond;
    const factors = [this.count(1, this.say('versions')), this.count(memoryGb(fn), 'GB'), this.count(SECONDS_A_MONTH, 's'), this.price(price)];
    return [line(this.say('snapshotCache'), factors, price.source, shown(fn.path))];
  }

  private secrets(): CostLine[] {
    const managed = this.view.ofType('AWS::RDS::DBCluster', 'AWS::RDS::DBInstance').filter(each => each.boolean('ManageMasterUserPassword') === true).length;
    const secrets = this.view.ofType('AWS::SecretsManager::Secret');
    // a replica is charged as a secret of its own
    const replicas = secrets.reduce((sum, secret) => sum + secret.list('ReplicaRegions').length, 0);
    return this.counted(secrets.length + replicas + managed, 'secrets', this.prices.secretMonth);
  }

  private keys(): CostLine[] {
    const keys = this.view.ofType('AWS::KMS::Key', 'AWS::KMS::ReplicaKey');
    const rotated = keys.filter(key => key.boolean('EnableKeyRotation') === true).length;
    const price = this.prices.keyMonth;
    const rotations = line(this.say('keyRotations'), [this.count(range(0, ROTATIONS_CHARGED * rotated), this.say('keyRotations')), this.price(price)], price.source);
    return [...this.counted(keys.length, 'keys', price), ...rotated === 0 ? [] : [rotations]];
  }
}

/** The Availability Zones of all interface endpoints. */
export function endpointZones(view: AppView): number {
  const interfaces = view.ofType('AWS::EC2::VPCEndpoint').filter(endpoint => endpoint.string('VpcEndpointType', 'Gateway') === 'Interface');
  return interfaces.reduce((zones, endpoint) => zones + Math.max(1, endpoint.list('SubnetIds').length), 0);
}

export function isArm(fn: LambdaFunction): boolean {
  return fn.resource.list('Architectures').some(each => patternOf(each) === 'arm64');
}

/** Snapshots of Java have no charge. */
export function isSnapshotCharged(fn: LambdaFunction): boolean {
  return fn.snapStart && /^(python|dotnet)/.test(fn.runtime);
}

export function memoryGb(fn: LambdaFunction): number {
  return (fn.resource.number('MemorySize', LAMBDA.memoryUnsetMiB) ?? LAMBDA.memoryUnsetMiB) / 1_024;
}

/** Types that cost money and are not in the numbers, because the template does not contain what they are charged by. */
const NOT_PRICED: readonly [string, (resource: Resource) => boolean][] = [
  ['AWS::RDS::DBInstance', resource => resource.string('DBInstanceClass') !== 'db.serverless'],
  ['AWS::RDS::DBProxy', resource => !(proxiesOf(resource.template.app).find(each => each.proxy === resource)?.databases ?? []).some(each => !each.lacks(SERVERLESS))],
  ['AWS::DynamoDB::Table', resource => asNumber(member(resource.get('ProvisionedThroughput'), 'ReadCapacityUnits')) !== undefined],
  ...[
    'AWS::OpenSearchService::Domain', 'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache', 'AWS::MSK::Cluster',
    'AWS::MSK::ServerlessCluster', 'AWS::EC2::Instance', 'AWS::ECS::Service', 'AWS::EFS::FileSystem', 'AWS::AmazonMQ::Broker', 'AWS::DocDB::DBInstance',
    'AWS::StepFunctions::StateMachine', 'AWS::Cognito::UserPool', 'AWS::AppSync::GraphQLApi', 'AWS::Pipes::Pipe', 'AWS::KinesisFirehose::DeliveryStream',
    'AWS::Redshift::Cluster', 'AWS::EC2::TransitGateway', 'AWS::EC2::VPNConnection', 'AWS::Lambda::CapacityProvider', 'AWS::CloudFront::Distribution',
  ].map((type): [string, () => boolean] => [type, () => true]),
];

/** The chargeable resources without a price, by type with their number. */
export function notPriced(view: AppView): string[] {
  return NOT_PRICED.flatMap(([type, applies]) => {
    const n = view.ofType(type).filter(applies).length;
    return n === 0 ? [] : [`${type} (${n})`];
  });
}

/** The price of requests to a queue by its type. */
export function queuePrice(queue: Resource | undefined, prices: Prices): Price {
  return queue && isFifo(queue) ? prices.fifoMillion : prices.queueMillion;
}
