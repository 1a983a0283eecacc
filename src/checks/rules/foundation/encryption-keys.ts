import { asList, hasUnknown, isRecord, member, patternOf, Unknown } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import type { Problem, Rule } from '../rule';
import { isUsable, keyOf } from '../support/key-policies';

export const ENCRYPTION_KEYS_RULES: Rule[] = [
  {
    id: 'LP-F101',
    category: 'foundation',
    severity: 'error',
    title: 'Service is not allowed to use the KMS key of a queue or topic',
    why:
      'A service that sends to an encrypted queue or topic needs kms:GenerateDataKey and kms:Decrypt on its key. '
      + 'Without them its messages are lost: an alarm sends no notification, a dead-letter queue receives no event.',
    fix:
      'use a customer managed key whose policy allows both actions to the service, or the encryption of SQS or SNS '
      + 'itself',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
    evaluate: keysNotUsable,
  },
];

const ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];
const MANAGED_KEY = /(?:^|:)(alias\/aws\/(?:sqs|sns))$/;

/** A service that sends to a queue or topic, by a property of a resource. */
interface Delivery {
  readonly from: Resource;
  readonly property: string;
  readonly to: Value;
  readonly service: string;
}

function* keysNotUsable(app: AppGraph): Iterable<Problem> {
  for (const { from, property, to, service } of deliveriesOf(app)) {
    const target = app.resourceOf(to, from, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
    const reason = target && keyProblem(target, service, app);
    if (reason === undefined) continue;
    const must = `must be encrypted with a key that ${service} may use`;
    yield { at: from, property, must, got: `${target!.path} with ${reason}` };
  }
}

function* deliveriesOf(app: AppGraph): Iterable<Delivery> {
  for (const rule of app.ofType('AWS::Events::Rule')) {
    for (const [i, target] of rule.items('Targets').entries()) {
      const service = 'events.amazonaws.com';
      yield { from: rule, property: `Targets.${i}.Arn`, to: target.get('Arn'), service };
      const property = `Targets.${i}.DeadLetterConfig.Arn`;
      yield { from: rule, property, to: target.get('DeadLetterConfig.Arn'), service };
    }
  }
  for (const bus of app.ofType('AWS::Events::EventBus')) {
    const property = 'DeadLetterConfig.Arn';
    yield { from: bus, property, to: bus.get(property), service: 'events.amazonaws.com' };
  }
  for (const alarm of app.ofType('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm')) {
    for (const property of ['AlarmActions', 'OKActions', 'InsufficientDataActions']) {
      for (const to of alarm.list(property)) yield { from: alarm, property, to, service: 'cloudwatch.amazonaws.com' };
    }
  }
  for (const subscription of app.ofType('AWS::SNS::Subscription')) {
    const service = 'sns.amazonaws.com';
    yield { from: subscription, property: 'Endpoint', to: subscription.get('Endpoint'), service };
    const property = 'RedrivePolicy.deadLetterTargetArn';
    yield { from: subscription, property, to: subscription.get(property), service };
  }
  for (const topic of app.ofType('AWS::SNS::Topic')) {
    for (const [i, subscription] of topic.items('Subscription').entries()) {
      const to = subscription.get('Endpoint');
      yield { from: topic, property: `Subscription.${i}.Endpoint`, to, service: 'sns.amazonaws.com' };
    }
  }
  for (const events of app.ofType('AWS::RDS::EventSubscription')) {
    const property = 'SnsTopicArn';
    yield { from: events, property, to: events.get(property), service: 'events.rds.amazonaws.com' };
  }
  for (const bucket of app.ofType('AWS::S3::Bucket', 'Custom::S3BucketNotifications')) {
    for (const [list, key] of [['QueueConfigurations', 'Queue'], ['TopicConfigurations', 'Topic']]) {
      const property = `NotificationConfiguration.${list}`;
      for (const item of bucket.items(property)) {
        yield { from: bucket, property, to: item.get(key) ?? item.get(`${key}Arn`), service: 's3.amazonaws.com' };
      }
    }
  }
}

/** Why a service cannot use the key of a queue or topic; undefined if it can, or if that is not known. */
function keyProblem(target: Resource, service: string, app: AppGraph): string | undefined {
  const id = target.get('KmsMasterKeyId');
  const [, managed] = MANAGED_KEY.exec(patternOf(id)) ?? [];
  if (managed !== undefined) return `the AWS managed key ${managed}, whose policy cannot be changed`;
  const key = keyOf(id, target, app);
  const isProblem = key && !isUsable(key, ACTIONS, principal => mayBe(principal, service));
  return isProblem ? `the key ${key.path}` : undefined;
}

function mayBe(principal: Value, service: string): boolean {
  if (principal instanceof Unknown || principal === '*') return true;
  if (!isRecord(principal)) return false;
  const services = member(principal, 'Service');
  return hasUnknown(services)
    || asList(services).some(name => patternOf(name) === service)
    || asList(member(principal, 'AWS')).some(name => name === '*');
}
