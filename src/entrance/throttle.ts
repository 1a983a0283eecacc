import { Token } from 'aws-cdk-lib';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { DEFAULTS } from '../defaults';
import { requireRange } from '../private/validation';

/** A throttle with both limits. */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** Checks the limits of a throttle. */
export function validateThrottle(path: string, { rateLimit, burstLimit }: apigwv2.ThrottleSettings): void {
  requireRange(path, 'rateLimit', rateLimit, 1, Infinity, 'it is a number of requests a second');
  requireRange(path, 'burstLimit', burstLimit, 1, Infinity, 'it is a number of concurrent requests');
}

/** Fills in the defaults of a throttle: the default burst is twice the rate. */
export function resolveThrottle(throttle: apigwv2.ThrottleSettings = {}): Throttle {
  const { throttleRateLimit, throttleBurstLimit } = DEFAULTS.HttpEntrance;
  const rateLimit = throttle.rateLimit ?? throttleRateLimit.value;
  const burstLimit = throttle.burstLimit ?? (Token.isUnresolved(rateLimit) ? throttleBurstLimit.value : 2 * rateLimit);
  return { rateLimit, burstLimit };
}

/** Whether the burst is known to be smaller than the rate. */
export function isBurstBelowRate({ rateLimit, burstLimit }: Throttle): boolean {
  return !Token.isUnresolved(rateLimit) && !Token.isUnresolved(burstLimit) && burstLimit < rateLimit;
}
