import type { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { checkFilters } from './checked-queue-props';
import type { StreamConsumerProps } from './stream-consumer';
import { DEFAULTS, iteratorAgeLimitSeconds, STREAM_SOURCE } from '../limits';
import { refuse, requireRange } from '../private/validation';

const S = STREAM_SOURCE;

/** Refuses what contradicts itself or what Lambda would refuse, before the first resource is made. */
export function checkStreamProps(path: string, props: StreamConsumerProps): void {
  const { retryAttempts, parallelizationFactor, startingPosition } = props;
  requireRange(path, 'batchSize', props.batchSize, 1, S.batchMax, 'it is a number of records');
  requireRange(path, 'maxBatchingWindow', seconds(props.maxBatchingWindow), 0, S.windowMaxSeconds, 'it is a number of seconds');
  requireRange(path, 'parallelizationFactor', parallelizationFactor, 1, S.parallelizationMax, 'add shards to get more');
  requireRange(path, 'retryAttempts', retryAttempts, 0, S.retryAttemptsMax, 'without end one bad record blocks its shard until it expires');
  requireRange(path, 'maxRecordAge', seconds(props.maxRecordAge), S.recordAgeMinSeconds, S.recordAgeMaxSeconds, 'it is a number of seconds');
  checkFilters(path, props.filters);
  if (startingPosition === lambda.StartingPosition.AT_TIMESTAMP) {
    refuse(path, "'startingPosition' must be TRIM_HORIZON or LATEST, got AT_TIMESTAMP; to begin at a time, use the event source of aws-lambda-event-sources");
  }
  if (props.source._parts.hasIteratorAge) return checkIteratorAge(path, props);
  for (const prop of ['parallelizationFactor', 'iteratorAgeThreshold'] as const) {
    if (props[prop] !== undefined) refuse(path, `'${prop}' must not go with a Kafka source, which has none; leave it out`);
  }
}

/** An age that only CloudFormation knows leaves the retention as the bound. */
function checkIteratorAge(path: string, props: StreamConsumerProps): void {
  const age = props.maxRecordAge ? seconds(props.maxRecordAge) : DEFAULTS.StreamConsumer.maxRecordAgeSeconds.value;
  const limit = iteratorAgeLimitSeconds(age, props.source._parts.retention() ?? age ?? S.retentionMaxSeconds);
  requireRange(path, 'iteratorAgeThreshold', seconds(props.iteratorAgeThreshold), Math.min(60, limit), limit,
    'beyond half of the age at which records are given up less time is left than has passed');
}

/** Nothing where CloudFormation alone knows. */
export function seconds(duration: Duration | undefined): number | undefined {
  return duration?.isUnresolved() ? undefined : duration?.toSeconds();
}
