import { STREAM_SOURCE } from '../../../aws';
import { asList, patternOf } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { eachEventSource } from '../support/each';
import type { Found } from '../support/each';
import { ON_FAILURE } from '../support/failure-destinations';
import { nameList } from '../support/name-list';
import { outOfRange } from '../support/out-of-range';

const KINESIS = SOURCE.lambda('services-kinesis-parameters');
const DYNAMO = SOURCE.lambda('services-ddb-params');
/** The value of retries and record age without a limit. */
const UNLIMITED = -1;

export const STREAMS_RULES: Rule[] = [
  {
    id: 'LP-F44',
    category: 'foundation',
    severity: 'error',
    title: 'Failing record blocks its shard',
    why:
      'Without a limit on retries or record age Lambda retries a failing record until it expires, after 24 '
      + 'h or more. All later records of the shard wait.',
    fix: 'set MaximumRetryAttempts (3) or MaximumRecordAgeInSeconds, and an on-failure destination',
    source: KINESIS,
    practice: true,
    evaluate: eachStream(unlimitedRetries),
  },
  {
    id: 'LP-F45',
    category: 'foundation',
    severity: 'error',
    title: 'Discarded stream records are lost',
    why:
      'Lambda skips a record when its retries or its age are exhausted. Without an on-failure destination '
      + 'no trace of it remains.',
    fix: 'set an on-failure destination, preferably an S3 bucket',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    elsewhere: 'cdk-nag Serverless: LambdaEventSourceMappingDestination, which also reports SQS by mistake',
    practice: true,
    evaluate: eachStream(discardedRecordsLost),
  },
  {
    id: 'LP-F46',
    category: 'foundation',
    severity: 'warning',
    title: 'Failing batch is not bisected',
    why: 'Bisecting isolates the failing record without using the retries of the other records.',
    fix: 'set BisectBatchOnFunctionError to true',
    source: KINESIS,
    practice: true,
    evaluate: eachStream(batchNotBisected),
  },
  {
    id: 'LP-F47',
    category: 'foundation',
    severity: 'info',
    title: 'On-failure destination receives only the position of failed records',
    why:
      'SQS and SNS receive the shard and the sequence numbers. The records may expire before anyone reads ' + 'them.',
    fix: 'use an S3 bucket, which receives the records',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    evaluate: eachStream(destinationWithoutRecords),
  },
  {
    id: 'LP-F48',
    category: 'foundation',
    severity: 'warning',
    title: 'Stream is read from LATEST',
    why: 'Lambda skips records that are written while the event source mapping is created or replaced.',
    fix: 'use TRIM_HORIZON',
    source: KINESIS,
    practice: true,
    evaluate: eachRecordSource(readsFromLatest),
  },
  {
    id: 'LP-F49',
    category: 'foundation',
    severity: 'error',
    title: 'AT_TIMESTAMP is not supported or has no timestamp',
    why:
      'DynamoDB streams support TRIM_HORIZON and LATEST only. Kinesis, Kafka and DocumentDB require '
      + 'StartingPositionTimestamp with AT_TIMESTAMP.',
    fix: 'use TRIM_HORIZON',
    source: DYNAMO,
    elsewhere: 'CDK throws without a timestamp',
    evaluate: eachEventSource(timestampNotSupported),
  },
  {
    id: 'LP-F50',
    category: 'foundation',
    severity: 'warning',
    title: 'DynamoDB stream has more than two readers',
    why: 'More than two readers of one shard throttle each other.',
    fix: 'fan out from one function, or with EventBridge Pipes or Kinesis',
    source: DYNAMO,
    evaluate: eachStream(tooManyStreamReaders),
  },
  {
    id: 'LP-F83',
    category: 'foundation',
    severity: 'error',
    title: 'Stream setting is out of range',
    why:
      'Retries range from -1 to 10,000, the record age from 1 minute to 7 days or -1, the parallelization '
      + 'from 1 to 10. A tumbling window has at most 15 minutes.',
    fix: 'choose a value in range',
    source: KINESIS,
    elsewhere: 'CDK throws for its own event sources; F3034',
    evaluate: eachStream(streamSettingsOutOfRange),
  },
  {
    id: 'LP-F84',
    category: 'foundation',
    severity: 'error',
    title: 'On-failure destination of a stream is a FIFO queue or topic',
    why: 'An event source mapping delivers to standard queues and topics only.',
    fix: 'use a standard queue, or an S3 bucket',
    source: SOURCE.lambda('kinesis-on-failure-destination'),
    evaluate: eachRecordSource(fifoStreamDestination),
  },
  {
    id: 'LP-F133',
    category: 'foundation',
    severity: 'warning',
    title: 'Failing Kafka records have no destination',
    why: 'Lambda retries a failing batch until its records expire, and all later records of the partition wait.',
    fix: 'set an on-failure destination, preferably an S3 bucket',
    source: SOURCE.lambda('kafka-on-failure'),
    practice: true,
    evaluate: eachEventSource(kafkaBlocksPartition),
  },
];

function unlimitedRetries(source: EventSource): Found {
  if (isUnlimited(source, 'MaximumRetryAttempts') && isUnlimited(source, 'MaximumRecordAgeInSeconds')) {
    return {
      at: source.mapping,
      property: 'MaximumRetryAttempts',
      must: 'must be limited, or MaximumRecordAgeInSeconds',
      got: source.mapping.get('MaximumRetryAttempts') ?? 'no limit',
    };
  }
  return undefined;
}

function discardedRecordsLost(source: EventSource): Found {
  if (
    (isLimited(source, 'MaximumRetryAttempts') || isLimited(source, 'MaximumRecordAgeInSeconds'))
    && source.mapping.lacks(ON_FAILURE)
  ) {
    return { at: source.mapping, property: ON_FAILURE, must: 'must be set for discarded records', got: undefined };
  }
  return undefined;
}

function batchNotBisected(source: EventSource): Found {
  if (
    source.batchSize !== undefined
    && source.batchSize > 1
    && source.mapping.boolean('BisectBatchOnFunctionError', false) === false
    && !source.mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures')
    && !source.mapping.isUnknown('FunctionResponseTypes')
  ) {
    return {
      at: source.mapping,
      property: 'BisectBatchOnFunctionError',
      must: `must be true for batches of ${source.batchSize}`,
      got: false,
    };
  }
  return undefined;
}

function destinationWithoutRecords(source: EventSource, _: LambdaFunction, app: AppGraph): Found {
  const target = app.resourceOf(source.mapping.get(ON_FAILURE), source.mapping, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
  if (target) {
    return { at: source.mapping, property: ON_FAILURE, must: 'must receive the records', got: target.path };
  }
  return undefined;
}

/** A Kafka source retries a failing batch until its records expire, unless it has a destination for them. */
function kafkaBlocksPartition(source: EventSource): Found {
  return source.kind === 'kafka' && source.mapping.lacks(ON_FAILURE)
    && { at: source.mapping, property: ON_FAILURE, must: 'must be set for records that fail', got: undefined };
}

function readsFromLatest(source: EventSource): Found {
  if (source.mapping.string('StartingPosition') === 'LATEST') {
    return {
      at: source.mapping,
      property: 'StartingPosition',
      must: 'must be TRIM_HORIZON to read every record',
      got: 'LATEST',
    };
  }
  return undefined;
}

function timestampNotSupported(source: EventSource): Found {
  if (
    source.mapping.string('StartingPosition') === 'AT_TIMESTAMP'
    && (source.kind === 'dynamodb' || source.mapping.lacks('StartingPositionTimestamp'))
  ) {
    return {
      at: source.mapping,
      property: 'StartingPosition',
      must:
        source.kind === 'dynamodb'
          ? 'must be TRIM_HORIZON or LATEST on a DynamoDB stream'
          : 'must be set with StartingPositionTimestamp',
      got: 'AT_TIMESTAMP',
    };
  }
  return undefined;
}

function tooManyStreamReaders(source: EventSource, _: LambdaFunction, app: AppGraph): Found {
  if (source.kind !== 'dynamodb' || !source.origin) return undefined;
  const readers = app
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(mapping => mapping.target('EventSourceArn') === source.origin && mapping.boolean('Enabled') !== false);
  if (readers.length > STREAM_SOURCE.tableStreamReadersMax && readers[0] === source.mapping) {
    return {
      at: source.origin,
      property: 'StreamSpecification',
      must: `must have at most ${STREAM_SOURCE.tableStreamReadersMax} readers`,
      got: `${readers.length} (${nameList(readers.map(r => r.path))})`,
    };
  }
  return undefined;
}

function streamSettingsOutOfRange({ mapping }: EventSource): Found {
  return [
    outOfRange(mapping, 'MaximumRetryAttempts', UNLIMITED, STREAM_SOURCE.retryAttemptsMax),
    mapping.number('MaximumRecordAgeInSeconds') === UNLIMITED
      ? []
      : outOfRange(
        mapping,
        'MaximumRecordAgeInSeconds',
        STREAM_SOURCE.recordAgeMinSeconds,
        STREAM_SOURCE.recordAgeMaxSeconds,
      ),
    outOfRange(mapping, 'ParallelizationFactor', 1, STREAM_SOURCE.parallelizationMax),
    outOfRange(mapping, 'TumblingWindowInSeconds', 0, STREAM_SOURCE.tumblingWindowMaxSeconds),
  ].flat();
}

function fifoStreamDestination(source: EventSource): Found {
  const target = source.mapping.target(ON_FAILURE);
  const isFifoTarget = target?.boolean('FifoQueue') === true || target?.boolean('FifoTopic') === true;
  return asList(source.mapping.get(ON_FAILURE))
    .filter(value => isFifoTarget || /\.fifo$/.test(patternOf(value)))
    .map(got => ({ at: source.mapping, property: ON_FAILURE, must: 'must be a standard queue or topic', got }));
}

function eachStream(
  check: (source: EventSource, fn: LambdaFunction, app: AppGraph) => Found,
): (app: AppGraph) => Problem[] {
  return eachEventSource((source, fn, app) => (source.isStream ? check(source, fn, app) : undefined));
}

/** Checks streams and Kafka. */
function eachRecordSource(
  check: (source: EventSource, fn: LambdaFunction, app: AppGraph) => Found,
): (app: AppGraph) => Problem[] {
  return eachEventSource((source, fn, app) => (
    source.isStream || source.kind === 'kafka' ? check(source, fn, app) : undefined));
}

function isUnlimited(source: EventSource, property: string): boolean {
  return source.mapping.number(property, UNLIMITED) === UNLIMITED;
}

function isLimited(source: EventSource, property: string): boolean {
  const value = source.mapping.number(property, UNLIMITED);
  return value !== undefined && value !== UNLIMITED;
}
