import { isFifo, isRecord, isSwitchedOff, member, patternOf } from '../../graph';
import type { Resource, Value } from '../../graph';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { topicOf } from '../support/topic';

/** The targets that do work with the event. */
const TARGETS = new Set([
  'AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::SQS::Queue', 'AWS::SNS::Topic',
  'AWS::StepFunctions::StateMachine', 'AWS::StepFunctions::StateMachineAlias',
  'AWS::StepFunctions::StateMachineVersion', 'AWS::Kinesis::Stream', 'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Events::ApiDestination',
]);
/** The ARNs of such targets in other apps, and of the API calls of EventBridge Scheduler. */
const TARGET_ARN = /^arn:[^:]*:(lambda|sqs|sns|states|kinesis|firehose):|^arn:[^:]*:scheduler:::aws-sdk:/;

export const EVENT_TARGETS_RULES: Rule[] = [
  {
    id: 'LP-F138',
    category: 'foundation',
    severity: 'warning',
    title: 'Target of a rule or schedule has no dead-letter queue',
    why:
      'What EventBridge cannot deliver within its retries, because of a permission or a throttle, is lost. '
      + 'The on-failure destination of the function does not receive it.',
    fix: 'set DeadLetterConfig on the target',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
    elsewhere: 'cdk-nag Serverless: EventBusDLQ',
    practice: true,
    evaluate: each(['AWS::Events::Rule', 'AWS::Scheduler::Schedule'], targetWithoutDeadLetterQueue),
  },
  {
    id: 'LP-F170',
    category: 'foundation',
    severity: 'error',
    title: 'Dead-letter queue of a target or subscription has an unsupported type',
    why:
      'EventBridge delivers to standard SQS queues only, and an SNS subscription to a queue of the type of its topic. '
      + 'The deployment fails, or the events that cannot be delivered are lost.',
    fix: 'use a standard SQS queue, or a FIFO queue for a subscription of a FIFO queue to a FIFO topic',
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html',
    evaluate: app => [
      ...each(['AWS::Events::Rule', 'AWS::Scheduler::Schedule'], unsupportedQueueOfTarget)(app),
      ...each('AWS::SNS::Subscription', unsupportedQueueOfSubscription)(app),
    ],
  },
];

function targetWithoutDeadLetterQueue(source: Resource): Found {
  if (isSwitchedOff(source)) return undefined;
  if (source.type === 'AWS::Scheduler::Schedule') {
    return loses(source, source.get('Target')) && problem(source, 'Target.DeadLetterConfig');
  }
  return source.list('Targets').map((target, i) => (
    loses(source, target) && problem(source, `Targets.${i}.DeadLetterConfig`)));
}

function loses(source: Resource, target: Value): boolean {
  if (!isRecord(target) || member(target, 'DeadLetterConfig') !== undefined) return false;
  const arn = member(target, 'Arn');
  const resource = source.template.app.resourceOf(arn, source);
  return resource === undefined ? TARGET_ARN.test(patternOf(arn)) : TARGETS.has(resource.type);
}

function problem(at: Resource, property: string): Problem {
  return { at, property, must: 'must name a dead-letter queue', got: undefined };
}

function unsupportedQueueOfTarget(source: Resource): Found {
  const isRule = source.type === 'AWS::Events::Rule';
  const targets = isRule ? source.list('Targets').map((_, i) => `Targets.${i}`) : ['Target'];
  return targets.map(target => unsupported(source, `${target}.DeadLetterConfig.Arn`, 'standard'));
}

function unsupportedQueueOfSubscription(subscription: Resource): Found {
  const { app } = subscription.template;
  const topic = app.resourceOf(subscription.get('TopicArn'), subscription, 'AWS::SNS::Topic');
  const endpoint = app.resourceOf(subscription.get('Endpoint'), subscription, 'AWS::SQS::Queue');
  // a FIFO topic also delivers to standard queues
  const isFifoQueue = endpoint !== undefined && isFifo(endpoint) === true;
  const type = topic && isFifo(topic) === false ? 'standard' : isFifoQueue ? 'FIFO' : undefined;
  return unsupported(subscription, 'RedrivePolicy.deadLetterTargetArn', type);
}

/** An SNS topic, or a queue of another type than the supported one if that is known. */
function unsupported(at: Resource, property: string, type: 'standard' | 'FIFO' | undefined): Problem | undefined {
  const value = at.get(property);
  const must = `must be a ${type === undefined ? '' : `${type} `}queue`;
  const topic = topicOf(value, at);
  if (topic !== undefined) return { at, property, must, got: `${topic} (SNS topic)` };
  const queue = at.template.app.resourceOf(value, at, 'AWS::SQS::Queue');
  const arn = patternOf(value);
  const fifo = queue ? isFifo(queue) : /^arn:[^:]*:sqs:.*\.fifo$/.test(arn) || undefined;
  const actual = fifo === undefined ? undefined : fifo ? 'FIFO' : 'standard';
  const differs = type !== undefined && actual !== undefined && actual !== type;
  return differs ? { at, property, must, got: `${queue?.path ?? arn} (${actual})` } : undefined;
}
