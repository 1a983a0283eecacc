import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { DETECTION, detectionOfTotalFailure, leastRequestsPerMinute, METRIC_DELAY_MINUTES, visibleShare } from './detection';
import type { TrafficShift } from './traffic-shift';
import { durationText } from '../private/duration-text';
import { warn } from '../private/validation';

/** What decides whether the release alarms can fire. */
export interface Traffic {
  /** @default - not known */
  readonly requestsPerMinute?: number;
  /** The fewest failed requests that raise the alarm. */
  readonly failures?: number;
  readonly shift?: TrafficShift;
  readonly windowMinutes: number;
  /** Whether the props or the profile state the shift. */
  readonly isStated: boolean;
}

/** The stacks, with the texts that they have already. */
const told = new WeakMap<Stack, Set<string>>();

/**
 * Warns if the release alarms would miss a version that fails every request at the expected traffic. Without an expectation, an
 * info says from which traffic on they detect it, once for each stack and shift.
 */
export function reportLowTraffic(alias: IConstruct, { requestsPerMinute, failures, shift, windowMinutes, isStated }: Traffic): void {
  if (failures === undefined || shift === undefined || shift.minutes === 0) return;
  const least = leastRequestsPerMinute(failures, shift, windowMinutes);
  const share = visibleShare(shift, windowMinutes);
  const received = (traffic: number) => `the error rate alarm needs ${failures} failed requests, and ${traffic} requests a minute × ${round(share)} = `
    + `${round(traffic * share)} on average reach the new version in time (a shift of ${durationText(shift.minutes * 60)}, metrics are ${durationText(METRIC_DELAY_MINUTES * 60)} late)`;
  if (requestsPerMinute === undefined) {
    inform(alias, `below ${ceil(least)} requests a minute, the release alarms roll back a version that fails every request in less than ${100 * DETECTION} % of the releases: `
      + `${received(ceil(least))}; `
      + "set 'expectedRequestsPerMinute', which chooses a shift that detects it, or test the version with a smoke test in 'preTraffic'");
    return;
  }
  if (Token.isUnresolved(requestsPerMinute)) return;
  const detection = detectionOfTotalFailure(requestsPerMinute, failures, shift, windowMinutes);
  if (detection >= DETECTION) return;
  warn(alias, 'CanaryAlias.lowTraffic',
    `at ${requestsPerMinute} requests a minute the release alarms roll back a version that fails every request in only ${floor(100 * detection)} % of the releases: `
    + `${received(requestsPerMinute)}; for ${100 * DETECTION} %, the shift needs ${ceil(least)} requests a minute; `
    + (isStated ? "choose a slower 'deploymentConfig', or leave it out, and " : 'no predefined shift is slow enough: ')
    + "test the version with a smoke test in 'preTraffic'",
  );
}

function inform(alias: IConstruct, message: string): void {
  const stack = Stack.of(alias);
  const texts = told.get(stack) ?? new Set<string>();
  told.set(stack, texts);
  if (texts.has(message)) return;
  texts.add(message);
  Annotations.of(alias).addInfoV2('cdk-production-lambda:CanaryAlias.trafficNotKnown', message);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** Two digits, rounded up. */
function ceil(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(2));
}

function floor(value: number): number {
  return Math.floor(value * 10) / 10;
}
