import { patternOf } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachEventSource, eachFunction } from '../support/each';
import type { Found } from '../support/each';

/** The receivers of notifications, by the list and the member of its items. */
const NOTIFICATIONS = [
  ['NotificationConfiguration.LambdaConfigurations', '.Function'],
  ['NotificationConfiguration.QueueConfigurations', '.Queue'],
  ['NotificationConfiguration.TopicConfigurations', '.Topic'],
  // the custom resource of CDK has the names of the S3 API
  ['NotificationConfiguration.LambdaFunctionConfigurations', '.LambdaFunctionArn'],
  ['NotificationConfiguration.QueueConfigurations', '.QueueArn'],
  ['NotificationConfiguration.TopicConfigurations', '.TopicArn'],
] as const;
const ALARM_ACTIONS = [['AlarmActions', ''], ['OKActions', ''], ['InsufficientDataActions', '']] as const;
const IMAGE = 'Code.ImageUri';
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

export const REGIONS_RULES: Rule[] = [
  {
    id: 'LP-F110',
    category: 'foundation',
    severity: 'error',
    title: 'Event source is in another Region',
    why: 'Lambda polls queues, streams and brokers of the Region of the function only, and rejects the mapping.',
    fix: 'create the function in the Region of the source, or forward the events with EventBridge',
    source: SOURCE.lambda('invocation-eventsourcemapping'),
    evaluate: eachEventSource(sourceInAnotherRegion),
  },
  {
    id: 'LP-F111',
    category: 'foundation',
    severity: 'error',
    title: 'Function uses a layer, image, key or signing configuration of another Region',
    why:
      'Layers, container images, KMS keys and code signing configurations are regional. Lambda rejects parts from '
      + 'another Region.',
    fix: 'publish or replicate the resource in the Region of the function',
    source: SOURCE.lambda('chapter-layers'),
    evaluate: eachFunction(partsInAnotherRegion),
  },
  {
    id: 'LP-F112',
    category: 'foundation',
    severity: 'error',
    title: 'Rule or schedule refers to another Region',
    why:
      'EventBridge creates a rule on a bus of its own Region, invokes functions of that Region, and delivers to '
      + 'dead-letter queues of that Region.',
    fix: 'send the events to an event bus of the other Region, with a rule and function there',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html',
    evaluate: each(['AWS::Events::Rule', 'AWS::Scheduler::Schedule'], targetInAnotherRegion),
  },
  {
    id: 'LP-F176',
    category: 'foundation',
    severity: 'error',
    title: 'Resource refers to another Region or account, which its service does not support',
    why:
      'A dead-letter queue must be in the Region and account of its queue, and a role in the account of its function. '
      + 'S3 notifies functions, queues and topics of the Region of the bucket, and an alarm topics of its Region.',
    fix: 'create the resource in the same Region and account, or forward the events with EventBridge',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
    evaluate: each(
      [
        'AWS::SQS::Queue', 'AWS::S3::Bucket', 'Custom::S3BucketNotifications', 'AWS::CloudWatch::Alarm',
        'AWS::Lambda::Function',
      ],
      referenceElsewhere,
    ),
  },
];

function sourceInAnotherRegion({ mapping }: EventSource, _fn: LambdaFunction, app: AppGraph): Found {
  return inAnotherRegion(app, mapping, 'EventSourceArn', mapping.get('EventSourceArn'));
}

function partsInAnotherRegion({ resource }: LambdaFunction, app: AppGraph): Found {
  const logs = app.resourceOf(resource.get('LoggingConfig.LogGroup'), resource, 'AWS::Logs::LogGroup');
  const layers = resource.list('Layers').map((_, i) => `Layers.${i}`);
  return [
    ...inOtherRegions(app, resource, [...layers, 'KmsKeyArn', 'CodeSigningConfigArn', IMAGE]),
    logs && inAnotherRegion(app, logs, 'KmsKeyId', logs.get('KmsKeyId')),
  ];
}

function targetInAnotherRegion(rule: Resource, app: AppGraph): Found {
  const targets = rule.type === 'AWS::Events::Rule' ? rule.list('Targets').map((_, i) => `Targets.${i}`) : ['Target'];
  const isFunction = (property: string) => /^arn:[^:]*:lambda:/.test(patternOf(rule.get(property)));
  return inOtherRegions(app, rule, [
    'EventBusName', ...targets.map(target => `${target}.Arn`).filter(isFunction),
    ...targets.map(target => `${target}.DeadLetterConfig.Arn`),
  ]);
}

function referenceElsewhere(resource: Resource, app: AppGraph): Found {
  if (resource.type === 'AWS::Lambda::Function') return inAnotherAccount(app, resource, 'Role', resource.get('Role'));
  if (resource.type === 'AWS::SQS::Queue') {
    const dead = 'RedrivePolicy.deadLetterTargetArn';
    const value = resource.get(dead);
    return [inAnotherRegion(app, resource, dead, value), inAnotherAccount(app, resource, dead, value)];
  }
  const lists = resource.type === 'AWS::CloudWatch::Alarm' ? ALARM_ACTIONS : NOTIFICATIONS;
  const properties = lists.flatMap(([list, member]) => resource.list(list).map((_, i) => `${list}.${i}${member}`));
  return inOtherRegions(app, resource, properties.filter(property => {
    const value = resource.get(property);
    // the actions of EC2 and of Auto Scaling have ARNs of their own
    return /^arn:[^:]*:(sns|sqs|lambda):/.test(patternOf(value)) || app.resourceOf(value, resource) !== undefined;
  }));
}

/** A dead-letter queue must be in the account of its queue, if both are known. */
function inAnotherAccount(app: AppGraph, at: Resource, property: string, value: Value): Problem | undefined {
  const own = at.template.input.account;
  const inArn = /^(?:[^:]*:){4}(\d{12}):/.exec(patternOf(value))?.[1];
  const other = app.resourceOf(value, at)?.template.input.account ?? inArn;
  if (own === other || !ACCOUNT.test(own ?? '') || !ACCOUNT.test(other ?? '')) return undefined;
  return { at, property, must: `must be in ${own} (the account of the stack)`, got: other };
}

/** The properties must name the Region of the template, or one Region if the template does not know its own. */
function inOtherRegions(app: AppGraph, at: Resource, properties: readonly string[]): Problem[] {
  const named = properties.map(property => ({ property, region: regionOf(app, at, property) ?? '' }))
    .filter(({ region }) => REGION.test(region));
  const { region: own } = at.template.input;
  const [first] = named;
  const isKnown = own !== undefined && REGION.test(own);
  return named.flatMap(({ property, region }) => (
    differ(at, property, isKnown ? own : first.region, region, isKnown ? undefined : first.property) ?? []));
}

/** The ARN must name the Region of the template, if both are known. */
function inAnotherRegion(app: AppGraph, at: Resource, property: string, value: Value): Problem | undefined {
  const other = app.resourceOf(value, at)?.template.input.region ?? regionIn(patternOf(value));
  return differ(at, property, at.template.input.region, other);
}

/** The registry in the URI of an image names its Region: `<account>.dkr.ecr.<region>.amazonaws.com/…`. */
function regionOf(app: AppGraph, at: Resource, property: string): string | undefined {
  const value = at.get(property);
  if (property === IMAGE) return /\.dkr\.ecr\.([a-z0-9-]+)\./.exec(patternOf(value))?.[1];
  return app.resourceOf(value, at)?.template.input.region ?? regionIn(patternOf(value));
}

function differ(at: Resource, property: string, own = '', other = '', of = 'the stack'): Problem | undefined {
  if (own === other || !REGION.test(own) || !REGION.test(other)) return undefined;
  return { at, property, must: `must be in ${own} (the Region of ${of})`, got: other };
}

function regionIn(arn: string): string | undefined {
  return /^arn:[^:]*:[a-z0-9-]+:([a-z0-9-]+):/.exec(arn)?.[1];
}
