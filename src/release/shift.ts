import { type Duration, Token } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { CODE_DEPLOY, DEFAULTS } from '../limits';
import { refuse, requireRange } from '../private/validation';

/** How the traffic moves, as far as synth can know it. */
export interface Shift {
  /** What the new version gets in the first step, in percent; 100 when all traffic moves at once. */
  readonly firstPercentage: number;
  /** The most that the new version has before it has all, in percent. */
  readonly lastPercentage: number;
  /** From the first to the last shift. */
  readonly minutes: number;
}

const AT_ONCE: Shift = { firstPercentage: 100, lastPercentage: 100, minutes: 0 };
const PREDEFINED = /^CodeDeployDefault\.Lambda(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/;

/**
 * Reads a deployment configuration and refuses what CodeDeploy would refuse. Undefined where the configuration is
 * imported by another name, or of tokens: then only AWS knows it.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
export function readShift(at: string, config: codedeploy.ILambdaDeploymentConfig): Shift | undefined {
  if (!(config instanceof codedeploy.LambdaDeploymentConfig)) return predefined(config.deploymentConfigName);
  const resource = config.node.findChild('Resource') as codedeploy.CfnDeploymentConfig;
  const routing = resource.trafficRoutingConfig as codedeploy.TrafficRoutingConfig | undefined;
  if (routing === undefined || Token.isUnresolved(routing)) return undefined;
  if (routing.timeBasedCanary) {
    return canary(at, routing.timeBasedCanary.canaryPercentage, routing.timeBasedCanary.canaryInterval);
  }
  if (routing.timeBasedLinear) {
    return linear(at, routing.timeBasedLinear.linearPercentage, routing.timeBasedLinear.linearInterval);
  }
  return AT_ONCE;
}

function predefined(name: string): Shift | undefined {
  if (name === 'CodeDeployDefault.LambdaAllAtOnce') return AT_ONCE;
  const [, kind, percentage, interval] = PREDEFINED.exec(name) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'Canary' ? canaryShift(Number(percentage), Number(interval)) : linearShift(Number(percentage), Number(interval));
}

function canary(at: string, percentage: number, interval: number): Shift | undefined {
  requireBounds(at, percentage, interval);
  return Token.isUnresolved(percentage) || Token.isUnresolved(interval) ? undefined : canaryShift(percentage, interval);
}

function linear(at: string, percentage: number, interval: number): Shift | undefined {
  requireBounds(at, percentage, interval);
  if (Token.isUnresolved(percentage) || Token.isUnresolved(interval)) return undefined;
  const shift = linearShift(percentage, interval);
  if (shift.minutes > CODE_DEPLOY.shiftMaxMinutes) {
    refuse(at, `'deploymentConfig' must reach all traffic within ${CODE_DEPLOY.shiftMaxMinutes} minutes of the first shift, got ${shift.minutes} `
      + `(${percentage} % every ${interval} minutes); raise the percentage or shorten the interval`);
  }
  return shift;
}

function requireBounds(at: string, percentage: number, interval: number): void {
  requireRange(at, 'deploymentConfig', percentage, CODE_DEPLOY.trafficPercentageMin, CODE_DEPLOY.trafficPercentageMax, 'it is the percentage of a step');
  requireRange(at, 'deploymentConfig', interval, 1, CODE_DEPLOY.shiftMaxMinutes, 'it is the minutes of a step');
}

function canaryShift(percentage: number, interval: number): Shift {
  return { firstPercentage: percentage, lastPercentage: percentage, minutes: interval };
}

function linearShift(percentage: number, interval: number): Shift {
  const stepsBeforeTheLast = Math.ceil(100 / percentage) - 1;
  return { firstPercentage: percentage, lastPercentage: percentage * stepsBeforeTheLast, minutes: interval * stepsBeforeTheLast };
}

/** The number of minutes that the release alarms look at: what was asked for, else what fits into the shift. */
export function alarmMinutes(at: string, wanted: Duration | undefined, shift: Shift | undefined): number {
  const standard = DEFAULTS.CanaryAlias.alarmEvaluationPeriods.value;
  const available = shift && shift.minutes > 0 ? shift.minutes : undefined;
  if (wanted === undefined || wanted.isUnresolved()) return Math.min(standard, available ?? standard);
  const minutes = wanted.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1) {
    refuse(at, `'alarmWindow' must be whole minutes, at least 1, got ${minutes * 60} seconds; the release alarms look at one minute at a time`);
  }
  if (available !== undefined && minutes > available) {
    refuse(at, `'alarmWindow' must be at most ${available} minutes, the time from the first to the last shift, got ${minutes}; `
      + 'shorten it or choose a slower deploymentConfig, or the alarms could not stop a release');
  }
  return minutes;
}
