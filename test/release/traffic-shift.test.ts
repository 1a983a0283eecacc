import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { durationText } from '../../src/private/duration-text';
import { newStack, plainFunction } from '../support/plain-function';

const { LambdaDeploymentConfig, TrafficRouting } = codedeploy;
let stack: Stack;
let fn: lambda.Function;
beforeEach(() => {
  stack = newStack();
  fn = plainFunction(stack, 'Pay');
});

const release = (options: CanaryAliasOptions) => new CanaryAlias(stack, 'Live', { function: fn, ...options });
const canary = (percentage: number, minutes: number) => new LambdaDeploymentConfig(stack, 'Config', {
  trafficRouting: TrafficRouting.timeBasedCanary({ percentage, interval: Duration.minutes(minutes) }),
});
const linear = (percentage: number, minutes: number) => new LambdaDeploymentConfig(stack, 'Config', {
  trafficRouting: TrafficRouting.timeBasedLinear({ percentage, interval: Duration.minutes(minutes) }),
});

/** The minutes of the window of each alarm. */
function alarmWindows(): number[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => {
    const periods = new Set<number>(Properties.Metrics.flatMap((metric: any) => metric.MetricStat?.Period ?? []));
    expect(periods.size).toBe(1);
    return [...periods][0] * Properties.EvaluationPeriods / 60;
  });
}

describe('deploymentConfig', () => {
  test.each([
    ['ALL_AT_ONCE', LambdaDeploymentConfig.ALL_AT_ONCE, 10],
    ['CANARY_10PERCENT_5MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, 5],
    ['CANARY_10PERCENT_10MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES, 10],
    ['CANARY_10PERCENT_15MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES, 15],
    ['CANARY_10PERCENT_30MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES, 30],
    ['LINEAR_10PERCENT_EVERY_1MINUTE', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE, 9],
    ['LINEAR_10PERCENT_EVERY_2MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES, 18],
    ['LINEAR_10PERCENT_EVERY_3MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES, 27],
    ['LINEAR_10PERCENT_EVERY_10MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES, 90],
  ])('%s is the configuration of the group, and the alarms evaluate the whole shift', (_, deploymentConfig, minutes) => {
    release({ deploymentConfig });
    Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: deploymentConfig.deploymentConfigName });
    expect(alarmWindows()).toEqual([minutes, minutes]);
  });

  test.each([[1, 1], [99, 2_880]])('accepts a canary of %d %% and %d minutes', (percentage, minutes) => {
    expect(() => release({ deploymentConfig: canary(percentage, minutes) })).not.toThrow();
  });

  test.each([[1, 29], [50, 2_880], [99, 2_880], [34, 1_440]])('accepts a linear shift of %d %% every %d minutes', (percentage, minutes) => {
    expect(() => release({ deploymentConfig: linear(percentage, minutes) })).not.toThrow();
  });

  test('a custom configuration without routing shifts all traffic in one step', () => {
    release({ deploymentConfig: new LambdaDeploymentConfig(stack, 'Config') });
    expect(alarmWindows()).toEqual([10, 10]);
  });

  test('a configuration that is imported by another name is not checked', () => {
    release({ deploymentConfig: LambdaDeploymentConfig.fromLambdaDeploymentConfigName(stack, 'Config', 'Ours'), alarms: { window: Duration.minutes(60) } });
    expect(alarmWindows()).toEqual([60, 60]);
  });

  test('tokens are not checked', () => {
    const percentage = new CfnParameter(stack, 'Percentage', { type: 'Number' }).valueAsNumber;
    release({ deploymentConfig: canary(percentage, 5) });
    expect(alarmWindows()).toEqual([10, 10]);
  });
});

describe('alarms.window', () => {
  test.each([1, 2, 10])('of %d minutes', minutes => {
    release({ alarms: { window: Duration.minutes(minutes) } });
    expect(alarmWindows()).toEqual([minutes, minutes]);
  });

  test.each([[1, 1], [1_440, 1_440], [1_441, 1_440], [2_880, 1_440]])('with a canary of %d minutes is by default %d minutes, at most a day', (minutes, window) => {
    release({ deploymentConfig: canary(10, minutes) });
    expect(alarmWindows()).toEqual([window, window]);
  });

  test('may be as long as the whole linear shift', () => {
    release({ deploymentConfig: linear(50, 4), alarms: { window: Duration.minutes(4) } });
    expect(alarmWindows()).toEqual([4, 4]);
  });
});

describe('failures', () => {
  test.each([
    [0, 5, "'deploymentConfig' must be between 1 and 99, got 0; it is the percentage of a step (at Stack/Live)"],
    [100, 5, "'deploymentConfig' must be between 1 and 99, got 100; it is the percentage of a step (at Stack/Live)"],
    [10, 0, "'deploymentConfig' must be between 1 and 2880, got 0; it is the minutes of a step (at Stack/Live)"],
    [10, 2_881, "'deploymentConfig' must be between 1 and 2880, got 2881; it is the minutes of a step (at Stack/Live)"],
  ])('fails when a step is %d %% and %d minutes', (percentage, minutes, message) => {
    expect(() => release({ deploymentConfig: canary(percentage, minutes) })).toThrow(message);
    stack.node.tryRemoveChild('Config');
    expect(() => release({ deploymentConfig: linear(percentage, minutes) })).toThrow(message);
  });

  test.each([[1, 30, 2_970], [33, 961, 2_883]])('fails when %d %% every %d minutes exceeds two days', (percentage, minutes, total) => {
    expect(() => release({ deploymentConfig: linear(percentage, minutes) })).toThrow(
      `'deploymentConfig' must reach all traffic within 2 days of the first shift, got ${durationText(total * 60)} (${percentage} % every ${durationText(minutes * 60)}); raise the percentage or shorten the interval (at Stack/Live)`);
  });

  test.each([[Duration.seconds(0), 0], [Duration.seconds(90), 90]])('fails when alarms.window is not of whole minutes: %s', (window, seconds) => {
    expect(() => release({ alarms: { window } })).toThrow(`'alarms.window' must be whole minutes, at least 1, got ${durationText(seconds)}; the window of an alarm is whole minutes (at Stack/Live)`);
  });

  test('fails when alarms.window is longer than the shift', () => {
    expect(() => release({ alarms: { window: Duration.minutes(11) } })).toThrow(
      "'alarms.window' must be at most 10 minutes, the time from the first to the last shift, got 11 minutes; shorten it or choose a slower deploymentConfig, because a longer window ends after the release (at Stack/Live)");
  });

  test('fails when alarms.window is longer than a day', () => {
    expect(() => release({ deploymentConfig: canary(10, 2_880), alarms: { window: Duration.minutes(1_441) } })).toThrow(
      "'alarms.window' must be at most 1 day, the longest window of an alarm, got 1 day 1 minute; shorten it (at Stack/Live)");
  });

  test('fails when expectedRequestsPerMinute is negative', () => {
    expect(() => release({ expectedRequestsPerMinute: -1 })).toThrow("'expectedRequestsPerMinute' must be at least 0, got -1; it is a number of requests a minute (at Stack/Live)");
  });
});
