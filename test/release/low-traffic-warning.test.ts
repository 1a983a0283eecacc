import { type App, type Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';

let stack: Stack;
beforeEach(() => { stack = newStack(); });

const release = (id: string, options: CanaryAliasOptions = {}) => new CanaryAlias(stack, `${id}Live`, { function: plainFunction(stack, id), ...options });

/** The infos of the stack's release alarms, as `path: text`. */
function infos(): string[] {
  const { messages } = (stack.node.root as App).synth().getStackArtifact(stack.artifactId);
  return messages.filter(({ level }) => level === 'info').map(({ id, entry }) => `${id}: ${entry.data}`);
}

test('without an expectation, an info says from which traffic on the alarms detect a total failure', () => {
  release('Pay');
  expect(infos()).toEqual([expect.stringContaining(
    '/Stack/PayLive: below 7.4 requests a minute, the release alarms roll back a version that fails every request in less than 99 % of the releases: the error rate alarm needs 2 failed requests, '
    + 'and 7.4 requests a minute × 0.9 = 6.66 on average reach the new version in time (a shift of 10 minutes, metrics are 1 minute late); '
    + "set 'expectedRequestsPerMinute', which chooses a shift that detects it, or test the version with a smoke test in 'preTraffic'",
  )]);
});

test('the same info is given once in a stack, and one for each other shift', () => {
  for (const id of ['A', 'B', 'C']) release(id);
  release('D', { deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES });
  expect(infos()).toHaveLength(2);
});

test.each<[string, CanaryAliasOptions]>([
  ['with an expectation', { expectedRequestsPerMinute: 100 }],
  ['if all traffic shifts in one step', { deploymentConfig: codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE }],
])('no info %s', (_, options) => {
  release('Pay', options);
  expect(infos()).toEqual([]);
});
