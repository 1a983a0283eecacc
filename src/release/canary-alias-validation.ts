import { Token } from 'aws-cdk-lib';
import type { ILambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import type { CanaryAliasOptions, CanaryAliasProps } from './canary-alias-props';
import { alarmMinutes, readTrafficShift } from './traffic-shift';
import { CODE_DEPLOY } from '../aws';
import { refuse, requireProps, requireRange } from '../private/validation';

/** Validates the props of a CanaryAlias, then those with the deployment configuration that they, the expected traffic or the profile choose. */
export function validateCanaryAliasProps(path: string, props: CanaryAliasProps, deploymentConfig: () => ILambdaDeploymentConfig): void {
  requireProps(path, props, 'function');
  if (props.aliasName !== undefined) requireAliasName(path, props.aliasName);
  requireAlarms(path, props);
  requireRange(path, 'expectedRequestsPerMinute', props.expectedRequestsPerMinute, 0, Infinity, 'it is a number of requests a minute');
  alarmMinutes(path, props.alarms?.window, readTrafficShift(path, deploymentConfig()));
}

function requireAliasName(path: string, aliasName: string): void {
  if (Token.isUnresolved(aliasName)) {
    refuse(path, "'aliasName' must be a literal, got a token; the release alarms refer to the alias by its name");
  }
  if (!/^(?!\d+$)[\w-]{1,128}$/.test(aliasName)) {
    refuse(path, `'aliasName' must be 1 to 128 letters, digits, hyphens or underscores and not all digits, got '${aliasName}'; `
      + "choose a name such as 'live'");
  }
}

function requireAlarms(path: string, { alarms, additionalAlarms = [] }: CanaryAliasOptions): void {
  const most = CODE_DEPLOY.alarmsMax - 2;
  if (additionalAlarms.length > most) {
    refuse(path, `'additionalAlarms' must be at most ${most} beside the two release alarms, got ${additionalAlarms.length}; `
      + 'combine some into a composite alarm');
  }
  requireRange(path, 'alarms.errorRateThreshold', alarms?.errorRateThreshold, 0, 99, 'it is the percentage of failed requests');
  requireRange(path, 'alarms.durationThreshold', alarms?.durationThreshold, 1, 99, 'it is a percentage of the timeout');
  requireRange(path, 'alarms.slowdownThreshold', alarms?.slowdownThreshold, 1, 1_000, 'it is a ratio of durations');
  requireRange(path, 'alarms.minimumRequests', alarms?.minimumRequests, 1, 1_000_000, 'it is a number of requests within the window');
}
