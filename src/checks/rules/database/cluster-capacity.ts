import { RDS } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { clientsOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { CLUSTER } from '../support/each-database';
import { outOfRange } from '../support/out-of-range';

const CAPACITY = 'ServerlessV2ScalingConfiguration';
const PAUSE = SOURCE.aurora('aurora-serverless-v2-auto-pause');
const SETTING = SOURCE.aurora('aurora-serverless-v2.setting-capacity');

export const CLUSTER_CAPACITY_RULES: Rule[] = [
  {
    id: 'LP-D02',
    category: 'database',
    severity: 'error',
    title: 'Auto-pause is set with a minimum capacity above 0',
    why: 'A cluster pauses only if its minimum capacity is 0 ACU.',
    fix: 'set MinCapacity to 0, or remove SecondsUntilAutoPause',
    source: PAUSE,
    evaluate: each(CLUSTER, pauseWithMinimumCapacity),
  },
  {
    id: 'LP-D03',
    category: 'database',
    severity: 'error',
    title: 'Auto-pause delay is out of range',
    why: 'Aurora pauses after 5 minutes to 1 day without connections.',
    fix: 'choose a value in range',
    source: PAUSE,
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each(CLUSTER, pauseOutOfRange),
  },
  {
    id: 'LP-D04',
    category: 'database',
    severity: 'warning',
    title: 'Function timeout is too short for a paused cluster',
    why: 'A cluster resumes in about 15 seconds, and in 30 seconds or more after a day of pause.',
    fix: 'raise the timeout to 30 seconds or more and retry the connection, or set MinCapacity to 0.5',
    source: PAUSE,
    evaluate: timeoutBelowResume,
  },
  {
    id: 'LP-D34',
    category: 'database',
    severity: 'error',
    title: 'Serverless capacity is out of range',
    why: 'The minimum is 0 to 256 ACU. The maximum is 1 to 256 ACU and at least the minimum.',
    fix: 'choose values in range',
    source: SETTING,
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each(CLUSTER, capacityOutOfRange),
  },
];

function pauseWithMinimumCapacity(cluster: Resource): Found {
  const min = cluster.number(`${CAPACITY}.MinCapacity`);
  if (cluster.number(`${CAPACITY}.SecondsUntilAutoPause`) !== undefined && min !== undefined && min > 0) {
    return {
      at: cluster,
      property: `${CAPACITY}.SecondsUntilAutoPause`,
      must: `must not be set with MinCapacity ${min}`,
      got: cluster.get(`${CAPACITY}.SecondsUntilAutoPause`),
    };
  }
  return undefined;
}

function pauseOutOfRange(cluster: Resource): Found {
  return outOfRange(cluster, `${CAPACITY}.SecondsUntilAutoPause`, RDS.autoPauseMinSeconds, RDS.autoPauseMaxSeconds);
}

function timeoutBelowResume(app: AppGraph): Problem[] {
  return app
    .ofType(CLUSTER)
    .filter(cluster => cluster.number(`${CAPACITY}.MinCapacity`) === 0)
    .flatMap(cluster =>
      clientsOf(app, cluster)
        .filter(fn => fn.timeout !== undefined && fn.timeout < RDS.resumeSeconds)
        .map(fn => ({
          at: fn.resource,
          property: 'Timeout',
          must: `must be at least ${durationText(RDS.resumeSeconds)} for ${cluster.path}, which pauses`,
          got: fn.timeout,
        })),
    );
}

function capacityOutOfRange(cluster: Resource): Found {
  const [min, max] = [cluster.number(`${CAPACITY}.MinCapacity`), cluster.number(`${CAPACITY}.MaxCapacity`)];
  return [
    ...outOfRange(cluster, `${CAPACITY}.MinCapacity`, 0, RDS.capacityMaxAcu),
    ...outOfRange(cluster, `${CAPACITY}.MaxCapacity`, 1, RDS.capacityMaxAcu),
    min !== undefined
      && max !== undefined
      && min > max && {
      at: cluster,
      property: `${CAPACITY}.MaxCapacity`,
      must: `must be at least ${min} (MinCapacity)`,
      got: max,
    },
  ];
}
