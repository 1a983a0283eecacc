import type { App } from 'aws-cdk-lib';
import { CanaryAlias, type ReleaseOutcome } from '../../src';

/** Requests a minute for which the report says what a bad release costs: a quiet and a busy function. */
const TRAFFIC = [10, 100];

/** What a bad release of each function costs, by a simulation of its alarms. Aliases with the same numbers share their lines. */
export function releaseLines(app: App): string[] {
  const aliases = app.node.findAll().filter((construct): construct is CanaryAlias => construct instanceof CanaryAlias);
  const paths = new Map<string, string[]>();
  for (const alias of aliases) {
    const lines = explain(alias).join('\n  ');
    paths.set(lines, [...paths.get(lines) ?? [], alias.node.path]);
  }
  return [...paths].flatMap(([lines, names]) => [`Releases of ${names.join(', ')}`, `  ${lines}`, '']);
}

function explain(alias: CanaryAlias): string[] {
  const explained = TRAFFIC.map(requestsPerMinute => ({ requestsPerMinute, ...alias.explainRelease({ requestsPerMinute }) }));
  const [{ shiftMinutes }] = explained;
  if (shiftMinutes === 0) return ['all traffic shifts immediately, so no alarm can roll a release back'];
  return explained.flatMap(({ requestsPerMinute, totalFailure, partialFailure, healthy }) => [
    `at ${requestsPerMinute} requests a minute, in ${shiftMinutes} minutes`,
    `  fails every request  ${cost(totalFailure)}`,
    `  fails 20 %           ${cost(partialFailure)}`,
    `  good                 rolled back in ${healthy.rolledBackPercent} %`,
  ]);
}

function cost({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome): string {
  const share = `rolled back in ${rolledBackPercent} %`;
  return minutesToRollback === undefined ? share : `${share}, on average after ${minutesToRollback} minutes and ${failedRequests} failed requests`;
}
