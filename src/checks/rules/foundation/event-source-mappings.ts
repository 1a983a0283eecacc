import { EVENT_FILTER, QUEUE_SOURCE } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { asString, member } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachEventSource } from '../support/each';
import type { Found } from '../support/each';

const CONFIGURE = SOURCE.lambda('services-sqs-configure');
const ERRORS = SOURCE.lambda('services-sqs-errorhandling');

export const EVENT_SOURCE_MAPPINGS_RULES: Rule[] = [
  {
    id: 'LP-F38',
    category: 'foundation',
    severity: 'warning',
    title: 'One failure retries the whole batch',
    why: 'Without partial batch responses Lambda retries every message of a batch if one of them fails.',
    fix: 'set FunctionResponseTypes to ReportBatchItemFailures and return batchItemFailures from the handler',
    source: ERRORS,
    practice: true,
    evaluate: eachEventSource(noPartialBatchResponse),
  },
  {
    id: 'LP-F51',
    category: 'foundation',
    severity: 'warning',
    title: 'Event source mapping has more than five filters',
    why: 'The quota is five filters for each event source mapping, and can be raised to ten.',
    fix: 'merge the patterns, or request a quota increase and acknowledge this finding',
    source: SOURCE.lambda('invocation-eventfiltering'),
    evaluate: eachEventSource(tooManyFilters),
  },
  {
    id: 'LP-F52',
    category: 'foundation',
    severity: 'error',
    title: 'Filter uses a numeric operator on DynamoDB',
    why: 'DynamoDB represents numbers as strings, so a numeric operator never matches.',
    fix: 'filter on strings, or in the handler',
    source: SOURCE.lambda('with-ddb-filtering'),
    evaluate: eachEventSource(numericFilterOnDynamoDb),
  },
  {
    id: 'LP-F53',
    category: 'foundation',
    severity: 'warning',
    title: 'Filter is set on a queue with several consumers',
    why: 'Lambda deletes messages that do not match the filter. The other consumers never receive them.',
    fix: 'fan out with SNS or EventBridge to one queue for each consumer',
    source: SOURCE.lambda('invocation-eventfiltering'),
    evaluate: eachEventSource(filterOnSharedQueue),
  },
  {
    id: 'LP-F54',
    category: 'foundation',
    severity: 'error',
    title: 'Kafka metrics or logs are configured for another source',
    why: 'ErrorCount, KafkaMetrics and the log level of pollers are available for Kafka only.',
    fix: 'use EventCount',
    source: SOURCE.lambda('monitoring-metrics-types'),
    evaluate: eachEventSource(kafkaSettingOnOtherSource),
  },
  {
    id: 'LP-F81',
    category: 'foundation',
    severity: 'error',
    title: 'Batch size is too large for the queue',
    why:
      'A FIFO queue supports batches of 10 messages, a standard queue batches of 10,000. More than 10 '
      + 'messages require a batching window.',
    fix: 'lower BatchSize, or set MaximumBatchingWindowInSeconds to 1 or more on a standard queue',
    source: CONFIGURE,
    elsewhere: 'CDK throws without a window and reports E3705 for FIFO',
    evaluate: eachEventSource(batchTooLargeForQueue),
  },
  {
    id: 'LP-F82',
    category: 'foundation',
    severity: 'error',
    title: 'Batching window is set on a FIFO queue',
    why: 'FIFO queues do not support a batching window.',
    fix: 'remove it',
    source: CONFIGURE,
    evaluate: eachEventSource(windowOnFifoQueue),
  },
  {
    id: 'LP-F142',
    category: 'foundation',
    severity: 'info',
    title: 'Partial batch responses of a FIFO queue must keep the order',
    why:
      'After a failed message the handler must report all later messages of its group as failed too. Otherwise '
      + 'they are processed before the retry.',
    fix: 'stop at the first failure and report the rest, as the FIFO processor of Powertools does',
    source: ERRORS,
    evaluate: eachEventSource(partialBatchesOfFifo),
  },
];

function noPartialBatchResponse(source: EventSource, fn: LambdaFunction): Found {
  const reports = source.mapping.list('FunctionResponseTypes');
  if (
    (source.kind === 'sqs' || source.isStream)
    && source.batchSize !== undefined
    && source.batchSize > 1
    && !source.mapping.isUnknown('FunctionResponseTypes')
    && !reports.includes('ReportBatchItemFailures')
  ) {
    return {
      at: source.mapping,
      property: 'FunctionResponseTypes',
      must: `must contain ReportBatchItemFailures for batches of ${source.batchSize} to ${fn.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function partialBatchesOfFifo(source: EventSource): Found {
  const reports = source.mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures');
  return source.kind === 'sqs' && source.isFifo === true && reports && source.batchSize !== 1 && {
    at: source.mapping,
    property: 'FunctionResponseTypes',
    must: 'must be used by a handler that stops at the first failure of a group',
    got: 'ReportBatchItemFailures',
  };
}

function tooManyFilters(source: EventSource): Found {
  if (source.filters.length > EVENT_FILTER.patternsMax) {
    return {
      at: source.mapping,
      property: 'FilterCriteria.Filters',
      must: `must be at most ${EVENT_FILTER.patternsMax}`,
      got: source.filters.length,
    };
  }
  return undefined;
}

function numericFilterOnDynamoDb(source: EventSource): Found {
  if (source.kind !== 'dynamodb') return undefined;
  return source.filters.map((filter, i) => {
    const pattern = asString(member(filter, 'Pattern')) ?? '';
    return (
      /"numeric"\s*:/.test(pattern) && {
        at: source.mapping,
        property: `FilterCriteria.Filters.${i}.Pattern`,
        must: 'must not use numeric',
        got: pattern,
      }
    );
  });
}

function filterOnSharedQueue(source: EventSource, _: LambdaFunction, app: AppGraph): Found {
  if (source.kind !== 'sqs' || source.filters.length === 0 || !source.origin) return undefined;
  const others = app
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(other => other !== source.mapping && other.target('EventSourceArn') === source.origin)
    .filter(other => other.boolean('Enabled') !== false);
  if (others.length > 0) {
    return {
      at: source.mapping,
      property: 'FilterCriteria',
      must: `must not be set on ${source.origin.path}, which has other consumers`,
      got: others.map(other => other.path).join(', '),
    };
  }
  return undefined;
}

function kafkaSettingOnOtherSource(source: EventSource): Found {
  if (source.kind === 'kafka' || source.kind === 'unknown') return undefined;
  const { mapping, kind } = source;
  return [
    ...mapping
      .list('MetricsConfig.Metrics')
      .filter(metric => metric === 'ErrorCount' || metric === 'KafkaMetrics')
      .map(metric => ({
        at: mapping,
        property: 'MetricsConfig.Metrics',
        must: `must be EventCount for ${kind}`,
        got: metric,
      })),
    mapping.string('LoggingConfig.SystemLogLevel') !== undefined && {
      at: mapping,
      property: 'LoggingConfig.SystemLogLevel',
      must: `must not be set for ${kind}`,
      got: mapping.get('LoggingConfig.SystemLogLevel'),
    },
  ];
}

function batchTooLargeForQueue(source: EventSource): Found {
  const { batchSize, window, mapping } = source;
  if (source.kind !== 'sqs' || batchSize === undefined || window === undefined) return undefined;
  const most = source.isFifo || window < 1 ? QUEUE_SOURCE.batchMaxUnwindowed : QUEUE_SOURCE.batchMax;
  // the type of an imported queue with a FIFO name is not verified
  if ((source.origin !== undefined || !source.isFifo) && batchSize > most) {
    return {
      at: mapping,
      property: 'BatchSize',
      must: `must be at most ${most} ${source.isFifo ? 'on a FIFO queue' : `with a window of ${durationText(window)}`}`,
      got: batchSize,
    };
  }
  return undefined;
}

function windowOnFifoQueue(source: EventSource): Found {
  if (source.kind === 'sqs' && source.isFifo === true && (source.window ?? 0) > 0) {
    return {
      at: source.mapping,
      property: 'MaximumBatchingWindowInSeconds',
      must: 'must not be set on a FIFO queue',
      got: source.window,
    };
  }
  return undefined;
}
