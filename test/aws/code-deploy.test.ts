import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { highestCanaryPercentage, predefinedRouting, shiftMinutes } from '../../src/aws';

describe('predefinedRouting()', () => {
  const {
    ALL_AT_ONCE, CANARY_10PERCENT_5MINUTES, CANARY_10PERCENT_10MINUTES, CANARY_10PERCENT_15MINUTES, CANARY_10PERCENT_30MINUTES,
    LINEAR_10PERCENT_EVERY_1MINUTE, LINEAR_10PERCENT_EVERY_2MINUTES, LINEAR_10PERCENT_EVERY_3MINUTES, LINEAR_10PERCENT_EVERY_10MINUTES,
  } = codedeploy.LambdaDeploymentConfig;

  test.each([
    ALL_AT_ONCE, CANARY_10PERCENT_5MINUTES, CANARY_10PERCENT_10MINUTES, CANARY_10PERCENT_15MINUTES, CANARY_10PERCENT_30MINUTES,
    LINEAR_10PERCENT_EVERY_1MINUTE, LINEAR_10PERCENT_EVERY_2MINUTES, LINEAR_10PERCENT_EVERY_3MINUTES, LINEAR_10PERCENT_EVERY_10MINUTES,
  ])('reads a configuration of aws-cdk-lib: $deploymentConfigName', ({ deploymentConfigName }) => {
    expect(predefinedRouting(deploymentConfigName)).toBeDefined();
  });

  test.each([
    ['CodeDeployDefault.LambdaAllAtOnce', { kind: 'all-at-once' }],
    ['CodeDeployDefault.LambdaCanary10Percent5Minutes', { kind: 'canary', percentage: 10, interval: 5 }],
    ['CodeDeployDefault.LambdaLinear10PercentEvery1Minute', { kind: 'linear', percentage: 10, interval: 1 }],
    ['CodeDeployDefault.LambdaLinear10PercentEvery10Minutes', { kind: 'linear', percentage: 10, interval: 10 }],
  ])('%s', (name, routing) => {
    expect(predefinedRouting(name)).toEqual(routing);
  });

  test.each(['', 'Ours', 'CodeDeployDefault.AllAtOnce', 'CodeDeployDefault.ECSCanary10Percent5Minutes', 'MyCodeDeployDefault.LambdaAllAtOnce'])(
    "'%s' is not predefined", name => {
      expect(predefinedRouting(name)).toBeUndefined();
    });
});

describe('shiftMinutes() and highestCanaryPercentage()', () => {
  test.each([
    [{ kind: 'all-at-once' }, 0, 100],
    [{ kind: 'canary', percentage: 10, interval: 5 }, 5, 10],
    [{ kind: 'linear', percentage: 10, interval: 1 }, 9, 90],
    [{ kind: 'linear', percentage: 33, interval: 2 }, 6, 99],
    [{ kind: 'linear', percentage: 50, interval: 4 }, 4, 50],
    [{ kind: 'canary', interval: 5 }, 5, undefined],
    [{ kind: 'canary', percentage: 10 }, undefined, 10],
    [{ kind: 'linear', percentage: 10 }, undefined, 90],
    [{ kind: 'linear', interval: 1 }, undefined, undefined],
    [{ kind: 'linear', percentage: 0, interval: 1 }, undefined, undefined],
  ] as const)('%j: %p minutes, %p percent', (routing, minutes, percentage) => {
    expect(shiftMinutes(routing)).toBe(minutes);
    expect(highestCanaryPercentage(routing)).toBe(percentage);
  });
});
