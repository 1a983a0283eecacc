import { MAX_RECEIVE_COUNT_RECOMMENDED, QUEUE_SOURCE, SQS, VISIBILITY_TIMEOUTS, visibilitySeconds } from '../../../limits';
import { isFifo, isRecord, member, sum, touchesDatabase } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction, Resource } from '../../graph';
import { each, eachFunction, eachSource } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { outside } from './failure';

const CONFIGURE = SOURCE.lambda('services-sqs-configure');
const ERRORS = SOURCE.lambda('services-sqs-errorhandling');
const SCALING = SOURCE.lambda('services-sqs-scaling');

/** Queues in front of functions. */
export const QUEUE_RULES: Rule[] = [
  {
    id: 'LP-F31',
    article: 'foundation',
    severity: 'error',
    title: 'the queue hides messages for less than the timeout',
    why: 'Lambda refuses the mapping: a message would come back while it is still worked on',
    fix: 'raise it to six times the timeout',
    source: CONFIGURE,
    elsewhere: 'CDK and cfn-lint: E3505, not through an alias',
    evaluate: eachQueue((queue, source, fn) => {
      const visibility = visibilityOf(queue);
      return fn.timeout !== undefined && visibility !== undefined && visibility < fn.timeout
        && { at: queue, property: 'VisibilityTimeout', must: `must be at least ${fn.timeout} s (the timeout of ${fn.path})`, got: visibility, fix: advice(fn, source) };
    }),
  },
  {
    id: 'LP-F32',
    article: 'foundation',
    severity: 'warning',
    title: 'the queue hides messages for less than six timeouts',
    why: 'AWS advises 6 × timeout + batching window, so that throttled batches are not delivered twice',
    fix: 'raise it to six times the timeout',
    source: CONFIGURE,
    evaluate: eachQueue((queue, source, fn) => {
      const visibility = visibilityOf(queue);
      if (fn.timeout === undefined || source.window === undefined || visibility === undefined || visibility < fn.timeout) return undefined;
      const wanted = visibilitySeconds(fn.timeout, source.window);
      const must = `must be at least ${wanted} s (${VISIBILITY_TIMEOUTS} × ${fn.timeout} s of ${fn.path} + window of ${source.window} s)`;
      return visibility < wanted && { at: queue, property: 'VisibilityTimeout', must, got: visibility, fix: advice(fn, source) };
    }),
  },
  {
    id: 'LP-F33',
    article: 'foundation',
    severity: 'error',
    title: 'visibility timeout out of range',
    why: 'SQS hides a message for 0 to 43,200 s',
    fix: 'choose a value in range, and a shorter timeout for the function',
    source: CONFIGURE,
    elsewhere: 'CDK throws for its own queues',
    evaluate: each('AWS::SQS::Queue', queue => outside(queue, 'VisibilityTimeout', 0, SQS.visibilityMaxSeconds)),
  },
  {
    id: 'LP-F34',
    article: 'foundation',
    severity: 'error',
    title: 'no dead-letter queue behind the source queue',
    why: 'a message that always fails comes back until its retention ends, and then it is gone',
    fix: 'give the queue a dead-letter queue with maxReceiveCount 5',
    source: ERRORS,
    elsewhere: 'cdk-nag: AwsSolutions-SQS3, Serverless-SQSRedrivePolicy',
    practice: true,
    evaluate: eachQueue((queue, _, __, app) => queue.lacks('RedrivePolicy') && !mayTakeDeadLetters(app, queue)
      && { at: queue, property: 'RedrivePolicy', must: 'must name a dead-letter queue', got: undefined }),
  },
  {
    id: 'LP-F35',
    article: 'foundation',
    severity: 'warning',
    title: 'messages are given up after fewer than five receives',
    why: 'a throttled invocation is a receive too, so that a burst sends good messages to the dead-letter queue',
    fix: 'raise maxReceiveCount to 5',
    source: ERRORS,
    practice: true,
    evaluate: eachQueue(queue => {
      const count = queue.number('RedrivePolicy.maxReceiveCount');
      return count !== undefined && count < MAX_RECEIVE_COUNT_RECOMMENDED
        && { at: queue, property: 'RedrivePolicy.maxReceiveCount', must: `must be at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`, got: count };
    }),
  },
  {
    id: 'LP-F36',
    article: 'foundation',
    severity: 'error',
    title: 'FIFO and standard mixed in a redrive',
    why: 'the dead-letter queue of a FIFO queue must be FIFO, that of a standard queue standard',
    fix: 'give both the same type',
    source: SOURCE.lambda('services-sqs-errorhandling'),
    elsewhere: 'CDK and cfn-lint: E3502',
    evaluate: each('AWS::SQS::Queue', queue => {
      const dead = deadLetterOf(queue);
      const [a, b] = [isFifo(queue), dead && isFifo(dead)];
      return dead && a !== undefined && b !== undefined && a !== b
        && { at: queue, property: 'RedrivePolicy.deadLetterTargetArn', must: `must be ${a ? 'FIFO' : 'standard'} like the queue`, got: `${dead.path} (${b ? 'FIFO' : 'standard'})` };
    }),
  },
  {
    id: 'LP-F37',
    article: 'foundation',
    severity: 'warning',
    title: 'the dead-letter queue keeps messages no longer than the source',
    why: 'the age of a message counts from its first queue: what dies late is deleted at once',
    fix: 'raise it to 1209600 (14 days)',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
    practice: true,
    evaluate: each('AWS::SQS::Queue', queue => {
      const dead = deadLetterOf(queue);
      const [source, kept] = [queue, dead].map(q => q?.number('MessageRetentionPeriod', SQS.retentionUnsetSeconds));
      return dead && isFifo(queue) === false && source !== undefined && kept !== undefined && kept <= source && source < SQS.retentionMaxSeconds
        && { at: dead, property: 'MessageRetentionPeriod', must: `must be above ${source} s (the retention of ${queue.path})`, got: kept };
    }),
  },
  {
    id: 'LP-F38',
    article: 'foundation',
    severity: 'warning',
    title: 'one failure repeats the whole batch',
    why: 'without partial batch responses every message of the batch is delivered again when one fails',
    fix: 'set FunctionResponseTypes to ReportBatchItemFailures and return batchItemFailures from the handler',
    source: ERRORS,
    practice: true,
    evaluate: eachSource((source, fn) => {
      const reports = source.mapping.list('FunctionResponseTypes');
      return (source.kind === 'sqs' || source.isStream) && source.batchSize !== undefined && source.batchSize > 1
        && !source.mapping.isUnknown('FunctionResponseTypes') && !reports.includes('ReportBatchItemFailures')
        && { at: source.mapping, property: 'FunctionResponseTypes', must: `must have ReportBatchItemFailures for batches of ${source.batchSize} to ${fn.path}`, got: undefined };
    }),
  },
  {
    id: 'LP-F39',
    article: 'foundation',
    severity: 'warning',
    title: 'a queue may open any number of database connections',
    why: 'the mapping goes up to 1,250 batches at once, and each is a connection',
    fix: 'set ScalingConfig.MaximumConcurrency, or a reserved concurrency',
    source: SCALING,
    evaluate: eachSource((source, fn) => source.kind === 'sqs' && source.mapping.lacks('ScalingConfig.MaximumConcurrency')
      && fn.resource.lacks('ReservedConcurrentExecutions') && touchesDatabase(fn)
      && { at: source.mapping, property: 'ScalingConfig.MaximumConcurrency', must: `must bound what ${fn.path} opens on its database`, got: undefined }),
  },
  {
    id: 'LP-F40',
    article: 'foundation',
    severity: 'error',
    title: 'queues may use more concurrency than is reserved',
    why: 'what is above the reserved concurrency is throttled and counts as a receive',
    fix: 'reserve at least the sum, or lower MaximumConcurrency',
    source: SCALING,
    evaluate: eachFunction(fn => {
      const limited = fn.sources.filter(source => source.kind === 'sqs' && !source.mapping.lacks('ScalingConfig.MaximumConcurrency'));
      const total = sum(limited.map(source => source.mapping.number('ScalingConfig.MaximumConcurrency')));
      return fn.reserved !== undefined && fn.reserved > 0 && total !== undefined && total > fn.reserved
        && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: `must be at least ${total} (the sum of MaximumConcurrency of ${limited.map(s => s.mapping.path).join(', ')})`, got: fn.reserved };
    }),
  },
  {
    id: 'LP-F41',
    article: 'foundation',
    severity: 'warning',
    title: 'less than five reserved behind a queue',
    why: 'the mapping starts with five batches at once; what is throttled counts as a receive',
    fix: 'reserve 5 or more, or bound the mapping with MaximumConcurrency',
    source: CONFIGURE,
    practice: true,
    evaluate: eachFunction(fn => fn.reserved !== undefined && fn.reserved > 0 && fn.reserved < QUEUE_SOURCE.reservedConcurrencyRecommended && fn.sources.some(source => source.kind === 'sqs')
      && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: `must be at least ${QUEUE_SOURCE.reservedConcurrencyRecommended} behind a queue`, got: fn.reserved }),
  },
  {
    id: 'LP-F42',
    article: 'foundation',
    severity: 'error',
    title: 'provisioned pollers with a maximum concurrency',
    why: 'a mapping has either of them',
    fix: 'remove one; provisioned pollers bound the concurrency too',
    source: SCALING,
    elsewhere: 'CDK throws for its own event sources',
    evaluate: eachSource(source => !source.mapping.lacks('ProvisionedPollerConfig') && !source.mapping.isUnknown('ProvisionedPollerConfig') && source.mapping.number('ScalingConfig.MaximumConcurrency') !== undefined
      && { at: source.mapping, property: 'ScalingConfig.MaximumConcurrency', must: 'must not be set beside ProvisionedPollerConfig', got: source.mapping.get('ScalingConfig.MaximumConcurrency') }),
  },
  {
    id: 'LP-F43',
    article: 'foundation',
    severity: 'error',
    title: 'provisioned pollers out of range',
    why: 'a mapping of a queue has at most 10,000 pollers',
    fix: 'lower it',
    source: SCALING,
    elsewhere: 'CDK throws above 2,000; the API takes 10,000 (use an override)',
    evaluate: eachSource(source => (source.kind === 'sqs' ? outside(source.mapping, 'ProvisionedPollerConfig.MaximumPollers', 1, QUEUE_SOURCE.pollersMaxOfApi) : undefined)),
  },
  {
    id: 'LP-F80',
    article: 'foundation',
    severity: 'error',
    title: 'maximum concurrency out of range',
    why: 'a mapping of a queue takes 2 to 1,000',
    fix: 'choose a value in range, or reserve concurrency on the function',
    source: SCALING,
    elsewhere: 'CDK throws for its own event sources; F3034',
    evaluate: eachSource(source => (source.kind === 'sqs'
      ? outside(source.mapping, 'ScalingConfig.MaximumConcurrency', QUEUE_SOURCE.concurrencyMin, QUEUE_SOURCE.concurrencyMax) : undefined)),
  },
  {
    id: 'LP-F81',
    article: 'foundation',
    severity: 'error',
    title: 'batch too large for the queue',
    why: 'a FIFO queue gives 10 messages at most; a standard queue 10,000, and above 10 only with a batching window',
    fix: 'lower BatchSize, or set MaximumBatchingWindowInSeconds to 1 or more on a standard queue',
    source: CONFIGURE,
    elsewhere: 'CDK throws without a window and reports E3705 for FIFO',
    evaluate: eachSource(source => {
      const { batchSize, window, mapping } = source;
      if (source.kind !== 'sqs' || batchSize === undefined || window === undefined) return undefined;
      const most = source.isFifo ? QUEUE_SOURCE.batchMaxUnwindowed : window >= 1 ? QUEUE_SOURCE.batchMax : QUEUE_SOURCE.batchMaxUnwindowed;
      // an imported queue may be either
      return (source.origin !== undefined || !source.isFifo) && batchSize > most
        && { at: mapping, property: 'BatchSize', must: `must be at most ${most} ${source.isFifo ? 'on a FIFO queue' : `with a window of ${window} s`}`, got: batchSize };
    }),
  },
  {
    id: 'LP-F82',
    article: 'foundation',
    severity: 'error',
    title: 'a batching window on a FIFO queue',
    why: 'FIFO queues have no batching window',
    fix: 'remove it',
    source: CONFIGURE,
    evaluate: eachSource(source => source.kind === 'sqs' && source.isFifo === true && (source.window ?? 0) > 0
      && { at: source.mapping, property: 'MaximumBatchingWindowInSeconds', must: 'must not be set on a FIFO queue', got: source.window }),
  },
  {
    id: 'LP-F53',
    article: 'foundation',
    severity: 'warning',
    title: 'a filter on a queue with several consumers',
    why: 'a message that does not match is deleted, and the other consumer never sees it',
    fix: 'fan out with SNS or EventBridge to one queue for each consumer',
    source: SOURCE.lambda('invocation-eventfiltering'),
    evaluate: eachSource((source, _, app) => {
      if (source.kind !== 'sqs' || source.filters.length === 0 || !source.origin) return undefined;
      const others = app.ofType('AWS::Lambda::EventSourceMapping').filter(other => other !== source.mapping && other.target('EventSourceArn') === source.origin);
      return others.length > 0
        && { at: source.mapping, property: 'FilterCriteria', must: `must not be set on ${source.origin.path}, which others read`, got: others.map(other => other.path).join(', ') };
    }),
  },
];

type QueueCheck = (queue: Resource, source: EventSource, fn: LambdaFunction, app: AppGraph) => ReturnType<Parameters<typeof eachSource>[0]>;

function eachQueue(check: QueueCheck): (app: AppGraph) => ReturnType<Rule['evaluate']> {
  return eachSource((source, fn, app) => (source.kind === 'sqs' && source.origin ? check(source.origin, source, fn, app) : undefined));
}

/** What dies there has died before: nobody keeps a third queue for it. A neighbour's unknown queue may be this one. */
function mayTakeDeadLetters(app: AppGraph, queue: Resource): boolean {
  return app.ofType('AWS::SQS::Queue').some(other => deadLetterOf(other) === queue || (other !== queue && other.template === queue.template
    && (other.isUnknown('RedrivePolicy') || other.isUnknown('RedrivePolicy.deadLetterTargetArn'))));
}

function visibilityOf(queue: Resource): number | undefined {
  return queue.number('VisibilityTimeout', SQS.visibilityUnsetSeconds);
}

function advice(fn: LambdaFunction, source: EventSource): string {
  return `raise it to ${visibilitySeconds(fn.timeout ?? 0, source.window ?? 0)} or lower the timeout`;
}

function deadLetterOf(queue: Resource): Resource | undefined {
  const policy = queue.get('RedrivePolicy');
  return isRecord(policy) ? queue.template.app.resourceOf(member(policy, 'deadLetterTargetArn'), queue, 'AWS::SQS::Queue') : undefined;
}
