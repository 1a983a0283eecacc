import { type CfnResource, Duration, Token, Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AppliedDefaults } from './applied-default';
import { type NewConstruct, supportScopeOf } from './defaults-injector';
import { LAMBDA, recommendedVisibilitySeconds, SQS, VISIBILITY_TIMEOUT_FACTOR } from '../aws';
import { DEFAULTS } from '../defaults';
import { referentOf } from '../private/event-sources';
import { definitionOf, timeoutSecondsOf } from '../private/function-definition';
import { knownSeconds } from '../private/tokens';
import { Profile } from '../profile/profile';

const D = DEFAULTS.QueueConsumer;
const DEAD_LETTERS = DEFAULTS.FailureQueue;
/** The sources with shards, whose batches can be bisected. */
const STREAMS = ['AWS::Kinesis::Stream', 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** The default of every queue. */
export function queueDefaults(props: Partial<sqs.QueueProps>, queue: NewConstruct): Partial<sqs.QueueProps> {
  return props.enforceSSL === undefined ? { enforceSSL: queue.apply('enforceSSL', D.enforceSSL.value, D.enforceSSL) } : {};
}

/** The defaults of an event source mapping, and of the queue that it reads. */
export function mappingDefaults(
  props: Partial<lambda.EventSourceMappingProps>, mapping: NewConstruct,
): Partial<lambda.EventSourceMappingProps> {
  const source = referentOf(props.eventSourceArn);
  if (source && props.target && isQueue(source)) {
    const window = props.maxBatchingWindow ? knownSeconds(props.maxBatchingWindow) : 0;
    completeQueue(source, props.target, window, mapping, props.enabled !== false);
  }
  if (!source || !STREAMS.includes(source.cfnResourceType) || props.bisectBatchOnError !== undefined) return {};
  const { bisectBatchOnError } = DEFAULTS.StreamConsumer;
  return { bisectBatchOnError: mapping.apply('bisectBatchOnError', bisectBatchOnError.value, bisectBatchOnError) };
}

/** Sets the visibility timeout and the dead-letter queue that a queue needs for a function. */
function completeQueue(queue: sqs.CfnQueue, target: lambda.IFunction, window: number | undefined, mapping: NewConstruct, enabled: boolean): void {
  const { path } = queue.node.scope!.node;
  const applied = AppliedDefaults.of(queue);
  const timeout = timeoutSecondsOf(target);
  if (timeout !== undefined && window !== undefined && !Token.isUnresolved(queue.visibilityTimeout)) {
    if (queue.visibilityTimeout === undefined || applied.has(path, 'visibilityTimeout')) {
      queue.visibilityTimeout = Math.max(recommendedVisibilitySeconds(timeout, window), queue.visibilityTimeout ?? SQS.visibilityUnsetSeconds);
      applied.record(path, 'visibilityTimeout', queue.visibilityTimeout, { ...D.visibilityTimeout, unit: 's' });
    } else {
      lowerTimeout(target, Math.floor((queue.visibilityTimeout - window) / VISIBILITY_TIMEOUT_FACTOR));
    }
  }
  // A disabled mapping is for a redrive by hand: the queue is a dead-letter queue itself.
  if (enabled && queue.redrivePolicy === undefined) addDeadLetterQueue(queue, mapping);
}

/** Lowers a timeout that ProductionDefaults set, but not below the default of Lambda. */
export function lowerTimeout(target: lambda.IFunction, maxSeconds: number): void {
  const definition = definitionOf(target);
  if (!definition || !AppliedDefaults.of(definition).has(definition.node.path, 'timeout')) return;
  const resource = definition.node.defaultChild as lambda.CfnFunction;
  resource.timeout = Math.max(LAMBDA.timeoutUnsetSeconds, Math.min(resource.timeout!, maxSeconds));
  AppliedDefaults.of(definition).record(definition.node.path, 'timeout', resource.timeout, DEFAULTS.ProductionFunction.timeoutSeconds);
}

function addDeadLetterQueue(queue: sqs.CfnQueue, mapping: NewConstruct): void {
  const owner = queue.node.scope!;
  const { path } = owner.node;
  const deadLetterQueue = new sqs.Queue(supportScopeOf(owner as sqs.Queue, 'DeadLetters', path), 'Queue', {
    fifo: queue.fifoQueue === true ? true : undefined,
    retentionPeriod: Duration.days(DEAD_LETTERS.retentionDays.value),
    enforceSSL: DEAD_LETTERS.enforceSSL.value,
    removalPolicy: Profile.of(mapping.scope).removalPolicy,
  });
  (deadLetterQueue.node.defaultChild as sqs.CfnQueue).kmsMasterKeyId = queue.kmsMasterKeyId;
  Validations.of(deadLetterQueue).acknowledge({
    id: 'Serverless::Serverless-SQSRedrivePolicy', reason: `it is the dead-letter queue of ${path} and needs none itself`,
  });
  queue.redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: D.maxReceiveCount.value };
  AppliedDefaults.of(queue).record(path, 'deadLetterQueue', D.maxReceiveCount.value, D.maxReceiveCount);
}

function isQueue(resource: CfnResource): resource is sqs.CfnQueue {
  return resource.cfnResourceType === 'AWS::SQS::Queue';
}
