import { CfnParameter, Duration, Expiration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { CanaryAlias, type CanaryAliasOptions, Profile } from '../../src';
import { ReleaseModel } from '../../src/release/power/release-model';
import { simulateReleases } from '../../src/release/power/simulation';
import { newStack, plainFunction } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

const C = codedeploy.LambdaDeploymentConfig;
let stack: Stack;
beforeEach(() => { stack = newStack(); });

function release(options: CanaryAliasOptions): { config: unknown; model: ReleaseModel } {
  new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay'), ...options });
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
  return { config: group.Properties.DeploymentConfigName, model: ReleaseModel.fromResources(template.toJSON().Resources) };
}

const totalFailure = (model: ReleaseModel, requestsPerMinute: number) =>
  simulateReleases(model, { requestsPerMinute, errorRate: 1 }, { trials: 1_000, seed: 3 }).rolledBack;

describe('expectedRequestsPerMinute', () => {
  test.each([
    [20_000, C.CANARY_10PERCENT_5MINUTES], [17, C.CANARY_10PERCENT_5MINUTES],
    [16, C.LINEAR_10PERCENT_EVERY_1MINUTE], [1.9, C.LINEAR_10PERCENT_EVERY_1MINUTE],
    [1.8, C.LINEAR_10PERCENT_EVERY_2MINUTES], [1, C.LINEAR_10PERCENT_EVERY_2MINUTES], [0.82, C.LINEAR_10PERCENT_EVERY_2MINUTES],
    [0.81, C.LINEAR_10PERCENT_EVERY_3MINUTES], [0.53, C.LINEAR_10PERCENT_EVERY_3MINUTES],
    [0.52, C.LINEAR_10PERCENT_EVERY_10MINUTES], [0.16, C.LINEAR_10PERCENT_EVERY_10MINUTES],
  ])('of %d chooses the shortest shift that detects a total failure, without a warning', (expectedRequestsPerMinute, expected) => {
    const { config, model } = release({ expectedRequestsPerMinute });
    expect(config).toBe(expected.deploymentConfigName);
    expect(totalFailure(model, expectedRequestsPerMinute)).toBeGreaterThan(0.985);
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([0.05, 0.14, 0])('of %d: no shift detects it, and the warning asks for a smoke test', expectedRequestsPerMinute => {
    const { config } = release({ expectedRequestsPerMinute });
    expect(config).toBe(C.CANARY_10PERCENT_10MINUTES.deploymentConfigName);
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/no predefined shift is slow enough: test the version with a smoke test in 'preTraffic'.*CanaryAlias\.lowTraffic/)]);
  });

  test('is an expectation for the thresholds of the props', () => {
    const { config, model } = release({ expectedRequestsPerMinute: 20, alarms: { errorRateThreshold: 20 } });
    expect(config).toBe(C.LINEAR_10PERCENT_EVERY_1MINUTE.deploymentConfigName);
    expect(totalFailure(model, 20)).toBeGreaterThan(0.985);
  });

  test('chooses a shift that is as long as the window of the props', () => {
    const { config } = release({ expectedRequestsPerMinute: 500, alarms: { window: Duration.minutes(12) } });
    expect(config).toBe(C.CANARY_10PERCENT_15MINUTES.deploymentConfigName);
  });

  test('does not replace a stated shift, and warns with the calculation', () => {
    const { config } = release({ expectedRequestsPerMinute: 5, deploymentConfig: C.CANARY_10PERCENT_10MINUTES });
    expect(config).toBe(C.CANARY_10PERCENT_10MINUTES.deploymentConfigName);
    expect(warningsOf(stack)).toEqual([expect.stringContaining(
      'at 5 requests a minute the release alarms roll back a version that fails every request in only 93.8 % of the releases: '
      + 'the error rate alarm needs 2 failed requests, and 5 requests a minute × 0.9 = 4.5 on average reach the new version in time '
      + '(a shift of 10 minutes, metrics are 1 minute late); for 99 %, the shift needs 7.4 requests a minute; '
      + "choose a slower 'deploymentConfig', or leave it out, and test the version with a smoke test in 'preTraffic'",
    )]);
  });

  test('does not replace the shift of the profile', () => {
    Profile.production({ deploymentConfig: C.CANARY_10PERCENT_30MINUTES }).applyTo(stack);
    expect(release({ expectedRequestsPerMinute: 500 }).config).toBe(C.CANARY_10PERCENT_30MINUTES.deploymentConfigName);
  });

  test('does not shift the traffic of a sandbox in steps, and does not warn', () => {
    Profile.sandbox({ owner: 'me', expires: Expiration.after(Duration.days(1)) }).applyTo(stack);
    expect(release({ expectedRequestsPerMinute: 1 }).config).toBe(C.ALL_AT_ONCE.deploymentConfigName);
    expect(warningsOf(stack).filter(text => text.includes('lowTraffic'))).toEqual([]);
  });

  test('no warning for all traffic in one step, an unknown configuration, or tokens', () => {
    const fn = plainFunction(stack, 'Other');
    const imported = C.fromLambdaDeploymentConfigName(stack, 'Config', 'Ours');
    new CanaryAlias(stack, 'AtOnce', { function: fn, aliasName: 'at-once', expectedRequestsPerMinute: 1, deploymentConfig: C.ALL_AT_ONCE });
    new CanaryAlias(stack, 'Imported', { function: fn, aliasName: 'imported', expectedRequestsPerMinute: 1, deploymentConfig: imported });
    const token = new CfnParameter(stack, 'Traffic', { type: 'Number' }).valueAsNumber;
    new CanaryAlias(stack, 'Token', { function: fn, aliasName: 'token', expectedRequestsPerMinute: token });
    new CanaryAlias(stack, 'Threshold', { function: fn, aliasName: 'threshold', expectedRequestsPerMinute: 1, alarms: { errorRateThreshold: token } });
    expect(warningsOf(stack)).toEqual([]);
  });
});
