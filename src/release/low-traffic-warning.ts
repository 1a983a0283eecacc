import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TrafficShift } from './traffic-shift';
import { warn } from '../private/validation';

/** Warns, with the calculation, if the expected traffic is too low for the release alarms to fire during the shift. */
export function warnLowTraffic(
  alias: IConstruct, requestsPerMinute: number | undefined, minimumRequests: number, shift: TrafficShift | undefined,
): void {
  if (requestsPerMinute === undefined || Token.isUnresolved(requestsPerMinute) || Token.isUnresolved(minimumRequests)) return;
  if (shift === undefined || shift.minutes === 0) return;
  const received = requestsPerMinute * shift.highestPercentage / 100;
  if (received >= minimumRequests) return;
  const percentage = Math.ceil(100 * minimumRequests / requestsPerMinute);
  const remedy = percentage < 100 ? `shift at least ${percentage} % at a time, or ` : '';
  warn(alias, 'CanaryAlias.lowTraffic',
    `${requestsPerMinute} requests a minute × ${shift.highestPercentage} % of the traffic = ${round(received)} requests a minute `
    + `to the new version, below 'alarms.minimumRequests' ${minimumRequests}: the release alarms cannot fire `
    + `within the ${shift.minutes} minutes of the shift; `
    + `${remedy}lower 'alarms.minimumRequests', and test the version with a smoke test in 'preTraffic'`,
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
