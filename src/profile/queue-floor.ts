import { type CfnResource, Duration, Token, Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { type Place, roomFor } from './floor';
import { Given } from './given-default';
import { Profile } from './profile';
import { DEFAULTS, LAMBDA, SQS, visibilitySeconds, VISIBILITY_TIMEOUTS } from '../limits';
import { referentOf } from '../private/event-sources';
import { definitionOf, timeoutSecondsOf } from '../private/function-definition';

const D = DEFAULTS.QueueConsumer;
const DEAD = DEFAULTS.FailureQueue;
/** Sources whose mapping has a shard to bisect. */
const STREAMS = ['AWS::Kinesis::Stream', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** What a plain queue lacks wherever it stands. */
export function missingOfQueue(given: Partial<sqs.QueueProps>, place: Place): Partial<sqs.QueueProps> {
  return given.enforceSSL === undefined ? { enforceSSL: place.give('enforceSSL', D.enforceSSL.value, D.enforceSSL) } : {};
}

/** What a mapping lacks, and the queue that it reads from: only now is known that the queue feeds a function. */
export function missingOfMapping(given: Partial<lambda.EventSourceMappingProps>, place: Place): Partial<lambda.EventSourceMappingProps> {
  const source = referentOf(given.eventSourceArn);
  if (source && given.target && isQueue(source)) settleQueue(source, given.target, seconds(given.maxBatchingWindow), place);
  if (!source || !STREAMS.includes(source.cfnResourceType) || given.bisectBatchOnError !== undefined) return {};
  const { bisectBatchOnError } = DEFAULTS.StreamConsumer;
  return { bisectBatchOnError: place.give('bisectBatchOnError', bisectBatchOnError.value, bisectBatchOnError) };
}

function settleQueue(queue: sqs.CfnQueue, target: lambda.IFunction, window: number | undefined, place: Place): void {
  const owner = queue.node.scope!;
  const given = Given.of(queue);
  const timeout = timeoutSecondsOf(target);
  if (timeout !== undefined && window !== undefined && !Token.isUnresolved(queue.visibilityTimeout)) {
    const wanted = visibilitySeconds(timeout, window);
    if (queue.visibilityTimeout === undefined || given.has(owner.node.path, 'visibilityTimeout')) {
      queue.visibilityTimeout = Math.max(wanted, queue.visibilityTimeout ?? SQS.visibilityUnsetSeconds);
      given.note(owner.node.path, 'visibilityTimeout', queue.visibilityTimeout, { ...D.visibilityTimeout, unit: 's' });
    } else {
      fitTimeout(target, Math.floor((queue.visibilityTimeout - window) / VISIBILITY_TIMEOUTS));
    }
  }
  if (queue.redrivePolicy === undefined) giveDeadLetterQueue(queue, place);
}

/** Takes a timeout that is ours down to what leaves room for six of them, never below what the function had before. */
export function fitTimeout(target: lambda.IFunction, most: number): void {
  const definition = definitionOf(target);
  if (!definition || !Given.of(definition).has(definition.node.path, 'timeout')) return;
  const resource = definition.node.defaultChild as lambda.CfnFunction;
  resource.timeout = Math.max(LAMBDA.timeoutUnsetSeconds, Math.min(resource.timeout!, most));
  Given.of(definition).note(definition.node.path, 'timeout', resource.timeout, DEFAULTS.ProductionFunction.timeoutSeconds);
}

function giveDeadLetterQueue(queue: sqs.CfnQueue, place: Place): void {
  const owner = queue.node.scope!;
  const { path } = owner.node;
  const dead = new sqs.Queue(roomFor(owner as never, 'DeadLetters', path), 'Queue', {
    fifo: queue.fifoQueue === true ? true : undefined,
    retentionPeriod: Duration.days(DEAD.retentionDays.value),
    enforceSSL: DEAD.enforceSSL.value,
    removalPolicy: Profile.of(place.scope).removalPolicy,
  });
  (dead.node.defaultChild as sqs.CfnQueue).kmsMasterKeyId = queue.kmsMasterKeyId;
  Validations.of(dead).acknowledge({ id: 'Serverless::Serverless-SQSRedrivePolicy', reason: `it is the end of the line itself: the dead-letter queue of ${path}` });
  queue.redrivePolicy = { deadLetterTargetArn: dead.queueArn, maxReceiveCount: D.maxReceiveCount.value };
  Given.of(queue).note(path, 'deadLetterQueue', D.maxReceiveCount.value, D.maxReceiveCount);
}

function isQueue(resource: CfnResource): resource is sqs.CfnQueue {
  return resource.cfnResourceType === 'AWS::SQS::Queue';
}

/** No window is a window of 0 s; a token is not known. */
function seconds(duration: Duration | undefined): number | undefined {
  if (duration === undefined) return 0;
  return duration.isUnresolved() ? undefined : duration.toSeconds();
}
