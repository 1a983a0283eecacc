import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { durationText } from '../../src/private/duration-text';
import { ReleaseModel } from '../../src/release/power/release-model';
import { simulateReleases } from '../../src/release/power/simulation';
import { newStack, plainFunction } from '../support/plain-function';

function live(options: CanaryAliasOptions = {}): CanaryAlias {
  const stack = newStack();
  return new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay', { timeout: Duration.seconds(10) }), ...options });
}

test('says what a bad version costs, in numbers and in sentences', () => {
  const explained = live().explainRelease({ requestsPerMinute: 100 });
  expect(explained.shiftMinutes).toBe(10);
  expect(explained.totalFailure.rolledBackPercent).toBe(100);
  expect(explained.totalFailure.minutesToRollback).toBeCloseTo(2, 0);
  expect(explained.totalFailure.failedRequests).toBeGreaterThan(15);
  expect(explained.totalFailure.failedRequests).toBeLessThan(25);
  expect(explained.partialFailure.rolledBackPercent).toBeGreaterThan(99);
  expect(explained.partialFailure.minutesToRollback).toBeGreaterThan(explained.totalFailure.minutesToRollback!);
  expect(explained.healthy.rolledBackPercent).toBeLessThanOrEqual(0.5);
  expect(explained.text).toBe('At 100 requests a minute, a release takes 10 minutes. A version that fails every request is rolled back in 100 % of the releases, '
    + `after ${durationText(Math.round(explained.totalFailure.minutesToRollback! * 60))} and ${explained.totalFailure.failedRequests} failed requests on average. `
    + `A version that fails 20 % is rolled back in ${explained.partialFailure.rolledBackPercent} % of the releases, `
    + `after ${durationText(Math.round(explained.partialFailure.minutesToRollback! * 60))} and ${explained.partialFailure.failedRequests} failed requests on average. `
    + `A good version that fails 0.5 % is rolled back in ${explained.healthy.rolledBackPercent} % of the releases.`);
});

test('the numbers are those of the evaluator on the synthesised template', () => {
  const alias = live({ alarms: { errorRateThreshold: 5 } });
  const { totalFailure } = alias.explainRelease({ requestsPerMinute: 8, metricDelayMinutes: 2 });
  const model = ReleaseModel.fromResources(Template.fromStack(alias.stack).toJSON().Resources);
  const { rolledBack } = simulateReleases(model, { requestsPerMinute: 8, errorRate: 1 }, { delayMinutes: 2, trials: 4_000 });
  expect(totalFailure.rolledBackPercent).toBe(Math.round(10_000 * rolledBack) / 100);
});

test('a custom shift is part of it', () => {
  const stack = newStack();
  const deploymentConfig = new codedeploy.LambdaDeploymentConfig(stack, 'Slow', {
    trafficRouting: codedeploy.TrafficRouting.timeBasedCanary({ interval: Duration.minutes(30), percentage: 50 }),
  });
  const alias = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay'), deploymentConfig });
  expect(alias.explainRelease({ requestsPerMinute: 2 })).toMatchObject({ shiftMinutes: 30, totalFailure: { rolledBackPercent: 100 } });
});

test('without steps nothing is rolled back, and no number is invented', () => {
  const alias = live({ deploymentConfig: codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE });
  const { totalFailure, shiftMinutes } = alias.explainRelease({ requestsPerMinute: 100 });
  expect(shiftMinutes).toBe(0);
  expect(totalFailure).toEqual({ rolledBackPercent: 0 });
});

test.each([0, -1, 1_000_001, NaN])('fails when requestsPerMinute is %d', requestsPerMinute => {
  expect(() => live().explainRelease({ requestsPerMinute })).toThrow(/^'requestsPerMinute' must be between .* \(at Stack\/Live\)$/);
});

test.each([[-1, 'between 0 and 10'], [11, 'between 0 and 10'], [1.5, 'a whole number']])('fails when metricDelayMinutes is %d', (metricDelayMinutes, limit) => {
  expect(() => live().explainRelease({ requestsPerMinute: 1, metricDelayMinutes })).toThrow(`'metricDelayMinutes' must be ${limit}`);
});

test('fails when the shift is imported and not predefined', () => {
  const stack = newStack();
  const deploymentConfig = codedeploy.LambdaDeploymentConfig.fromLambdaDeploymentConfigName(stack, 'Config', 'Ours');
  const alias = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay'), deploymentConfig });
  expect(() => alias.explainRelease({ requestsPerMinute: 1 })).toThrow('the traffic shift Ours is not predefined and not in the template (at Stack/Live)');
});

test.each(['interval', 'percentage'] as const)('fails when the %s of the shift is a token', part => {
  const stack = newStack();
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const routing = { interval: Duration.minutes(part === 'interval' ? number : 5), percentage: part === 'percentage' ? number : 10 };
  const deploymentConfig = new codedeploy.LambdaDeploymentConfig(stack, 'Config', { trafficRouting: codedeploy.TrafficRouting.timeBasedCanary(routing) });
  const alias = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay'), deploymentConfig });
  expect(() => alias.explainRelease({ requestsPerMinute: 1 })).toThrow('(at Stack/Live)');
});

test('fails when a threshold is a token', () => {
  const stack = newStack();
  const errorRateThreshold = new CfnParameter(stack, 'Errors', { type: 'Number' }).valueAsNumber;
  const alias = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay'), alarms: { errorRateThreshold } });
  expect(() => alias.explainRelease({ requestsPerMinute: 1 })).toThrow(/^the limits and the shift of the release must be known at synth to be explained; .* \(at Stack\/Live\)$/);
});
