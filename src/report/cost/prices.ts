/** A list price in US dollars. */
export interface Price {
  readonly value: number;
  /** What one price pays for: `GB-second on arm64`. */
  readonly unit: string;
  readonly source: string;
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

/** The month of the prices. Not each of them could be compared with its source (docs/adr/0110-costs-as-ranges-with-their-arithmetic.md). */
export const PRICES_AS_OF = '2026-11';
export const PRICES_REGION = 'US East (N. Virginia)';

/** List prices in US East (N. Virginia), first tier, without the free tier. `--prices` replaces single prices. */
export const PRICES = {
  lambdaMillionRequests: { value: 0.20, unit: 'million requests', source: LAMBDA },
  lambdaGbSecondX86: { value: 0.0000166667, unit: 'GB-second on x86_64', source: LAMBDA },
  lambdaGbSecondArm: { value: 0.0000133334, unit: 'GB-second on arm64', source: LAMBDA },
  provisionedGbSecondX86: { value: 0.0000041667, unit: 'GB-second of provisioned concurrency on x86_64', source: LAMBDA },
  provisionedGbSecondArm: { value: 0.0000033334, unit: 'GB-second of provisioned concurrency on arm64', source: LAMBDA },
  provisionedRunGbSecondX86: { value: 0.0000097222, unit: 'GB-second of a request on provisioned concurrency, x86_64', source: LAMBDA },
  provisionedRunGbSecondArm: { value: 0.0000077778, unit: 'GB-second of a request on provisioned concurrency, arm64', source: LAMBDA },
  snapStartCacheGbSecond: { value: 0.0000015046, unit: 'GB-second of a cached snapshot', source: LAMBDA },
  snapStartRestoreGb: { value: 0.0001397998, unit: 'GB restored', source: LAMBDA },
  httpApiMillion: { value: 1.00, unit: 'million requests to an HTTP API', source: API_GATEWAY },
  restApiMillion: { value: 3.50, unit: 'million requests to a REST API', source: API_GATEWAY },
  webSocketMillion: { value: 1.00, unit: 'million messages', source: API_GATEWAY },
  loadBalancerHour: { value: 0.0225, unit: 'load balancer hour', source: LOAD_BALANCER },
  capacityUnitHour: { value: 0.008, unit: 'load balancer capacity unit hour', source: LOAD_BALANCER },
  alarmMetric: { value: 0.10, unit: 'alarm metric and month', source: CLOUD_WATCH },
  alarmMetricHighResolution: { value: 0.30, unit: 'high-resolution alarm metric and month', source: CLOUD_WATCH },
  compositeAlarm: { value: 0.50, unit: 'composite alarm and month', source: CLOUD_WATCH },
  customMetric: { value: 0.30, unit: 'custom metric and month', source: CLOUD_WATCH },
  dashboard: { value: 3.00, unit: 'dashboard and month', source: CLOUD_WATCH },
  logGb: { value: 0.50, unit: 'GB of logs', source: CLOUD_WATCH },
  millionTraces: { value: 5.00, unit: 'million traces', source: pricing('xray') },
  natHour: { value: 0.045, unit: 'NAT gateway hour', source: VPC },
  natGb: { value: 0.045, unit: 'GB through a NAT gateway', source: VPC },
  publicAddressHour: { value: 0.005, unit: 'public IPv4 address hour', source: VPC },
  endpointHour: { value: 0.01, unit: 'interface endpoint and Availability Zone hour', source: PRIVATE_LINK },
  endpointGb: { value: 0.01, unit: 'GB through an interface endpoint', source: PRIVATE_LINK },
  acuHour: { value: 0.12, unit: 'ACU hour', source: AURORA },
  acuHourIoOptimized: { value: 0.156, unit: 'ACU hour (I/O-Optimized)', source: AURORA },
  proxyAcuHour: { value: 0.015, unit: 'ACU hour behind RDS Proxy', source: PROXY },
  secretMonth: { value: 0.40, unit: 'secret and month', source: SECRETS },
  keyMonth: { value: 1.00, unit: 'key and month', source: KEYS },
  queueMillion: { value: 0.40, unit: 'million requests to a standard queue', source: pricing('sqs') },
  fifoMillion: { value: 0.50, unit: 'million requests to a FIFO queue', source: pricing('sqs') },
  eventMillion: { value: 1.00, unit: 'million custom events', source: pricing('eventbridge') },
  scheduleMillion: { value: 1.00, unit: 'million invocations of schedules', source: pricing('eventbridge') },
  shardHour: { value: 0.015, unit: 'shard hour', source: pricing('kinesis/data-streams') },
  streamHour: { value: 0.04, unit: 'on-demand stream hour', source: pricing('kinesis/data-streams') },
  webAclMonth: { value: 5.00, unit: 'web ACL and month', source: WAF },
  webAclRuleMonth: { value: 1.00, unit: 'rule and month', source: WAF },
  webAclMillion: { value: 0.60, unit: 'million inspected requests', source: WAF },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type Prices = Readonly<Record<PriceName, Price>>;

/** The hours of a month that AWS's own estimates use. */
export const HOURS_A_MONTH = 730;
export const SECONDS_A_MONTH = HOURS_A_MONTH * 3_600;
export const MINUTES_A_MONTH = HOURS_A_MONTH * 60;

/** RDS Proxy charges for at least this capacity in front of Aurora Serverless v2. */
export const PROXY_ACU_MIN = 8;
