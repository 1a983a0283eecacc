import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

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

function alarmWindows(): [number, number][] {
  return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => [Properties.DatapointsToAlarm, Properties.EvaluationPeriods]);
}

describe('deploymentConfig', () => {
  test.each([
    ['ALL_AT_ONCE', LambdaDeploymentConfig.ALL_AT_ONCE],
    ['CANARY_10PERCENT_5MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES],
    ['CANARY_10PERCENT_10MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES],
    ['CANARY_10PERCENT_15MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES],
    ['CANARY_10PERCENT_30MINUTES', LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES],
    ['LINEAR_10PERCENT_EVERY_1MINUTE', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE],
    ['LINEAR_10PERCENT_EVERY_2MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES],
    ['LINEAR_10PERCENT_EVERY_3MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES],
    ['LINEAR_10PERCENT_EVERY_10MINUTES', LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES],
  ])('%s is the configuration of the group, with the default window', (_, deploymentConfig) => {
    release({ deploymentConfig });
    Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: deploymentConfig.deploymentConfigName });
    expect(alarmWindows()).toEqual([[2, 3], [2, 3]]);
  });

  test.each([[1, 1], [99, 2_880]])('accepts a canary of %d %% and %d minutes', (percentage, minutes) => {
    expect(() => release({ deploymentConfig: canary(percentage, minutes) })).not.toThrow();
  });

  test.each([[1, 29], [50, 2_880], [99, 2_880], [34, 1_440]])('accepts a linear shift of %d %% every %d minutes', (percentage, minutes) => {
    expect(() => release({ deploymentConfig: linear(percentage, minutes) })).not.toThrow();
  });

  test('a custom configuration without routing shifts all traffic in one step', () => {
    release({ deploymentConfig: new LambdaDeploymentConfig(stack, 'Config') });
    expect(alarmWindows()).toEqual([[2, 3], [2, 3]]);
  });

  test('a configuration that is imported by another name is not checked', () => {
    release({ deploymentConfig: LambdaDeploymentConfig.fromLambdaDeploymentConfigName(stack, 'Config', 'Ours'), alarms: { window: Duration.minutes(60) } });
    expect(alarmWindows()).toEqual([[59, 60], [59, 60]]);
  });

  test('tokens are not checked', () => {
    const percentage = new CfnParameter(stack, 'Percentage', { type: 'Number' }).valueAsNumber;
    release({ deploymentConfig: canary(percentage, 5) });
    expect(alarmWindows()).toEqual([[2, 3], [2, 3]]);
  });
});

describe('alarms.window', () => {
  test.each([[1, 1, 1], [2, 1, 2], [3, 2, 3], [5, 4, 5]])('of %d minutes: %d of %d minutes must breach', (minutes, datapoints, periods) => {
    release({ alarms: { window: Duration.minutes(minutes) } });
    expect(alarmWindows()).toEqual([[datapoints, periods], [datapoints, periods]]);
  });

  test.each([[1, 1, 1], [2, 1, 2], [3, 2, 3], [4, 2, 3]])('with a canary of %d minutes is by default: %d of %d minutes must breach', (minutes, datapoints, periods) => {
    release({ deploymentConfig: canary(10, minutes) });
    expect(alarmWindows()).toEqual([[datapoints, periods], [datapoints, periods]]);
  });

  test('may be as long as the whole linear shift', () => {
    release({ deploymentConfig: linear(50, 4), alarms: { window: Duration.minutes(4) } });
    expect(alarmWindows()).toEqual([[3, 4], [3, 4]]);
  });
});

describe('expectedRequestsPerMinute', () => {
  test.each([50, 1_000])('of %d: no warning', expectedRequestsPerMinute => {
    release({ expectedRequestsPerMinute });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('of too few is a warning with the calculation', () => {
    release({ expectedRequestsPerMinute: 49 });
    expect(warningsOf(stack)).toEqual([expect.stringContaining(
      "49 requests a minute × 10 % of the traffic = 4.9 requests a minute to the new version, below 'alarms.minimumRequests' 5: "
      + "the release alarms cannot fire within the 5 minutes of the shift; shift at least 11 % at a time, or lower 'alarms.minimumRequests', "
      + "and test the version with a smoke test in 'preTraffic'",
    )]);
    expect(warningsOf(stack)[0]).toContain('cdk-production-lambda:CanaryAlias.lowTraffic');
  });

  test('the warning contains no percentage if none is sufficient', () => {
    release({ expectedRequestsPerMinute: 3 });
    expect(warningsOf(stack)[0]).toContain("within the 5 minutes of the shift; lower 'alarms.minimumRequests'");
  });

  test('is compared with the last step of a linear shift', () => {
    release({ expectedRequestsPerMinute: 6, deploymentConfig: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('no warning for all traffic in one step, an unknown configuration, or tokens', () => {
    const imported = LambdaDeploymentConfig.fromLambdaDeploymentConfigName(stack, 'Config', 'Ours');
    release({ expectedRequestsPerMinute: 1, deploymentConfig: LambdaDeploymentConfig.ALL_AT_ONCE });
    new CanaryAlias(stack, 'Imported', { function: fn, aliasName: 'imported', expectedRequestsPerMinute: 1, deploymentConfig: imported });
    const token = new CfnParameter(stack, 'Traffic', { type: 'Number' }).valueAsNumber;
    new CanaryAlias(stack, 'Token', { function: fn, aliasName: 'token', expectedRequestsPerMinute: token });
    expect(warningsOf(stack)).toEqual([]);
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
      `'deploymentConfig' must reach all traffic within 2880 minutes of the first shift, got ${total} (${percentage} % every ${minutes} minutes); raise the percentage or shorten the interval (at Stack/Live)`);
  });

  test.each([[Duration.seconds(0), 0], [Duration.seconds(90), 90]])('fails when alarms.window is not of whole minutes: %s', (window, seconds) => {
    expect(() => release({ alarms: { window } })).toThrow(`'alarms.window' must be whole minutes, at least 1, got ${seconds} seconds; the release alarms evaluate periods of one minute (at Stack/Live)`);
  });

  test('fails when alarms.window is longer than the shift', () => {
    expect(() => release({ alarms: { window: Duration.minutes(6) } })).toThrow(
      "'alarms.window' must be at most 5 minutes, the time from the first to the last shift, got 6; shorten it or choose a slower deploymentConfig, because a longer window ends after the release (at Stack/Live)");
  });

  test('fails when expectedRequestsPerMinute is negative', () => {
    expect(() => release({ expectedRequestsPerMinute: -1 })).toThrow("'expectedRequestsPerMinute' must be at least 0, got -1; it is a number of requests a minute (at Stack/Live)");
  });
});
