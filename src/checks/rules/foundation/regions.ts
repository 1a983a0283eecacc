import { patternOf } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachEventSource, eachFunction } from '../support/each';
import type { Found } from '../support/each';

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
    title: 'Function uses a layer, image or key of another Region',
    why: 'Layers, container images and KMS keys are regional. Lambda rejects parts from another Region.',
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
];

function sourceInAnotherRegion({ mapping }: EventSource, _fn: LambdaFunction, app: AppGraph): Found {
  return inAnotherRegion(app, mapping, 'EventSourceArn', mapping.get('EventSourceArn'));
}

function partsInAnotherRegion({ resource }: LambdaFunction, app: AppGraph): Found {
  const logs = app.resourceOf(resource.get('LoggingConfig.LogGroup'), resource, 'AWS::Logs::LogGroup');
  return [
    ...resource.list('Layers').map((layer, i) => inAnotherRegion(app, resource, `Layers.${i}`, layer)),
    inAnotherRegion(app, resource, 'KmsKeyArn', resource.get('KmsKeyArn')),
    logs && inAnotherRegion(app, logs, 'KmsKeyId', logs.get('KmsKeyId')),
    imageInAnotherRegion(resource),
  ];
}

function targetInAnotherRegion(rule: Resource, app: AppGraph): Found {
  const targets = rule.type === 'AWS::Events::Rule' ? rule.list('Targets').map((_, i) => `Targets.${i}`) : ['Target'];
  const isFunction = (property: string) => /^arn:[^:]*:lambda:/.test(patternOf(rule.get(property)));
  return [
    inAnotherRegion(app, rule, 'EventBusName', rule.get('EventBusName')),
    ...targets.flatMap(target => [
      isFunction(`${target}.Arn`) && inAnotherRegion(app, rule, `${target}.Arn`, rule.get(`${target}.Arn`)),
      inAnotherRegion(app, rule, `${target}.DeadLetterConfig.Arn`, rule.get(`${target}.DeadLetterConfig.Arn`)),
    ]),
  ];
}

/** The ARN must name the Region of the template, if both are known. */
function inAnotherRegion(app: AppGraph, at: Resource, property: string, value: Value): Problem | undefined {
  const own = at.template.input.region;
  const other = app.resourceOf(value, at)?.template.input.region ?? regionIn(patternOf(value));
  return differ(at, property, own, other);
}

/** The registry in the URI of an image names its Region: `<account>.dkr.ecr.<region>.amazonaws.com/…`. */
function imageInAnotherRegion(resource: Resource): Problem | undefined {
  const [, region] = /\.dkr\.ecr\.([a-z0-9-]+)\./.exec(patternOf(resource.get('Code.ImageUri'))) ?? [];
  return differ(resource, 'Code.ImageUri', resource.template.input.region, region);
}

function differ(at: Resource, property: string, own = '', other = ''): Problem | undefined {
  if (own === other || !REGION.test(own) || !REGION.test(other)) return undefined;
  return { at, property, must: `must be in ${own} (the Region of the stack)`, got: other };
}

function regionIn(arn: string): string | undefined {
  return /^arn:[^:]*:[a-z0-9-]+:([a-z0-9-]+):/.exec(arn)?.[1];
}
