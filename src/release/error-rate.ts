import { Token } from 'aws-cdk-lib';
import { DEFAULTS } from '../defaults';
import { numberText } from '../private/tokens';

const D = DEFAULTS.CanaryAlias;

/** The limits of the error rate alarm. */
interface ErrorRateLimits {
  readonly errorRateThreshold: number;
  readonly minimumRequests: number;
}

/**
 * The error rate of the new version in percent, without the failures that chance explains: one failure, and three standard deviations
 * of the number of failures that a version at the threshold would have.
 *
 * @param failed The expression of the failed requests
 */
export function errorRateExpression({ errorRateThreshold, minimumRequests }: ErrorRateLimits, failed: string): string {
  return `IF(invocations >= ${numberText(minimumRequests)}, 100 * (${failed} - ${chanceExpression(errorRateThreshold)}) / invocations, 0)`;
}

/** What is subtracted from a number of requests, because a version in which this percentage is expected has as many by chance. */
export function chanceExpression(percent: number): string {
  return `${D.errorRateFailures.value} - ${D.errorRateDeviations.value} * (${varianceText(percent)} * invocations) ^ 0.5`;
}

/** The fewest requests that, if all of them fail, raise the alarm; undefined if a limit is not known. */
export function leastFailures({ errorRateThreshold, minimumRequests }: ErrorRateLimits): number | undefined {
  if (Token.isUnresolved(errorRateThreshold) || Token.isUnresolved(minimumRequests)) return undefined;
  const share = errorRateThreshold / 100;
  let count = Math.ceil(minimumRequests);
  while (count <= D.errorRateFailures.value + share * count + D.errorRateDeviations.value * Math.sqrt(variance(share) * count)) count++;
  return count;
}

/** The variance of the number of failures in one request. */
function variance(share: number): number {
  return share * (1 - share);
}

function varianceText(percent: number): string {
  if (!Token.isUnresolved(percent)) return String(Number(variance(percent / 100).toPrecision(6)));
  const text = numberText(percent);
  return `${text} * (100 - ${text}) / 10000`;
}
