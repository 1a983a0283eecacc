import type { Price, Prices } from './prices';
import { HOURS_A_MONTH, SECONDS_A_MONTH } from './prices';
import { endpointZones, isArm } from './standing';
import type { Traffic } from './traffic';
import { trafficOf } from './traffic';
import type { AppView } from '../model/app-view';
import { shown } from '../model/app-view';
import { provisionedRange } from '../model/functions';
import type { Say } from '../model/phrases';
import type { BreakEven } from '../model/report-data';
import { dollars, factor, number, rangeText } from '../model/units';

/** The share of its time that a provisioned environment must be busy to cost less than on demand. */
export function provisionedBreakEven(prices: Prices, arm: boolean): number {
  const [standing, run, onDemand] = provisionedPrices(prices, arm).map(({ value }) => value);
  return onDemand <= run ? Infinity : standing / (onDemand - run);
}

/** Provisioned concurrency, requests that run on it, and requests on demand. */
function provisionedPrices(prices: Prices, arm: boolean): readonly [Price, Price, Price] {
  return arm
    ? [prices.provisionedGbSecondArm, prices.provisionedRunGbSecondArm, prices.lambdaGbSecondArm]
    : [prices.provisionedGbSecondX86, prices.provisionedRunGbSecondX86, prices.lambdaGbSecondX86];
}

/** The number of endpoint zones that cost as much per hour as NAT gateways. */
export function endpointBreakEven(prices: Prices, natGateways: number): number {
  return natGateways * (prices.natHour.value + prices.publicAddressHour.value) / prices.endpointHour.value;
}

export function breakEvens(view: AppView, traffic: Traffic, prices: Prices, say: Say): BreakEven[] {
  return [...provisioned(view, traffic, prices, say), ...network(view, traffic, prices, say)];
}

function provisioned(view: AppView, traffic: Traffic, prices: Prices, say: Say): BreakEven[] {
  return view.functions.filter(fn => provisionedRange(fn) !== undefined).map(fn => {
    const arm = isArm(fn);
    const share = provisionedBreakEven(prices, arm);
    const { durationMillis } = trafficOf(traffic, fn.path);
    const busyMillis = share * SECONDS_A_MONTH * 1_000;
    const requests = { min: busyMillis / Math.max(1, durationMillis.max), max: busyMillis / Math.max(1, durationMillis.min) };
    const [standing, run, onDemand] = provisionedPrices(prices, arm);
    return {
      title: say('breakEvenProvisioned', { name: shown(fn.path) }),
      text: say('breakEvenProvisionedText', { percent: number(100 * share), requests: rangeText(requests, value => number(Math.round(value))) }),
      arithmetic: `${factor(standing.value)} / (${factor(onDemand.value)} − ${factor(run.value)}) = ${number(100 * share)} %`,
    };
  });
}

function network(view: AppView, { vpcGigabytes }: Traffic, prices: Prices, say: Say): BreakEven[] {
  const gateways = view.ofType('AWS::EC2::NatGateway').length;
  const zones = endpointZones(view);
  if (gateways + zones === 0) return [];
  const nats = Math.max(1, gateways);
  const most = endpointBreakEven(prices, nats);
  const nat = { min: cost(nats, vpcGigabytes.min), max: cost(nats, vpcGigabytes.max) };
  function cost(n: number, gigabytes: number): number {
    return n * (prices.natHour.value + prices.publicAddressHour.value) * HOURS_A_MONTH + gigabytes * prices.natGb.value;
  }
  const through = {
    min: zones * prices.endpointHour.value * HOURS_A_MONTH + vpcGigabytes.min * prices.endpointGb.value,
    max: zones * prices.endpointHour.value * HOURS_A_MONTH + vpcGigabytes.max * prices.endpointGb.value,
  };
  const texts = [
    ...gateways > 0 ? [say('breakEvenNats', { n: gateways, cost: dollars(nat) })] : [],
    ...zones > 0 ? [say('breakEvenEndpoints', { n: zones, cost: dollars(through) })] : [],
    say('breakEvenZones', { n: nats, most: number(Math.floor(most + 1e-9)) }),
  ];
  return [{
    title: say('breakEvenNetwork'),
    text: texts.join(' '),
    arithmetic: `${nats} × (${prices.natHour.value} + ${prices.publicAddressHour.value}) / ${prices.endpointHour.value} = ${number(most)}`,
  }];
}
