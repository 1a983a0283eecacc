import { Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { Construct } from 'constructs';
import type { CanaryAliasOptions } from './canary-alias-props';
import { DETECTION, detectionOfTotalFailure } from './detection';
import { leastFailures } from './error-rate';
import { alarmMinutes, readTrafficShift } from './traffic-shift';
import { DEFAULTS } from '../defaults';
import { Profile } from '../profile';

const D = DEFAULTS.CanaryAlias;
const C = codedeploy.LambdaDeploymentConfig;
/** The predefined shifts in steps, the shortest first. Of two of about the same length, the canary reaches fewer users. */
const PREDEFINED = [
  C.CANARY_10PERCENT_5MINUTES, C.LINEAR_10PERCENT_EVERY_1MINUTE, C.CANARY_10PERCENT_10MINUTES, C.CANARY_10PERCENT_15MINUTES,
  C.LINEAR_10PERCENT_EVERY_2MINUTES, C.LINEAR_10PERCENT_EVERY_3MINUTES, C.CANARY_10PERCENT_30MINUTES, C.LINEAR_10PERCENT_EVERY_10MINUTES,
];

/**
 * The traffic shift of an alias: that of the props, else the shortest predefined one that detects a total failure at the expected
 * traffic, else that of the profile.
 */
export function deploymentConfigOf(scope: Construct, path: string, options: CanaryAliasOptions): codedeploy.ILambdaDeploymentConfig {
  const stated = options.deploymentConfig ?? Profile.of(scope).deploymentConfig;
  if (options.expectedRequestsPerMinute === undefined || isShiftStated(scope, options)) return stated;
  return shortestShift(path, options) ?? stated;
}

/** Whether the props or the profile state the traffic shift. */
export function isShiftStated(scope: Construct, { deploymentConfig }: CanaryAliasOptions): boolean {
  return deploymentConfig !== undefined || !Profile.of(scope)._shiftsByDefault;
}

function shortestShift(
  path: string, { expectedRequestsPerMinute: traffic, alarms }: CanaryAliasOptions,
): codedeploy.ILambdaDeploymentConfig | undefined {
  const failures = leastFailures({
    errorRateThreshold: alarms?.errorRateThreshold ?? D.errorRateThreshold.value,
    minimumRequests: alarms?.minimumRequests ?? D.minimumRequests.value,
  });
  if (failures === undefined || Token.isUnresolved(traffic)) return undefined;
  return PREDEFINED.find(config => {
    const shift = readTrafficShift(path, config)!;
    const window = alarms?.window;
    if (window !== undefined && !window.isUnresolved() && window.toMinutes({ integral: false }) > shift.minutes) return false;
    return detectionOfTotalFailure(traffic!, failures, shift, alarmMinutes(path, window, shift)) >= DETECTION;
  });
}
