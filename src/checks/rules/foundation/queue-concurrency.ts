import { QUEUE_SOURCE } from '../../../aws';
import { touchesDatabase } from '../../graph';
import type { EventSource, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachEventSource, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { knownSum } from '../support/known-sum';
import { outOfRange } from '../support/out-of-range';

const CONFIGURE = SOURCE.lambda('services-sqs-configure');
const SCALING = SOURCE.lambda('services-sqs-scaling');

export const QUEUE_CONCURRENCY_RULES: Rule[] = [
  {
    id: 'LP-F39',
    category: 'foundation',
    severity: 'warning',
    title: 'Queue consumer opens an unlimited number of database connections',
    why: 'The event source mapping scales to 1,250 concurrent batches, and each batch opens a connection.',
    fix: 'set ScalingConfig.MaximumConcurrency, or reserve concurrency',
    source: SCALING,
    evaluate: eachEventSource(unboundedDatabaseConnections),
  },
  {
    id: 'LP-F40',
    category: 'foundation',
    severity: 'error',
    title: 'Maximum concurrency of the queues exceeds reserved concurrency',
    why: 'Invocations above the reserved concurrency are throttled, and each throttle counts as a receive.',
    fix: 'reserve at least the sum, or lower MaximumConcurrency',
    source: SCALING,
    evaluate: eachFunction(queuesAboveReserved),
  },
  {
    id: 'LP-F41',
    category: 'foundation',
    severity: 'warning',
    title: 'Fewer than five concurrent executions are reserved for a queue consumer',
    why: 'The event source mapping starts with five concurrent batches. A throttled batch counts as a receive.',
    fix: 'reserve 5 or more, or limit the event source mapping with MaximumConcurrency',
    source: CONFIGURE,
    practice: true,
    evaluate: eachFunction(reservedTooLowForQueue),
  },
  {
    id: 'LP-F42',
    category: 'foundation',
    severity: 'error',
    title: 'Event source mapping has provisioned pollers and a maximum concurrency',
    why: 'The two settings are mutually exclusive.',
    fix: 'remove one of them; provisioned pollers limit the concurrency too',
    source: SCALING,
    elsewhere: 'CDK throws for its own event sources',
    evaluate: eachEventSource(pollersWithMaximumConcurrency),
  },
  {
    id: 'LP-F43',
    category: 'foundation',
    severity: 'error',
    title: 'Number of provisioned pollers is out of range',
    why: 'The event source mapping of a queue has at most 10,000 pollers.',
    fix: 'lower it',
    source: SCALING,
    elsewhere: 'CDK throws above 2,000; the API accepts 10,000 (use an override)',
    evaluate: eachEventSource(pollersOutOfRange),
  },
  {
    id: 'LP-F80',
    category: 'foundation',
    severity: 'error',
    title: 'Maximum concurrency of the event source mapping is out of range',
    why: 'The event source mapping of a queue supports a maximum concurrency of 2 to 1,000.',
    fix: 'choose a value in range, or reserve concurrency on the function',
    source: SCALING,
    elsewhere: 'CDK throws for its own event sources; F3034',
    evaluate: eachEventSource(maximumConcurrencyOutOfRange),
  },
];

function unboundedDatabaseConnections(source: EventSource, fn: LambdaFunction): Found {
  if (
    source.kind === 'sqs'
    && source.mapping.lacks('ScalingConfig.MaximumConcurrency')
    && fn.resource.lacks('ReservedConcurrentExecutions')
    && touchesDatabase(fn)
  ) {
    return {
      at: source.mapping,
      property: 'ScalingConfig.MaximumConcurrency',
      must: `must limit the database connections of ${fn.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function queuesAboveReserved(fn: LambdaFunction): Found {
  const limited = fn.sources.filter(
    source => source.kind === 'sqs' && !source.mapping.lacks('ScalingConfig.MaximumConcurrency'),
  );
  const total = knownSum(limited.map(source => source.mapping.number('ScalingConfig.MaximumConcurrency')));
  const paths = limited.map(({ mapping }) => mapping.path).join(', ');
  if (fn.reserved !== undefined && fn.reserved > 0 && total !== undefined && total > fn.reserved) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: `must be at least ${total} (the sum of MaximumConcurrency of ${paths})`,
      got: fn.reserved,
    };
  }
  return undefined;
}

function reservedTooLowForQueue(fn: LambdaFunction): Found {
  if (
    fn.reserved !== undefined
    && fn.reserved > 0
    && fn.reserved < QUEUE_SOURCE.reservedConcurrencyRecommended
    && fn.sources.some(source => source.kind === 'sqs')
  ) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: `must be at least ${QUEUE_SOURCE.reservedConcurrencyRecommended} for a queue consumer`,
      got: fn.reserved,
    };
  }
  return undefined;
}

function pollersWithMaximumConcurrency(source: EventSource): Found {
  if (
    !source.mapping.lacks('ProvisionedPollerConfig')
    && !source.mapping.isUnknown('ProvisionedPollerConfig')
    && source.mapping.number('ScalingConfig.MaximumConcurrency') !== undefined
  ) {
    return {
      at: source.mapping,
      property: 'ScalingConfig.MaximumConcurrency',
      must: 'must not be set beside ProvisionedPollerConfig',
      got: source.mapping.get('ScalingConfig.MaximumConcurrency'),
    };
  }
  return undefined;
}

function pollersOutOfRange(source: EventSource): Found {
  if (source.kind !== 'sqs') return undefined;
  return outOfRange(source.mapping, 'ProvisionedPollerConfig.MaximumPollers', 1, QUEUE_SOURCE.pollersMaxOfApi);
}

function maximumConcurrencyOutOfRange(source: EventSource): Found {
  if (source.kind !== 'sqs') return undefined;
  return outOfRange(
    source.mapping,
    'ScalingConfig.MaximumConcurrency',
    QUEUE_SOURCE.concurrencyMin,
    QUEUE_SOURCE.concurrencyMax,
  );
}
