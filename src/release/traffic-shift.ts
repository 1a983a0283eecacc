import { type Duration, Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { CLOUD_WATCH, CODE_DEPLOY, percentageOf, predefinedRouting, shiftMinutes, type TrafficRouting } from '../aws';
import { DEFAULTS } from '../defaults';
import { durationText } from '../private/duration-text';
import { refuse, requireRange } from '../private/validation';

/** The part of a traffic shift that the release alarms depend on. */
export interface TrafficShift {
  /** Minutes from the first to the last shift; 0 if all traffic shifts in one step. */
  readonly minutes: number;
  /** Percentage of the traffic that the new version has in a minute of the shift. */
  readonly percentageAt: (minute: number) => number;
}

/**
 * Reads a deployment configuration and throws an error if CodeDeploy would reject it. Undefined if the configuration is
 * imported by a name that is not predefined or contains tokens: its routing is then not known before the deployment.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export function readTrafficShift(path: string, config: codedeploy.ILambdaDeploymentConfig): TrafficShift | undefined {
  const routing = config instanceof codedeploy.LambdaDeploymentConfig ? routingOf(config) : predefinedRouting(config.deploymentConfigName);
  if (routing === undefined) return undefined;
  const { trafficPercentageMin, trafficPercentageMax, shiftMaxMinutes } = CODE_DEPLOY;
  requireRange(path, 'deploymentConfig', routing.percentage, trafficPercentageMin, trafficPercentageMax, 'it is the percentage of a step');
  requireRange(path, 'deploymentConfig', routing.interval, 1, shiftMaxMinutes, 'it is the minutes of a step');
  if (Token.isUnresolved(routing.percentage) || Token.isUnresolved(routing.interval)) return undefined;
  const minutes = shiftMinutes(routing)!;
  if (minutes > shiftMaxMinutes) {
    refuse(path, `'deploymentConfig' must reach all traffic within ${durationText(shiftMaxMinutes * 60)} of the first shift, got ${durationText(minutes * 60)} `
      + `(${routing.percentage} % every ${durationText(routing.interval! * 60)}); raise the percentage or shorten the interval`);
  }
  return { minutes, percentageAt: minute => percentageOf(routing, minute) };
}

function routingOf(config: codedeploy.LambdaDeploymentConfig): TrafficRouting | undefined {
  const resource = config.node.defaultChild as codedeploy.CfnDeploymentConfig;
  const routing = resource.trafficRoutingConfig as codedeploy.TrafficRoutingConfig | undefined;
  if (routing === undefined || Token.isUnresolved(routing)) return undefined;
  const { timeBasedCanary: canary, timeBasedLinear: linear } = routing;
  if (canary) return { kind: 'canary', percentage: canary.canaryPercentage, interval: canary.canaryInterval };
  if (linear) return { kind: 'linear', percentage: linear.linearPercentage, interval: linear.linearInterval };
  return { kind: 'all-at-once' };
}

/** The minutes that the release alarms evaluate: as many as requested, else the whole shift, or a day if it is longer. */
export function alarmMinutes(path: string, window: Duration | undefined, shift: TrafficShift | undefined): number {
  const available = shift && shift.minutes > 0 ? shift.minutes : undefined;
  if (window === undefined || window.isUnresolved()) {
    return Math.min(available ?? DEFAULTS.CanaryAlias.alarmWindowMinutes.value, CLOUD_WATCH.alarmWindowMaxMinutes);
  }
  const minutes = window.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1) {
    refuse(path, `'alarms.window' must be whole minutes, at least 1, got ${durationText(minutes * 60)}; the window of an alarm is whole minutes`);
  }
  if (minutes > CLOUD_WATCH.alarmWindowMaxMinutes) {
    refuse(path, `'alarms.window' must be at most ${durationText(CLOUD_WATCH.alarmWindowMaxMinutes * 60)}, the longest window of an alarm, got ${durationText(minutes * 60)}; `
      + 'shorten it');
  }
  if (available !== undefined && minutes > available) {
    refuse(path, `'alarms.window' must be at most ${durationText(available * 60)}, the time from the first to the last shift, got ${durationText(minutes * 60)}; `
      + 'shorten it or choose a slower deploymentConfig, because a longer window ends after the release');
  }
  return minutes;
}
