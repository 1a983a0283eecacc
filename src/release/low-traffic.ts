import { Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Shift } from './shift';

/** Warns, with the arithmetic, where the stated traffic is too little for the release alarms to fire within the shift. */
export function warnOfLowTraffic(
  alias: IConstruct, requestsPerMinute: number | undefined, minimumInvocations: number, shift: Shift | undefined,
): void {
  if (requestsPerMinute === undefined || Token.isUnresolved(requestsPerMinute) || Token.isUnresolved(minimumInvocations)) return;
  if (shift === undefined || shift.minutes === 0) return;
  const reaching = requestsPerMinute * shift.lastPercentage / 100;
  if (reaching >= minimumInvocations) return;
  const percentage = Math.ceil(100 * minimumInvocations / requestsPerMinute);
  const remedy = percentage < 100 ? `shift at least ${percentage} % at a time, or ` : '';
  Validations.of(alias).addWarning(
    'cdk-production-lambda:CanaryAlias.lowTraffic',
    `${requestsPerMinute} requests a minute × ${shift.lastPercentage} % of the traffic = ${round(reaching)} requests a minute to the new version, `
    + `below 'minimumInvocations' ${minimumInvocations}: the release alarms cannot fire within the ${shift.minutes} minutes of the shift; `
    + `${remedy}lower 'minimumInvocations', and prove the version by a smoke test in 'preTraffic'`,
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
