import { App, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureBucket, FunctionTarget, IdempotencyStore, Profile, QueueConsumer, StreamConsumer, StreamSource } from '../../src';
import { settleFunction, tableWithStream } from '../support/event-consumers';
import { findingsOf } from '../support/findings';

const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true };
const STREAM_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const key = (stack: Stack) => new kms.Key(stack, 'Key', { enableKeyRotation: true });
const stream = (stack: Stack) => new kinesis.Stream(stack, 'Theirs', { encryptionKey: kms.Key.fromKeyArn(stack, 'StreamKey', STREAM_KEY) });
const secret = (stack: Stack) => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-AbCdEf');
const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/01234567-89ab-cdef-0123-456789abcdef-1';

/** Findings about constructs of the library, not about the user's streams, tables and keys. */
function findings(build: (stack: Stack) => void) {
  const { open, made, used } = findingsOf(props => {
    const app = new App(props);
    build(new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } }));
    return app;
  }, STRICT);
  const isOurs = ({ path }: { path: string }) => !/^Stack\/(Theirs|Table|Key)/.test(path);
  const isUsed = (a: { id: string; path: string }) => used.some(u => u.id === a.id && u.path === a.path);
  return { open: open.filter(isOurs), unused: made.filter(isOurs).filter(a => !isUsed(a)) };
}

test.each<[string, (stack: Stack) => void]>([
  ['a new queue', stack => new QueueConsumer(stack, 'Orders', { function: settleFunction(stack), maxConcurrency: 5 })],
  ['a FIFO queue', stack => new QueueConsumer(stack, 'Orders', { function: settleFunction(stack), fifo: true })],
  ['a queue with a key', stack => new QueueConsumer(stack, 'Orders', { function: settleFunction(stack), encryptionKey: key(stack) })],
  ['an existing queue', stack => new QueueConsumer(stack, 'Orders', { function: settleFunction(stack), queue: new sqs.Queue(stack, 'Mine', { enforceSSL: true }) })],
  ["a table's stream", stack => new StreamConsumer(stack, 'Changes', { function: settleFunction(stack), source: StreamSource.dynamoDb(tableWithStream(stack)) })],
  ['a Kinesis stream with its own bucket', stack => new StreamConsumer(stack, 'Changes', {
    function: settleFunction(stack), source: StreamSource.kinesis(stream(stack)), onFailure: new FailureBucket(stack, 'Records', { encryptionKey: key(stack) }),
  })],
  ['a topic of Amazon MSK', stack => new StreamConsumer(stack, 'Changes', { function: settleFunction(stack), source: StreamSource.managedKafka({ clusterArn, topic: 'orders' }) })],
  ['a topic of Amazon MSK with a consumer group', stack => new StreamConsumer(stack, 'Changes', {
    function: settleFunction(stack), source: StreamSource.managedKafka({ clusterArn, topic: 'orders', consumerGroupId: 'g' }),
  })],
  ['topics of Amazon MSK that are read by a function with a custom role', stack => {
    const role = new iam.Role(stack, 'TheirsToo', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const fn = settleFunction(stack, { role });
    for (const topic of ['orders', 'refunds']) {
      new StreamConsumer(stack, topic, { function: fn, source: StreamSource.managedKafka({ clusterArn, topic, consumerGroupId: 'g' }) });
    }
  }],
  ['a topic of self-managed Kafka', stack => new StreamConsumer(stack, 'Changes', {
    function: settleFunction(stack), source: StreamSource.selfManagedKafka({ bootstrapServers: ['kafka.example.com:9094'], topic: 'orders', secret: secret(stack) }),
  })],
  ['a rule and a schedule', stack => {
    const fn = settleFunction(stack);
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [FunctionTarget.forRule(fn)] });
    new scheduler.Schedule(stack, 'Schedule', { schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)), target: FunctionTarget.forSchedule(fn) });
  }],
  ['an idempotency store', stack => settleFunction(stack, { idempotency: new IdempotencyStore(stack, 'Store') })],
  ['an idempotency store with a key', stack => settleFunction(stack, { idempotency: new IdempotencyStore(stack, 'Store', { encryptionKey: key(stack) }) })],
])('%s has no open finding, and every acknowledgement matches one', (_, build) => {
  expect(findings(build)).toEqual({ open: [], unused: [] });
});

test('a store in a sandbox has no open finding', () => {
  const { open, unused } = findings(stack => {
    Profile.sandbox({ owner: 'ana' }).applyTo(stack);
    new IdempotencyStore(stack, 'Store');
  });
  expect([open, unused]).toEqual([[], []]);
});

test('a finding about another queue of the stack is still reported', () => {
  const { open } = findings(stack => {
    new QueueConsumer(stack, 'Orders', { function: settleFunction(stack) });
    new sqs.Queue(stack, 'Plain');
  });
  expect(open.map(({ path }) => path)).toEqual(expect.arrayContaining(['Stack/Plain/Resource']));
  expect(open.every(({ path }) => path === 'Stack/Plain/Resource')).toBe(true);
});
