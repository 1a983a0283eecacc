import type { CostGroup, CostLine, Factor, Range } from './arithmetic';
import { exactly, group, line, product, range, sum } from './arithmetic';
import type { Price, Prices } from './prices';
import { HOURS_A_MONTH, SECONDS_A_MONTH } from './prices';
import { isArm, isSnapshotCharged, memoryGb, queuePrice } from './standing';
import { trafficOf } from './traffic';
import type { FunctionTraffic, Traffic } from './traffic';
import type { LambdaFunction, Resource } from '../../checks/graph';
import type { AppView } from '../model/app-view';
import { shown } from '../model/app-view';
import { invocationsOf } from '../model/callers';
import { provisionedRange } from '../model/functions';
import type { Say } from '../model/phrases';
import type { EntranceChoice, EntranceCost, NodeKind } from '../model/report-data';

const MILLION = 1_000_000;
const BYTES_A_GB = 1_073_741_824;
/** Active tracing samples the first request of a second and this share of the others. */
const TRACED_SHARE = 0.05;
/** A message is sent, received and deleted; a batch shares its receive and delete requests. */
const REQUESTS_A_MESSAGE = range(1, 3);
/** A capacity unit of a load balancer has a million requests an hour to Lambda targets at most, and one at least is charged. */
const CAPACITY_UNITS = range(0, 1);

/** What a function is charged by: the parts of the formula. */
export interface Compute {
  readonly requests: Range;
  readonly durationMillis: Range;
  readonly memoryGb: number;
  readonly coldStartPercent: Range;
  readonly initMillis: Range;
  readonly isArm: boolean;
  /** All requests run on provisioned concurrency, which has no cold start in a request. */
  readonly isProvisioned: boolean;
  /** A cold start restores a snapshot, whose INIT ran when the version was published; Lambda charges for it except in Java. */
  readonly restores?: 'charged' | 'free';
}

/** Requests, duration and INIT, which Lambda charges for all functions since August 2025, or the restores of SnapStart. */
export function computeLines(compute: Compute, prices: Prices, say: Say, subject?: string): CostLine[] {
  const { requests, durationMillis, memoryGb: gb, coldStartPercent, initMillis, isProvisioned, restores } = compute;
  const onDemand = compute.isArm ? prices.lambdaGbSecondArm : prices.lambdaGbSecondX86;
  const price = isProvisioned ? (compute.isArm ? prices.provisionedRunGbSecondArm : prices.provisionedRunGbSecondX86) : onDemand;
  const restored = prices.snapStartRestoreGb;
  const restore = restores === 'charged' ? [line(say('restoreCost'), [
    factor(requests, say('requests')), factor(scaled(coldStartPercent, 0.01), say('coldStarts')), factor(exactly(gb), 'GB'), ofPrice(restored),
  ], restored.source, subject)] : [];
  const init = isProvisioned || restores !== undefined ? [] : [line(say('initCost'), [
    factor(requests, say('requests')), factor(scaled(coldStartPercent, 0.01), say('coldStarts')), factor(scaled(initMillis, 0.001), say('secondsOfInit')),
    factor(exactly(gb), 'GB'), ofPrice(onDemand),
  ], onDemand.source, subject)];
  return [
    line(say('requestCost'), [factor(scaled(requests, 1 / MILLION), say('millionRequests')), ofPrice(prices.lambdaMillionRequests)], prices.lambdaMillionRequests.source, subject),
    line(say('durationCost'), [
      factor(requests, say('requests')), factor(scaled(durationMillis, 0.001), say('secondsOfDuration')), factor(exactly(gb), 'GB'), ofPrice(price),
    ], price.source, subject),
    ...init,
    ...restore,
  ];
}

/** What a million requests to a function cost: Lambda, its logs and traces, and the requests to its queues. */
export function functionPerMillion(fn: LambdaFunction, traffic: FunctionTraffic, prices: Prices, say: Say): CostGroup {
  const requests = exactly(MILLION);
  const timeout = (fn.timeout ?? 900) * 1_000;
  const durationMillis = range(Math.min(traffic.durationMillis.min, timeout), Math.min(traffic.durationMillis.max, timeout));
  const isProvisioned = provisionedRange(fn) !== undefined;
  const restores = fn.snapStart && !isProvisioned ? (isSnapshotCharged(fn) ? 'charged' as const : 'free' as const) : undefined;
  const compute = { ...traffic, requests, durationMillis, memoryGb: memoryGb(fn), isArm: isArm(fn), isProvisioned, restores };
  const logs = line(say('logCost'), [factor(requests, say('requests')), factor(scaled(traffic.logBytes, 1 / BYTES_A_GB), say('gbOfLogs')), ofPrice(prices.logGb)], prices.logGb.source);
  const isTraced = fn.resource.string('TracingConfig.Mode') === 'Active';
  const traces = isTraced ? [line(say('traceCost'), [factor(exactly(1), say('millionRequests')), factor(tracedShare(traffic), say('traced')), ofPrice(prices.millionTraces)], prices.millionTraces.source)] : [];
  const queues = fn.sources.filter(({ kind }) => kind === 'sqs').map(({ origin }) => {
    const price = queuePrice(origin, prices);
    return line(say('queueCost'), [factor(exactly(1), say('millionMessages')), factor(REQUESTS_A_MESSAGE, say('requestsAMessage')), ofPrice(price)], price.source);
  });
  return group(shown(fn.path), [...computeLines(compute, prices, say), logs, ...traces, ...queues]);
}

/** The share of the requests that is traced: all requests of traffic that never has two in a second. */
function tracedShare({ requestsPerMonth }: FunctionTraffic): Range {
  const perSecond = Math.max(1, requestsPerMonth.max / SECONDS_A_MONTH);
  return range(TRACED_SHARE, (1 + TRACED_SHARE * (perSecond - 1)) / perSecond);
}

/** The cost of a month from the cost of a million requests. */
export function perMonth(perMillion: CostGroup, { requestsPerMonth }: FunctionTraffic): Range {
  return product([perMillion.amount, scaled(requestsPerMonth, 1 / MILLION)]);
}

/** The price of a million requests to an entrance; undefined for what is not charged by requests. */
function entrancePrice(kind: NodeKind, origin: Resource, prices: Prices): Price | undefined {
  if (kind === 'api') {
    if (origin.type === 'AWS::ApiGateway::RestApi') return prices.restApiMillion;
    return origin.string('ProtocolType') === 'WEBSOCKET' ? prices.webSocketMillion : prices.httpApiMillion;
  }
  if (kind === 'schedule') return prices.scheduleMillion;
  return kind === 'rule' && !origin.lacks('EventBusName') ? prices.eventMillion : undefined;
}

/** Requests that a web ACL inspects, for an entrance or its stage that the app associates with one. */
function inspectionLines(origin: Resource, prices: Prices, say: Say): CostLine[] {
  const { app } = origin.template;
  const isEntrance = (each: Resource) => each === origin || (each.type === 'AWS::ApiGateway::Stage' && each.target('RestApiId') === origin);
  const isInspected = app.ofType('AWS::WAFv2::WebACLAssociation').some(each => [...app.mentioned(each.get('ResourceArn'))].some(isEntrance));
  const { webAclMillion } = prices;
  if (!isInspected) return [];
  return [line(say('inspectedRequests'), [factor(exactly(1), say('millionRequests')), ofPrice(webAclMillion)], webAclMillion.source)];
}

/** Each entrance with the functions behind it: a million requests go to one of them. */
export function entranceCosts(view: AppView, costOf: (fn: LambdaFunction) => CostGroup, prices: Prices, say: Say): EntranceCost[] {
  const behind = new Map<Resource, { kind: NodeKind; functions: Set<LambdaFunction> }>();
  for (const fn of view.functions) {
    for (const { origin, kind, access } of invocationsOf(fn, say)) {
      if (origin === undefined || !['api', 'url', 'balancer', 'rule', 'schedule'].includes(kind) || access === say('authorizer')) continue;
      const entry = behind.get(origin) ?? { kind, functions: new Set() };
      behind.set(origin, { kind, functions: entry.functions.add(fn) });
    }
  }
  return [...behind].map(([origin, { kind, functions }]) => {
    const price = entrancePrice(kind, origin, prices);
    const own = price === undefined ? [] : [line(view.nameOf(origin), [factor(exactly(1), say('millionRequests')), ofPrice(price)], price.source)];
    const costs = [...functions].map(fn => costOf(fn).amount);
    const cheapest = Math.min(...costs.map(({ min }) => min));
    const dearest = Math.max(...costs.map(({ max }) => max));
    const lambda: CostLine = {
      label: say('functionsBehind', { n: functions.size }),
      factors: [{ label: say('oneOfThem', { names: [...functions].map(fn => view.nameOf(fn.resource)).join(', ') }), value: range(cheapest, dearest) }],
      amount: range(cheapest, dearest),
      source: prices.lambdaMillionRequests.source,
    };
    const lines = [...own, ...inspectionLines(origin, prices, say), lambda];
    return { path: shown(origin.path), name: view.nameOf(origin), perMillion: group(view.nameOf(origin), lines) };
  });
}

/** The same requests through each kind of entrance for HTTP, at the stated traffic. */
export function entranceChoices(view: AppView, traffic: Traffic, prices: Prices, say: Say): EntranceChoice[] {
  const kinds = new Set<string>();
  const called = new Set<LambdaFunction>();
  for (const fn of view.functions) {
    for (const { kind, origin } of invocationsOf(fn, say)) {
      if (kind === 'url' || kind === 'balancer' || kind === 'api') called.add(fn);
      if (kind === 'url' || kind === 'balancer') kinds.add(kind);
      if (kind === 'api') kinds.add(origin?.type === 'AWS::ApiGateway::RestApi' ? 'rest' : 'http');
    }
  }
  if (kinds.size === 0) return [];
  const requests = sum([...called].map(fn => trafficOf(traffic, fn.path).requestsPerMonth));
  const millions = factor(scaled(requests, 1 / MILLION), say('millionRequests'));
  const hours = factor(exactly(HOURS_A_MONTH), say('hours'));
  const perHour: Factor = {
    label: `${prices.loadBalancerHour.value} USD + 0–1 × ${prices.capacityUnitHour.value} USD`,
    value: sum([exactly(prices.loadBalancerHour.value), scaled(CAPACITY_UNITS, prices.capacityUnitHour.value)]),
  };
  const all: [string, string, CostLine][] = [
    ['url', say('kind_url'), line(say('kind_url'), [millions, { label: say('noCharge'), value: exactly(0) }], prices.lambdaMillionRequests.source)],
    ['http', say('httpApi'), line(say('httpApi'), [millions, ofPrice(prices.httpApiMillion)], prices.httpApiMillion.source)],
    ['rest', say('restApi'), line(say('restApi'), [millions, ofPrice(prices.restApiMillion)], prices.restApiMillion.source)],
    ['balancer', say('kind_balancer'), line(say('kind_balancer'), [hours, perHour], prices.loadBalancerHour.source)],
  ];
  const least = Math.min(...all.map(([, , { amount }]) => amount.max));
  return all.map(([kind, name, monthly]) => (
    { name, perMonth: monthly, isUsed: kinds.has(kind), isCheapest: monthly.amount.max === least }));
}

export function factor(value: Range, label: string): Factor {
  return { label, value };
}

function ofPrice(price: Price): Factor {
  return { label: `${price.value} USD / ${price.unit}`, value: exactly(price.value) };
}

export function scaled({ min, max }: Range, by: number): Range {
  return { min: min * by, max: max * by };
}
