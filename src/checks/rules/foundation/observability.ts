import { LEGACY_ADOT_LAYER } from '../../../aws';
import { patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';

/** Resources that act on an alarm without an alarm action. */
const ALARM_READERS: readonly (readonly [type: string, property: string])[] = [
  ['AWS::CodeDeploy::DeploymentGroup', 'AlarmConfiguration.Alarms'],
  ['AWS::CloudWatch::CompositeAlarm', 'AlarmRule'],
  ['AWS::CloudWatch::CompositeAlarm', 'ActionsSuppressor'],
  ['AWS::AppConfig::Environment', 'Monitors'],
  ['AWS::Route53::HealthCheck', 'HealthCheckConfig'],
  ['AWS::ECS::Service', 'DeploymentConfiguration'],
];

export const OBSERVABILITY_RULES: Rule[] = [
  {
    id: 'LP-F59',
    category: 'foundation',
    severity: 'warning',
    title: 'Function sends its traces twice',
    why: 'The legacy ADOT layer and active tracing of Lambda both send spans.',
    fix: 'remove one of the two',
    source: SOURCE.lambda('services-xray'),
    evaluate: eachFunction(tracedTwice),
  },
  {
    id: 'LP-F60',
    category: 'foundation',
    severity: 'warning',
    title: 'Alarm has no action',
    why: 'An alarm without an action notifies no one. Its state is visible in the console only.',
    fix: 'add an SNS topic for all alarms with AlarmActions.of(app).addTopic(topic), or another action',
    source: SOURCE.cloudWatch('Best_Practice_Recommended_Alarms_AWS_Services'),
    practice: true,
    evaluate: alarmsWithoutAction,
  },
  {
    id: 'LP-F86',
    category: 'foundation',
    severity: 'warning',
    title: 'Tracing is off',
    why:
      'Active tracing samples one request each second and 5 % of the remaining requests. Without traces a '
      + 'slow downstream call is not visible.',
    fix: 'set TracingConfig.Mode to Active',
    source: SOURCE.lambda('services-xray'),
    elsewhere: 'cdk-nag Serverless: LambdaTracing',
    practice: true,
    evaluate: eachFunction(tracingOff),
  },
];

function tracedTwice(fn: LambdaFunction): Found {
  if (
    fn.resource.string('TracingConfig.Mode') === 'Active'
    && fn.resource.list('Layers').some(layer => LEGACY_ADOT_LAYER.test(patternOf(layer)))
  ) {
    return {
      at: fn.resource,
      property: 'TracingConfig.Mode',
      must: 'must be PassThrough beside the legacy ADOT layer',
      got: 'Active',
    };
  }
  return undefined;
}

/** If no alarm of the app has an action, one finding says so for all of them. */
function alarmsWithoutAction(app: AppGraph): Problem[] {
  const alarms = app.ofType('AWS::CloudWatch::Alarm').filter(alarm => !app.view(alarmsWithReader).has(alarm));
  const silent = alarms.filter(hasNoAction);
  const open = silent.filter(alarm => alarm.exemptionFrom('LP-F60') === undefined);
  const ofApp = silent.length === alarms.length;
  const all = ofApp && open.length > 1;
  const others = `${open.length - 1} other ${open.length === 2 ? 'alarm' : 'alarms'}`;
  const got = all ? `nothing here and in ${others}` : undefined;
  const reported = all ? [open[0], ...silent.filter(alarm => !open.includes(alarm))] : silent;
  const disabled = alarms.filter(alarm => !silent.includes(alarm) && alarm.boolean('ActionsEnabled') === false);
  return [
    ...reported.map(at => (
      { at, property: 'AlarmActions', must: 'must contain an action', got: at === open[0] ? got : undefined, ofApp })),
    ...disabled.map(at => (
      { at, property: 'ActionsEnabled', must: 'must be true', got: false, fix: 'remove ActionsEnabled' })),
  ];
}

function hasNoAction(alarm: Resource): boolean {
  return ['AlarmActions', 'OKActions', 'InsufficientDataActions'].every(
    list => alarm.lacks(list) || (!alarm.isUnknown(list) && alarm.list(list).length === 0),
  );
}

function alarmsWithReader(app: AppGraph): Set<Resource> {
  return new Set(
    ALARM_READERS.flatMap(([type, property]) =>
      app.ofType(type).flatMap(reader => [...app.mentioned(reader.get(property))]),
    ),
  );
}

function tracingOff(fn: LambdaFunction): Found {
  if (
    fn.resource.string('TracingConfig.Mode', 'PassThrough') === 'PassThrough'
    && !fn.resource.list('Layers').some(layer => /otel|OTel|OpenTelemetry/.test(patternOf(layer)))
    && !fn.atEdge
  ) {
    return {
      at: fn.resource,
      property: 'TracingConfig.Mode',
      must: 'must be Active',
      got: fn.resource.get('TracingConfig.Mode'),
    };
  }
  return undefined;
}
