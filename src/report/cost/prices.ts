/** A list price in US dollars. */
export interface Price {
  readonly value: number;
  /** What one price pays for: `GB-second on arm64`. */
  readonly unit: string;
  readonly source: string;
  /**
   * The month in which the price was compared with a copy of the source, or with the AWS Price List
   * (docs/adr/0124-prices-and-their-comparison.md). A price of the reader has none.
   */
  readonly compared?: string;
}

const pricing = (service: string) => `https://aws.amazon.com/${service}/pricing/`;
const LAMBDA = pricing('lambda');
const API_GATEWAY = pricing('api-gateway');
const CLOUD_WATCH = pricing('cloudwatch');
const VPC = pricing('vpc');
const PRIVATE_LINK = pricing('privatelink');
const AURORA = pricing('rds/aurora');
const PROXY = pricing('rds/proxy');
const LOAD_BALANCER = pricing('elasticloadbalancing');
const SECRETS = pricing('secrets-manager');
const KEYS = pricing('kms');
const WAF = pricing('waf');

/** The month of the table. */
export const PRICES_AS_OF = '2026-11';
export const PRICES_REGION = 'US East (N. Virginia)';

function price(value: number, unit: string, source: string, compared?: string): Price {
  return { value, unit, source, compared };
}

/** List prices in US East (N. Virginia), first tier, without the free tier. `--prices` replaces single prices. */
export const PRICES = {
  lambdaMillionRequests: price(0.20, 'million requests', LAMBDA, '2026-09'),
  lambdaGbSecondX86: price(0.0000166667, 'GB-second on x86_64', LAMBDA, '2026-09'),
  lambdaGbSecondArm: price(0.0000133334, 'GB-second on arm64', LAMBDA, '2026-09'),
  provisionedGbSecondX86: price(0.0000041667, 'GB-second of provisioned concurrency on x86_64', LAMBDA, '2026-09'),
  provisionedGbSecondArm: price(0.0000033334, 'GB-second of provisioned concurrency on arm64', LAMBDA, '2026-09'),
  provisionedRunGbSecondX86: price(0.0000097222, 'GB-second of a request on provisioned concurrency, x86_64', LAMBDA, '2026-09'),
  provisionedRunGbSecondArm: price(0.0000077778, 'GB-second of a request on provisioned concurrency, arm64', LAMBDA, '2026-09'),
  snapStartCacheGbSecond: price(0.0000015046, 'GB-second of a cached snapshot', LAMBDA, '2026-09'),
  snapStartRestoreGb: price(0.0001397998, 'GB restored', LAMBDA, '2026-09'),
  httpApiMillion: price(1.00, 'million requests to an HTTP API', API_GATEWAY, '2026-09'),
  restApiMillion: price(3.50, 'million requests to a REST API', API_GATEWAY, '2026-09'),
  webSocketMillion: price(1.00, 'million messages', API_GATEWAY, '2026-09'),
  loadBalancerHour: price(0.0225, 'load balancer hour', LOAD_BALANCER, '2026-10'),
  capacityUnitHour: price(0.008, 'load balancer capacity unit hour', LOAD_BALANCER, '2026-10'),
  alarmMetric: price(0.10, 'alarm metric and month', CLOUD_WATCH, '2026-09'),
  alarmMetricHighResolution: price(0.30, 'high-resolution alarm metric and month', CLOUD_WATCH, '2026-09'),
  compositeAlarm: price(0.50, 'composite alarm and month', CLOUD_WATCH, '2026-09'),
  customMetric: price(0.30, 'custom metric and month', CLOUD_WATCH, '2026-09'),
  dashboard: price(3.00, 'dashboard and month', CLOUD_WATCH, '2026-09'),
  logGb: price(0.50, 'GB of logs', CLOUD_WATCH, '2026-09'),
  millionTraces: price(5.00, 'million traces', pricing('xray')),
  natHour: price(0.045, 'NAT gateway hour', VPC, '2026-09'),
  natGb: price(0.045, 'GB through a NAT gateway', VPC, '2026-09'),
  publicAddressHour: price(0.005, 'public IPv4 address hour', VPC, '2026-10'),
  endpointHour: price(0.01, 'interface endpoint and Availability Zone hour', PRIVATE_LINK, '2024-10'),
  endpointGb: price(0.01, 'GB through an interface endpoint', PRIVATE_LINK, '2024-10'),
  acuHour: price(0.12, 'ACU hour', AURORA, '2026-10'),
  acuHourIoOptimized: price(0.156, 'ACU hour (I/O-Optimized)', AURORA, '2026-03'),
  proxyAcuHour: price(0.015, 'ACU hour behind RDS Proxy', PROXY, '2026-10'),
  secretMonth: price(0.40, 'secret and month', SECRETS, '2026-09'),
  keyMonth: price(1.00, 'key and month', KEYS, '2026-10'),
  queueMillion: price(0.40, 'million requests to a standard queue', pricing('sqs'), '2024-07'),
  fifoMillion: price(0.50, 'million requests to a FIFO queue', pricing('sqs'), '2024-07'),
  eventMillion: price(1.00, 'million custom events', pricing('eventbridge'), '2024-07'),
  scheduleMillion: price(1.00, 'million invocations of schedules', pricing('eventbridge'), '2026-09'),
  shardHour: price(0.015, 'shard hour', pricing('kinesis/data-streams'), '2024-07'),
  streamHour: price(0.04, 'on-demand stream hour', pricing('kinesis/data-streams'), '2024-07'),
  webAclMonth: price(5.00, 'web ACL and month', WAF, '2026-09'),
  webAclRuleMonth: price(1.00, 'rule and month', WAF, '2026-09'),
  webAclMillion: price(0.60, 'million inspected requests', WAF, '2026-09'),
} satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type Prices = Readonly<Record<PriceName, Price>>;

/** The hours of a month that AWS's own estimates use. */
export const HOURS_A_MONTH = 730;
export const SECONDS_A_MONTH = HOURS_A_MONTH * 3_600;
export const MINUTES_A_MONTH = HOURS_A_MONTH * 60;

/** RDS Proxy charges for at least this capacity in front of Aurora Serverless v2. */
export const PROXY_ACU_MIN = 8;
