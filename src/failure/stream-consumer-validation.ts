import * as lambda from 'aws-cdk-lib/aws-lambda';
import { validateFilters } from './consumer-validation';
import { readersOfSameSource } from './event-source-readers';
import type { StreamConsumerProps } from './stream-consumer-props';
import { iteratorAgeLimitSeconds, STREAM_SOURCE } from '../aws';
import { DEFAULTS } from '../defaults';
import { requireSameRegion } from '../private/region-of-arn';
import { findMissingStream } from '../private/table-stream';
import { knownSeconds } from '../private/tokens';
import { refuse, requireDuration, requireProps, requireRange } from '../private/validation';

const S = STREAM_SOURCE;

/** Throws an error if props contradict each other, or if Lambda would reject them. */
export function validateStreamConsumerProps(path: string, props: StreamConsumerProps): void {
  requireProps(path, props, 'function', 'source');
  const { batchSize, maxBatchingWindow, parallelizationFactor, retryAttempts, maxRecordAge, startingPosition } = props;
  requireSameRegion(path, 'source', props.source._config.arn(), props.function);
  requireRange(path, 'batchSize', batchSize, 1, S.batchMax, 'it is a number of records');
  requireDuration(path, 'maxBatchingWindow', maxBatchingWindow, 0, S.windowMaxSeconds);
  requireRange(path, 'parallelizationFactor', parallelizationFactor, 1, S.parallelizationMax, { above: 'add shards to get more' });
  requireRange(path, 'retryAttempts', retryAttempts, 0, S.retryAttemptsMax,
    'with unlimited retries one bad record blocks its shard until it expires');
  requireDuration(path, 'maxRecordAge', maxRecordAge, S.recordAgeMinSeconds, S.recordAgeMaxSeconds);
  validateFilters(path, props.filters);
  if (startingPosition === lambda.StartingPosition.AT_TIMESTAMP) {
    refuse(path, "'startingPosition' must be TRIM_HORIZON or LATEST, got AT_TIMESTAMP; "
      + 'to begin at a time, use an event source of aws-lambda-event-sources');
  }
  if (props.source._config.hasIteratorAge) validateIteratorAge(path, props);
  else validateKafka(path, props);
}

/** Problems that appear only at synthesis, when the table and its readers are final. */
export function findStreamConsumerProblems({ source }: StreamConsumerProps, mapping: lambda.CfnEventSourceMapping): string[] {
  return source._config.isTable ? [...findMissingStream(mapping.eventSourceArn), ...findThirdReader(mapping)] : [];
}

/** If the record age is a token, the retention period alone limits the threshold. */
function validateIteratorAge(path: string, { source, maxRecordAge, alarms }: StreamConsumerProps): void {
  const age = maxRecordAge ? knownSeconds(maxRecordAge) : DEFAULTS.StreamConsumer.maxRecordAgeSeconds.value;
  const limit = iteratorAgeLimitSeconds(age, source._config.retentionSeconds() ?? age ?? S.retentionMaxSeconds);
  requireDuration(path, 'alarms.iteratorAgeThreshold', alarms?.iteratorAgeThreshold, Math.min(60, limit), limit,
    'half of the age at which records are discarded leaves time to act');
}

function validateKafka(path: string, { parallelizationFactor, alarms }: StreamConsumerProps): void {
  const unsupported = { 'parallelizationFactor': parallelizationFactor, 'alarms.iteratorAgeThreshold': alarms?.iteratorAgeThreshold };
  for (const [prop, value] of Object.entries(unsupported)) {
    if (value !== undefined) {
      refuse(path, `'${prop}' must not be set with a Kafka source, which does not support it; leave it out`);
    }
  }
}

/** Every reader in the app counts, whichever construct added it, also if the table is imported. */
function findThirdReader(mapping: lambda.CfnEventSourceMapping): string[] {
  const readers = readersOfSameSource(mapping).length;
  if (readers <= S.tableStreamReadersMax) return [];
  return [`the stream of a table must have at most ${S.tableStreamReadersMax} readers, got ${readers}, `
    + 'and DynamoDB would throttle them; '
    + 'let one function forward the changes, for example to EventBridge'];
}
