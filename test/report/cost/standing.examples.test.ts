import { input } from '../../../src/checks/engine/load';
import { exactly, sum } from '../../../src/report/cost/arithmetic';
import { breakEvens } from '../../../src/report/cost/break-even';
import { entranceCosts, functionPerMillion } from '../../../src/report/cost/per-request';
import { PRICES } from '../../../src/report/cost/prices';
import type { PriceName } from '../../../src/report/cost/prices';
import { notPriced, StandingCost } from '../../../src/report/cost/standing';
import { DEFAULT_TRAFFIC } from '../../../src/report/cost/traffic';
import { AppView } from '../../../src/report/model/app-view';
import { sayIn } from '../../../src/report/model/phrases';
import { TODAY } from '../../support/report-lines';

const say = sayIn('en');
const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;

/** Resources with a number in their logical ID. */
const several = (n: number, resource: object) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`R${i}`, resource]));
const resource = (type: string, properties: object = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const fn = (properties: object = {}) => resource('Lambda::Function', { Runtime: 'python3.13', Handler: 'i.h', Role: 'r', Code: { ZipFile: 'x' }, Timeout: 10, ...properties });
const alarm = (metrics: object) => resource('CloudWatch::Alarm', { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, ...metrics });
const metric = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum', Period: 60, Threshold: 1 };
const anomaly = alarm({
  ThresholdMetricId: 'band',
  Metrics: [
    { Id: 'm', MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Duration' }, Period: 60, Stat: 'Average' } },
    { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' },
  ],
});
const balancer = (properties: object = {}) => resource('ElasticLoadBalancingV2::LoadBalancer', { Subnets: ['a', 'b'], ...properties });
const webAcl = resource('WAFv2::WebACL', { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, Rules: [] });
const invocation = { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations' };
const restApi = {
  Fn: fn(),
  Api: resource('ApiGateway::RestApi'),
  Stage: resource('ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, StageName: 'live' }),
  Get: resource('ApiGateway::Method', { RestApiId: { Ref: 'Api' }, HttpMethod: 'GET', Integration: { Type: 'AWS_PROXY', Uri: invocation } }),
};
const inspected = {
  ...restApi,
  Acl: webAcl,
  OfStage: resource('WAFv2::WebACLAssociation', { WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ResourceArn: { 'Fn::Sub': 'arn:aws:apigateway:::/restapis/${Api}/stages/${Stage}' } }),
};
const onBus = { Fn: fn(), Rule: resource('Events::Rule', { EventBusName: 'orders', EventPattern: {}, Targets: [{ Id: 't', Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] }) };

function viewOf(resources: object): AppView {
  return new AppView([input({ Resources: resources }, 'Stack.template.json')], [], TODAY);
}

/** The lines of the standing cost of a month with a price. */
function standing(resources: object, price: PriceName): number {
  const lines = new StandingCost(viewOf(resources), PRICES, say).groups().flatMap(group => group.lines);
  return sum(lines.filter(({ factors }) => factors.some(({ label }) => label.endsWith(`/ ${PRICES[price].unit}`))).map(({ amount }) => amount)).max;
}

/** The line of a million requests to a function with a price; its lower bound. */
function perMillion(price: PriceName, properties: object, traffic: object = {}): number {
  const { lines } = functionPerMillion(viewOf({ Fn: fn(properties) }).functions[0], { ...DEFAULT_TRAFFIC.default, ...traffic }, PRICES, say);
  return lines.find(({ source, label }) => source === PRICES[price].source && label !== '')!.amount.min;
}

/** The lines of a million requests to the only entrance with a price. */
function entrance(resources: object, price: PriceName): number {
  const view = viewOf(resources);
  const [{ perMillion: { lines } }] = entranceCosts(view, each => functionPerMillion(each, DEFAULT_TRAFFIC.default, PRICES, say), PRICES, say);
  return sum(lines.filter(({ source }) => source === PRICES[price].source).map(({ amount }) => amount)).max;
}

/** Hours, as AWS's examples count them, of a cost of 730 hours. */
const hours = (n: number, month: number) => n * month / 730;
const FREE_LOGS = 5 * PRICES.logGb.value;
const FREE_TRACES = 0.1 * PRICES.millionTraces.value;

/** The worked examples of AWS's pricing pages: the page, what the example is about, the report's amount, and AWS's amount in US dollars. */
const EXAMPLES: readonly [string, string, () => number, number][] = [
  [page('cloudwatch'), '70 custom metrics', () => standing(several(70, resource('Logs::MetricFilter')), 'customMetric'), 21],
  [page('cloudwatch'), '4 alarms of standard resolution', () => standing(several(4, alarm(metric)), 'alarmMetric'), 0.40],
  [page('cloudwatch'), '5 alarms on anomalies, each of three metrics', () => standing(several(5, anomaly), 'alarmMetric'), 1.50],
  [page('cloudwatch'), '30 GB of logs, 5 GB of them free', () => perMillion('logGb', {}, { logBytes: exactly(30 * 2 ** 30 / 1e6) }) - FREE_LOGS, 12.50],
  // active tracing samples 5 %, the example samples 10 % of 2,000 requests an hour for 31 days
  [page('xray'), '148,800 traces, 100,000 of them free', () => 2 * 1.488 * perMillion('millionTraces', { TracingConfig: { Mode: 'Active' } }) - FREE_TRACES, 0.24],
  [page('vpc'), 'a NAT gateway, an hour', () => hours(1, standing({ Nat: resource('EC2::NatGateway') }, 'natHour')), 0.045],
  [page('vpc'), 'a GB through a NAT gateway', () => (networkOf(100) - networkOf(0)) / 100, 0.045],
  [page('vpc'), 'a load balancer with two public IPv4 addresses, an hour', () => hours(1, standing({ Alb: balancer() }, 'publicAddressHour')), 2 * 0.005],
  [page('elasticloadbalancing'), 'an Application Load Balancer, an hour without capacity units', () => hours(1, standing({ Alb: balancer() }, 'loadBalancerHour')), 0.0225],
  [page('kms'), 'a key; the rest of 6.97 USD is requests, which the report leaves out', () => standing({ Key: resource('KMS::Key') }, 'keyMonth'), 1],
  [page('waf'), 'a web ACL', () => standing({ Acl: webAcl }, 'webAclMonth'), 5],
  [page('waf'), '10 million inspected requests', () => 10 * entrance(inspected, 'webAclMillion'), 6],
  [page('eventbridge'), '5 million events on a bus', () => 5 * entrance(onBus, 'eventMillion'), 5],
];

/** The data part of the NAT gateway in the break-even of the network. */
function networkOf(gigabytes: number): number {
  const traffic = { ...DEFAULT_TRAFFIC, vpcGigabytes: exactly(gigabytes) };
  const prices = { ...PRICES, natHour: { ...PRICES.natHour, value: 0 }, publicAddressHour: { ...PRICES.publicAddressHour, value: 0 } };
  const [{ text }] = breakEvens(viewOf({ Nat: resource('EC2::NatGateway') }), traffic, prices, say);
  return Number(/: ([\d.]+) USD/.exec(text)![1]);
}

test.each(EXAMPLES)('%s: %s', (_page, _about, amount, usd) => {
  const decimals = usd.toString().split('.')[1]?.length ?? 0;
  expect(amount()).toBeCloseTo(usd, Math.max(2, decimals));
});

/** Pages of which no copy with a worked example of a charge of the report could be read, and why. */
const WITHOUT_EXAMPLE: Record<string, string> = {
  [page('privatelink')]: 'the page has terms and tiers, and no worked example',
  [page('rds/aurora')]: 'copies of the page end before an example of ACUs',
  [page('rds/proxy')]: 'the page states the price of a vCPU and of an ACU; copies have no example',
  [page('secrets-manager')]: 'the price is in the examples of the page; copies lack their totals',
  [page('sqs')]: 'the page states prices alone',
  [page('kinesis/data-streams')]: 'copies of the page end before the total of the example',
};
const IN_OTHER_TEST = [page('lambda'), page('api-gateway')];

test('every page with a price has its examples here or in per-request.examples.test.ts, or none that could be read', () => {
  const sources = [...new Set(Object.values(PRICES).map(({ source }) => source))].sort();
  expect([...new Set([...EXAMPLES.map(([source]) => source), ...IN_OTHER_TEST, ...Object.keys(WITHOUT_EXAMPLE)])].sort()).toEqual(sources);
});

test('what AWS charges by requests alone is named, and not priced', () => {
  const named = notPriced(viewOf({ States: resource('StepFunctions::StateMachine'), Table: resource('DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' }) }));
  expect(named).toEqual(['AWS::StepFunctions::StateMachine (1)']);
  expect(say('notPricedAlways')).toContain('requests to tables');
});

test.each([
  ['an internal load balancer has no public address', { Alb: balancer({ Scheme: 'internal' }) }, 'publicAddressHour', 0],
  ['a load balancer without known subnets has addresses in two zones', { Alb: balancer({ Subnets: { Ref: 'Subnets' } }) }, 'publicAddressHour', 2 * 3.65],
  ['each replica of a secret is a secret', { S: resource('SecretsManager::Secret', { ReplicaRegions: [{ Region: 'eu-west-1' }] }) }, 'secretMonth', 0.80],
  ['a replica key is a key', { K: resource('KMS::Key'), R: resource('KMS::ReplicaKey') }, 'keyMonth', 2],
  ['a rotated key keeps at most two older key materials', { K: resource('KMS::Key', { EnableKeyRotation: true }) }, 'keyMonth', 3],
] as const)('%s', (_, resources, price, usd) => {
  expect(standing(resources, price)).toBeCloseTo(usd, 6);
});

test('requests to an API without a web ACL are not inspected', () => {
  expect(entrance(restApi, 'webAclMillion')).toBe(0);
});
