import { Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CanaryAlias, QueueConsumer, type QueueConsumerProps } from '../../src';
import { settleFunction } from '../support/event-consumers';
import { newStack } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

function consume(props: Partial<QueueConsumerProps> = {}, stack = newStack()) {
  const fn = props.function ?? settleFunction(stack);
  return { stack, fn, consumer: new QueueConsumer(stack, 'Orders', { ...props, function: fn }) };
}
const refusal = (props: Partial<QueueConsumerProps>, stack: Stack) => () => consume(props, stack);
const problems = (stack: Stack) => () => Template.fromStack(stack);

describe('warns about', () => {
  const given = (props: sqs.QueueProps, stack: Stack) => consume({ queue: new sqs.Queue(stack, 'Mine', props) }, stack);
  test.each([[59, 1], [60, 0]])('shortVisibility at %i s', (seconds, warnings) => {
    const stack = newStack();
    given({ visibilityTimeout: Duration.seconds(seconds) }, stack);
    expect(warningsOf(stack).filter(w => w.includes('QueueConsumer.shortVisibility'))).toHaveLength(warnings);
    expect(warningsOf(stack)).toHaveLength(warnings);
  });

  test.each([[4, 1], [5, 0]])('fewReceives at %i receives', (maxReceiveCount, warnings) => {
    const own = consume({ maxReceiveCount });
    const other = newStack();
    given({ deadLetterQueue: { queue: new sqs.Queue(other, 'D', { retentionPeriod: Duration.days(14) }), maxReceiveCount } }, other);
    for (const stack of [own.stack, other]) expect(warningsOf(stack).filter(w => w.includes('QueueConsumer.fewReceives'))).toHaveLength(warnings);
  });

  test.each([[4, 4, 1], [4, 5, 0]])('deadLetterRetention if the queue retains messages for %i days and its dead-letter queue for %i', (kept, dead, warnings) => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'D', { retentionPeriod: Duration.days(dead) });
    given({ retentionPeriod: Duration.days(kept), deadLetterQueue: { queue, maxReceiveCount: 5 } }, stack);
    expect(warningsOf(stack).filter(w => w.includes('QueueConsumer.deadLetterRetention'))).toHaveLength(warnings);
  });

  test.each([[5, 0], [6, 1]])('manyFilters at %i patterns', (count, warnings) => {
    const filters = Array.from({ length: count }, (_, i) => lambda.FilterCriteria.filter({ body: { i: lambda.FilterRule.isEqual(i) } }));
    const { stack } = consume({ filters });
    expect(warningsOf(stack).filter(w => w.includes('QueueConsumer.manyFilters'))).toHaveLength(warnings);
  });

  test.each<[Partial<QueueConsumerProps>, number]>([
    [{}, 1], [{ maxConcurrency: 10 }, 0],
    [{ provisionedPollers: { maximumPollers: 2 } }, 1], [{ provisionedPollers: {} }, 1],
    [{ provisionedPollers: { maximumPollers: Token.asNumber(Fn.importValue('x')) } }, 0],
  ])('unboundedConcurrency with reserved concurrency: %j', (props, warnings) => {
    const stack = newStack();
    consume({ ...props, function: settleFunction(stack, { reservedConcurrentExecutions: 10 }) }, stack);
    expect(warningsOf(stack).filter(w => w.includes('QueueConsumer.unboundedConcurrency'))).toHaveLength(warnings);
  });

  test.each([[19, 1], [20, 0]])('unboundedConcurrency of 2 pollers with a reserved concurrency of %i', (reservedConcurrentExecutions, warnings) => {
    const stack = newStack();
    consume({ provisionedPollers: { maximumPollers: 2 }, function: settleFunction(stack, { reservedConcurrentExecutions }) }, stack);
    expect(warningsOf(stack).filter(w => w.includes('2 pollers invoke it up to 20 times concurrently'))).toHaveLength(warnings);
  });

  test('a visibility timeout that a later change of the function made too short', () => {
    const stack = newStack();
    const fn = settleFunction(stack);
    consume({ function: fn, queue: new sqs.Queue(stack, 'Mine', { visibilityTimeout: Duration.seconds(60) }) }, stack);
    (fn.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 11);
    expect(warningsOf(stack)).toEqual([expect.stringContaining('the visibility timeout of the queue is 1 minute, AWS recommends 66 seconds')]);
  });

  test('no visibility timeout if the timeout of the function is not known', () => {
    const stack = newStack();
    const timeout = Duration.seconds(Token.asNumber(Fn.importValue('x')));
    consume({ function: settleFunction(stack, { timeout }), queue: new sqs.Queue(stack, 'Mine', { visibilityTimeout: Duration.seconds(60) }) }, stack);
    expect(warningsOf(stack)).toEqual([expect.stringContaining('QueueConsumer.unknownTimeout')]);
  });
});

describe('fails when', () => {
  test.each<[Partial<QueueConsumerProps>, string]>([
    [{ batchSize: 0 }, "'batchSize' must be between 1 and 10, got 0; raise it (at Stack/Orders)"],
    [{ batchSize: 11 }, "'batchSize' must be between 1 and 10, got 11; more than 10 require a 'maxBatchingWindow' of at least 1 second (at Stack/Orders)"],
    [{ batchSize: 11, maxBatchingWindow: Duration.seconds(0) }, "'batchSize' must be between 1 and 10, got 11; more than 10 require a 'maxBatchingWindow' of at least 1 second (at Stack/Orders)"],
    [{ batchSize: 10_001, maxBatchingWindow: Duration.seconds(1) }, "'batchSize' must be between 1 and 10000, got 10001; lower it (at Stack/Orders)"],
    [{ batchSize: 11, fifo: true }, "'batchSize' must be between 1 and 10, got 11; a FIFO queue delivers no larger batches (at Stack/Orders)"],
    [{ maxBatchingWindow: Duration.seconds(301) }, "'maxBatchingWindow' must be between 0 seconds and 5 minutes, got 5 minutes 1 second; lower it (at Stack/Orders)"],
    [{ maxBatchingWindow: Duration.seconds(1), fifo: true }, "'maxBatchingWindow' must not be set with a FIFO queue, got both; leave it out (at Stack/Orders)"],
    [{ maxConcurrency: 1 }, "'maxConcurrency' must be between 2 and 1000, got 1; reserve concurrency on the function to get less than 2 (at Stack/Orders)"],
    [{ maxConcurrency: 1_001 }, "'maxConcurrency' must be between 2 and 1000, got 1001; lower it (at Stack/Orders)"],
    [{ maxConcurrency: 2, provisionedPollers: {} }, "'maxConcurrency' must not be set with 'provisionedPollers', got both; set 'maximumPollers' alone, each poller invokes up to 10 functions (at Stack/Orders)"],
    [{ provisionedPollers: { minimumPollers: 1 } }, "'provisionedPollers.minimumPollers' must be between 2 and 200, got 1; it is a number of pollers (at Stack/Orders)"],
    [{ provisionedPollers: { minimumPollers: 201 } }, "'provisionedPollers.minimumPollers' must be between 2 and 200, got 201; it is a number of pollers (at Stack/Orders)"],
    [{ provisionedPollers: { maximumPollers: 2_001 } }, "'provisionedPollers.maximumPollers' must be between 2 and 2000, got 2001; it is a number of pollers (at Stack/Orders)"],
    [{ provisionedPollers: { minimumPollers: 5, maximumPollers: 4 } }, "'provisionedPollers.minimumPollers' must be at most 'maximumPollers' (4), got 5; lower it (at Stack/Orders)"],
    [{ filters: [] }, "'filters' must have at least 1 pattern, got an empty list; leave it out to process all events (at Stack/Orders)"],
    [{ filters: Array.from({ length: 11 }, () => ({})) }, "'filters' must be between 1 and 10, got 11; patterns are alternatives: combine some of them (at Stack/Orders)"],
    [{ maxReceiveCount: 0 }, "'maxReceiveCount' must be between 1 and 1000, got 0; it is the number of receives of a message (at Stack/Orders)"],
    [{ maxReceiveCount: 1_001 }, "'maxReceiveCount' must be between 1 and 1000, got 1001; it is the number of receives of a message (at Stack/Orders)"],
    [{ retentionPeriod: Duration.seconds(59) }, "'retentionPeriod' must be between 1 minute and 14 days, got 59 seconds; raise it (at Stack/Orders)"],
    [{ retentionPeriod: Duration.days(14) }, "'retentionPeriod' must be below 14 days, got 14 days; the dead-letter queue must retain messages for longer, because a moved message keeps its age (at Stack/Orders)"],
  ])('%#: %j', (props, message) => {
    const stack = newStack();
    expect(refusal(props, stack)).toThrow(new Error(message));
    expect(stack.node.findChild('Orders').node.children).toEqual([]);
  });

  test.each<Partial<QueueConsumerProps>>([
    { batchSize: 1 }, { batchSize: 10 }, { batchSize: 10_000, maxBatchingWindow: Duration.seconds(1) }, { maxBatchingWindow: Duration.seconds(300) },
    { maxConcurrency: 2 }, { maxConcurrency: 1_000 },
    { provisionedPollers: { minimumPollers: 2, maximumPollers: 2_000 } }, { provisionedPollers: { minimumPollers: 200 } },
    { maxReceiveCount: 1 }, { maxReceiveCount: 1_000 }, { retentionPeriod: Duration.days(14).minus(Duration.seconds(1)) },
    { batchSize: Token.asNumber(Fn.importValue('x')) }, { maxConcurrency: Token.asNumber(Fn.importValue('x')) },
    { provisionedPollers: { minimumPollers: Token.asNumber(Fn.importValue('x')), maximumPollers: 3 } },
    { retentionPeriod: Duration.seconds(Token.asNumber(Fn.importValue('x'))) },
  ])('not when %#: %j', props => {
    const { stack } = consume(props);
    expect(problems(stack)).not.toThrow();
  });

  test.each<Partial<QueueConsumerProps>>([{ fifo: true }, { retentionPeriod: Duration.days(1) }])('a prop of the new queue is set with an existing queue: %j', props => {
    const stack = newStack();
    const [prop] = Object.keys(props);
    expect(refusal({ ...props, queue: new sqs.Queue(stack, 'Mine') }, stack)).toThrow(new Error(`'${prop}' must not be set with 'queue', got both; set it on the queue (at Stack/Orders)`));
  });

  test('maxReceiveCount is set with a queue that has a dead-letter queue', () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Mine', { deadLetterQueue: { queue: new sqs.Queue(stack, 'D'), maxReceiveCount: 5 } });
    expect(refusal({ queue, maxReceiveCount: 6 }, stack))
      .toThrow(new Error("'maxReceiveCount' must not be set with a queue that is imported or has a dead-letter queue, got both; set it on the queue (at Stack/Orders)"));
  });

  test.each([[true, 'FIFO', 'standard'], [undefined, 'standard', 'FIFO']])('the dead-letter queue is of the other type (FIFO %s)', (fifo, is, got) => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Mine', { fifo, deadLetterQueue: { queue: new sqs.Queue(stack, 'D', { fifo: fifo ? undefined : true }), maxReceiveCount: 5 } });
    expect(refusal({ queue }, stack)).toThrow(new Error(`the dead-letter queue of 'queue' must be ${is} like the queue, got ${got}; use the same type for both (at Stack/Orders)`));
  });

  test('the function already reads the queue', () => {
    const stack = newStack();
    const [fn, queue] = [settleFunction(stack), new sqs.Queue(stack, 'Mine')];
    fn.addEventSource(new sources.SqsEventSource(queue));
    expect(refusal({ function: fn, queue }, stack))
      .toThrow(new Error("'queue' must be read once by a function, got Stack/Mine, which Stack/Settle already reads; remove one of the two (at Stack/Orders)"));
  });

  test('the visibility timeout is overridden below the timeout', () => {
    const { stack, consumer } = consume();
    (consumer.queue.node.defaultChild as sqs.CfnQueue).addPropertyOverride('VisibilityTimeout', 9);
    expect(problems(stack)).toThrow('must be at least the function timeout of 10 seconds, got 9 seconds');
  });

  test.each([[9, true], [10, false]])('an existing queue has a visibility timeout of %i s and the function a timeout of 10 s', (seconds, fails) => {
    const stack = newStack();
    consume({ queue: new sqs.Queue(stack, 'Mine', { visibilityTimeout: Duration.seconds(seconds) }) }, stack);
    const expectation = expect(problems(stack));
    if (!fails) return expectation.not.toThrow();
    return expectation.toThrow("the visibility timeout of 'queue' must be at least the function timeout of 10 seconds, got 9 seconds, and Lambda would reject the mapping; raise it, or leave it out to have it computed");
  });

  test('a later change raises the timeout above the visibility timeout of an existing queue', () => {
    const stack = newStack();
    const { fn } = consume({ queue: new sqs.Queue(stack, 'Mine', { visibilityTimeout: Duration.seconds(60) }) }, stack);
    ((fn as ReturnType<typeof settleFunction>).definition.node.defaultChild as lambda.CfnFunction).timeout = 61;
    expect(problems(stack)).toThrow('must be at least the function timeout of 61 seconds');
  });

  test.each([[300, true], [301, false]])('a message is retained for %i s and its attempts take 5 minutes', (seconds, fails) => {
    const { stack } = consume({ retentionPeriod: Duration.seconds(seconds) });
    const expectation = expect(problems(stack));
    if (!fails) return expectation.not.toThrow();
    return expectation.toThrow('the queue must retain a message for longer than its attempts take (visibility timeout × receives = 5 minutes), got 5 minutes');
  });

  test.each([[29, true], [30, false]])('the reserved concurrency is %i for queues of 10 and 20', (reservedConcurrentExecutions, fails) => {
    const stack = newStack();
    const fn = settleFunction(stack, { reservedConcurrentExecutions });
    new QueueConsumer(stack, 'A', { function: fn, maxConcurrency: 10 });
    new QueueConsumer(stack, 'B', { function: new CanaryAlias(stack, 'Beta', { function: fn.definition, aliasName: 'beta' }), maxConcurrency: 20 });
    const expectation = expect(problems(stack));
    if (!fails) return expectation.not.toThrow();
    return expectation.toThrow("'reservedConcurrentExecutions' of the function must be at least the sum of 'maxConcurrency' over its queues (10 + 20 = 30), got 29");
  });
});
