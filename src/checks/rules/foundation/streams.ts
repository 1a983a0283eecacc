import { EVENT_FILTER, STREAM_SOURCE } from '../../../limits';
import { asList, asString, member, patternOf } from '../../graph';
import type { EventSource, Value } from '../../graph';
import { eachSource, list } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { outside } from './failure';

const KINESIS = SOURCE.lambda('services-kinesis-parameters');
const DYNAMO = SOURCE.lambda('services-ddb-params');
/** Stands for "for ever" in retries and record age. */
const INFINITE = -1;
const ON_FAILURE = 'DestinationConfig.OnFailure.Destination';

/** Streams in front of functions, and what all mappings have in common. */
export const STREAM_RULES: Rule[] = [
  {
    id: 'LP-F44',
    article: 'foundation',
    severity: 'error',
    title: 'one bad record blocks the shard',
    why: 'without a bound on retries or age a record that always fails is tried until the stream forgets it, 24 h or more, and all behind it wait',
    fix: 'set MaximumRetryAttempts (3) or MaximumRecordAgeInSeconds, with a destination for failures',
    source: KINESIS,
    practice: true,
    evaluate: eachStream(source => endless(source, 'MaximumRetryAttempts') && endless(source, 'MaximumRecordAgeInSeconds')
      && { at: source.mapping, property: 'MaximumRetryAttempts', must: 'must be bounded, or the age of records', got: source.mapping.get('MaximumRetryAttempts') ?? 'no bound' }),
  },
  {
    id: 'LP-F45',
    article: 'foundation',
    severity: 'error',
    title: 'records are dropped without a trace',
    why: 'when retries or age are used up and nothing takes the failure, the records are skipped in silence',
    fix: 'set an on-failure destination, best an S3 bucket',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    elsewhere: 'cdk-nag Serverless: LambdaEventSourceMappingDestination, also wrongly for SQS',
    practice: true,
    evaluate: eachStream(source => (finite(source, 'MaximumRetryAttempts') || finite(source, 'MaximumRecordAgeInSeconds')) && source.mapping.lacks(ON_FAILURE)
      && { at: source.mapping, property: ON_FAILURE, must: 'must keep the records that are given up', got: undefined }),
  },
  {
    id: 'LP-F46',
    article: 'foundation',
    severity: 'warning',
    title: 'a failing batch is not split',
    why: 'bisecting finds the bad record without using up the retries of the good ones',
    fix: 'set BisectBatchOnFunctionError',
    source: KINESIS,
    practice: true,
    evaluate: eachStream(source => source.batchSize !== undefined && source.batchSize > 1 && source.mapping.boolean('BisectBatchOnFunctionError', false) === false
      && !source.mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures') && !source.mapping.isUnknown('FunctionResponseTypes')
      && { at: source.mapping, property: 'BisectBatchOnFunctionError', must: `must be true for batches of ${source.batchSize}`, got: false }),
  },
  {
    id: 'LP-F47',
    article: 'foundation',
    severity: 'info',
    title: 'a queue or topic gets only the place of failed records',
    why: 'SQS and SNS are told shard and sequence numbers; the records may have expired when somebody looks',
    fix: 'use an S3 bucket, which gets the records',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    evaluate: eachStream((source, _, app) => {
      const target = app.resourceOf(source.mapping.get(ON_FAILURE), source.mapping, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
      return target && { at: source.mapping, property: ON_FAILURE, must: 'must keep the records themselves', got: target.path };
    }),
  },
  {
    id: 'LP-F48',
    article: 'foundation',
    severity: 'warning',
    title: 'the stream is read from its end',
    why: 'what is written while the mapping is created, or created again, is skipped',
    fix: 'use TRIM_HORIZON',
    source: KINESIS,
    practice: true,
    evaluate: eachStream(source => source.mapping.string('StartingPosition') === 'LATEST'
      && { at: source.mapping, property: 'StartingPosition', must: 'must be TRIM_HORIZON to skip nothing', got: 'LATEST' }),
  },
  {
    id: 'LP-F49',
    article: 'foundation',
    severity: 'error',
    title: 'AT_TIMESTAMP where it does not exist',
    why: 'DynamoDB streams start at TRIM_HORIZON or LATEST, and Kinesis needs the timestamp',
    fix: 'use TRIM_HORIZON',
    source: DYNAMO,
    elsewhere: 'CDK throws without a timestamp',
    evaluate: eachStream(source => source.mapping.string('StartingPosition') === 'AT_TIMESTAMP'
      && (source.kind === 'dynamodb' || source.mapping.lacks('StartingPositionTimestamp'))
      && { at: source.mapping, property: 'StartingPosition', must: source.kind === 'dynamodb' ? 'must be TRIM_HORIZON or LATEST on a DynamoDB stream' : 'must come with StartingPositionTimestamp', got: 'AT_TIMESTAMP' }),
  },
  {
    id: 'LP-F50',
    article: 'foundation',
    severity: 'warning',
    title: 'too many readers of a DynamoDB stream',
    why: 'more than two readers of a shard throttle each other',
    fix: 'fan out from one function, or with EventBridge Pipes or Kinesis',
    source: DYNAMO,
    evaluate: eachStream((source, _, app) => {
      if (source.kind !== 'dynamodb' || !source.origin) return undefined;
      const readers = app.ofType('AWS::Lambda::EventSourceMapping').filter(mapping => mapping.target('EventSourceArn') === source.origin);
      return readers.length > STREAM_SOURCE.tableStreamReadersMax && readers[0] === source.mapping
        && { at: source.origin, property: 'StreamSpecification', must: `must have at most ${STREAM_SOURCE.tableStreamReadersMax} readers`, got: `${readers.length} (${list(readers.map(r => r.path))})` };
    }),
  },
  {
    id: 'LP-F51',
    article: 'foundation',
    severity: 'warning',
    title: 'more than five filters',
    why: 'the quota is five for each mapping, ten on request',
    fix: 'merge patterns, or ask for the quota and acknowledge this',
    source: SOURCE.lambda('invocation-eventfiltering'),
    evaluate: eachSource(source => source.filters.length > EVENT_FILTER.patternsMax
      && { at: source.mapping, property: 'FilterCriteria.Filters', must: `must be at most ${EVENT_FILTER.patternsMax}`, got: source.filters.length }),
  },
  {
    id: 'LP-F52',
    article: 'foundation',
    severity: 'error',
    title: 'a numeric filter on DynamoDB',
    why: 'DynamoDB writes numbers as strings: a numeric operator matches nothing',
    fix: 'filter on strings, or in the handler',
    source: SOURCE.lambda('with-ddb-filtering'),
    evaluate: eachSource(source => (source.kind === 'dynamodb' ? source.filters.flatMap((filter, i) => {
      const pattern = asString(member(filter, 'Pattern')) ?? '';
      return /"numeric"\s*:/.test(pattern) ? [{ at: source.mapping, property: `FilterCriteria.Filters.${i}.Pattern`, must: 'must not use numeric', got: pattern }] : [];
    }) : undefined)),
  },
  {
    id: 'LP-F54',
    article: 'foundation',
    severity: 'error',
    title: 'metrics or logs of Kafka on another source',
    why: 'ErrorCount, KafkaMetrics and the log level of pollers exist for Kafka only',
    fix: 'use EventCount',
    source: SOURCE.lambda('monitoring-metrics-types'),
    evaluate: eachSource(source => {
      if (source.kind === 'kafka' || source.kind === 'unknown') return undefined;
      const wrong = source.mapping.list('MetricsConfig.Metrics').filter(metric => metric === 'ErrorCount' || metric === 'KafkaMetrics');
      const problems = wrong.map((metric: Value) => ({ at: source.mapping, property: 'MetricsConfig.Metrics', must: `must be EventCount for ${source.kind}`, got: metric }));
      return source.mapping.string('LoggingConfig.SystemLogLevel') === undefined ? problems
        : [...problems, { at: source.mapping, property: 'LoggingConfig.SystemLogLevel', must: `must not be set for ${source.kind}`, got: source.mapping.get('LoggingConfig.SystemLogLevel') }];
    }),
  },
  {
    id: 'LP-F83',
    article: 'foundation',
    severity: 'error',
    title: 'stream setting out of range',
    why: 'retries go from -1 to 10,000, the age from 60 to 604,800 s or -1, parallelization from 1 to 10, windows to 900 s',
    fix: 'choose a value in range',
    source: KINESIS,
    elsewhere: 'CDK throws for its own event sources; F3034',
    evaluate: eachStream(({ mapping }) => [
      outside(mapping, 'MaximumRetryAttempts', INFINITE, STREAM_SOURCE.retryAttemptsMax),
      mapping.number('MaximumRecordAgeInSeconds') === INFINITE ? [] : outside(mapping, 'MaximumRecordAgeInSeconds', STREAM_SOURCE.recordAgeMinSeconds, STREAM_SOURCE.recordAgeMaxSeconds),
      outside(mapping, 'ParallelizationFactor', 1, STREAM_SOURCE.parallelizationMax),
      outside(mapping, 'TumblingWindowInSeconds', 0, STREAM_SOURCE.tumblingWindowMaxSeconds),
    ].flat()),
  },
  {
    id: 'LP-F84',
    article: 'foundation',
    severity: 'error',
    title: 'a FIFO destination for failed records',
    why: 'a mapping delivers to standard queues and topics only',
    fix: 'use a standard queue, or an S3 bucket',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    evaluate: eachStream(source => asList(source.mapping.get(ON_FAILURE)).filter(value => /\.fifo$/.test(patternOf(value))
      || source.mapping.target(ON_FAILURE)?.boolean('FifoQueue') === true || source.mapping.target(ON_FAILURE)?.boolean('FifoTopic') === true)
      .map(got => ({ at: source.mapping, property: ON_FAILURE, must: 'must be a standard queue or topic', got }))),
  },
];

function eachStream(check: Parameters<typeof eachSource>[0]) {
  return eachSource((source, fn, app) => (source.isStream ? check(source, fn, app) : undefined));
}

function endless(source: EventSource, property: string): boolean {
  return source.mapping.number(property, INFINITE) === INFINITE;
}

function finite(source: EventSource, property: string): boolean {
  const value = source.mapping.number(property, INFINITE);
  return value !== undefined && value !== INFINITE;
}
