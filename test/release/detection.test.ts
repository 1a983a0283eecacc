import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { detectionOfTotalFailure, leastRequestsPerMinute, visibleShare } from '../../src/release/detection';
import { leastFailures } from '../../src/release/error-rate';
import { type ReleaseModel } from '../../src/release/power/release-model';
import { simulateReleases } from '../../src/release/power/simulation';
import { readTrafficShift } from '../../src/release/traffic-shift';
import { releaseModel } from '../support/release';

const C = codedeploy.LambdaDeploymentConfig;
const SHIFTS = [C.CANARY_10PERCENT_5MINUTES, C.CANARY_10PERCENT_10MINUTES, C.LINEAR_10PERCENT_EVERY_1MINUTE, C.LINEAR_10PERCENT_EVERY_3MINUTES];

test.each([[1, 2], [0, 2], [20, 5], [50, 13]])('at a threshold of %d %%, %d failed requests raise the alarm', (errorRateThreshold, failures) => {
  expect(leastFailures({ errorRateThreshold, minimumRequests: 2 })).toBe(failures);
  expect(leastFailures({ errorRateThreshold, minimumRequests: 100 })).toBe(100);
});

test.each([
  [C.CANARY_10PERCENT_5MINUTES, 0.4], [C.CANARY_10PERCENT_10MINUTES, 0.9], [C.LINEAR_10PERCENT_EVERY_1MINUTE, 3.6],
  [C.LINEAR_10PERCENT_EVERY_2MINUTES, 8.1],
])(
  '%#: the new version receives a share of the traffic in time', (config, share) => {
    const shift = readTrafficShift('', config)!;
    expect(visibleShare(shift, shift.minutes)).toBeCloseTo(share);
  },
);

const named = SHIFTS.map(config => [config.deploymentConfigName, config] as const);

describe.each(named)('the calculation is what the simulation of the template finds: %s', (_, deploymentConfig) => {
  const shift = readTrafficShift('', deploymentConfig)!;

  test.each<[number, number]>([[1, 2], [20, 5]])('with a threshold of %d %%', (errorRateThreshold, failures) => {
    const model: ReleaseModel = releaseModel({ deploymentConfig, alarms: { errorRateThreshold } });
    const least = leastRequestsPerMinute(failures, shift, shift.minutes);
    for (const requestsPerMinute of [0.4 * least, least]) {
      const calculated = detectionOfTotalFailure(requestsPerMinute, failures, shift, shift.minutes);
      const { rolledBack } = simulateReleases(model, { requestsPerMinute, errorRate: 1 }, { trials: 3_000, seed: 5 });
      expect(Math.abs(rolledBack - calculated)).toBeLessThanOrEqual(3.5 * Math.sqrt(calculated * (1 - calculated) / 3_000));
    }
    expect(detectionOfTotalFailure(least, failures, shift, shift.minutes)).toBeCloseTo(0.99, 6);
  });
});
