import { shown } from './app-view';
import type { Say } from './phrases';
import { duration, number } from './units';
import type { AppGraph, LambdaFunction, Resource } from '../../checks/graph';
import { asList, asString, member, patternOf, Reference } from '../../checks/graph';
import { metricsOf } from '../../checks/rules/support/alarm-metrics';

const SIGNS = new Map([
  ['GreaterThanThreshold', '>'], ['GreaterThanOrEqualToThreshold', '≥'], ['LessThanThreshold', '<'], ['LessThanOrEqualToThreshold', '≤'],
]);

/** The alarms of a function by the functions that their metrics name. */
export function alarmsOf(fn: LambdaFunction): Resource[] {
  return fn.app.view(alarmsByResource).get(fn.resource) ?? [];
}

function alarmsByResource(app: AppGraph): Map<Resource, Resource[]> {
  const found = new Map<Resource, Resource[]>();
  for (const alarm of app.ofType('AWS::CloudWatch::Alarm')) {
    const named = app.mentioned([alarm.get('Dimensions'), alarm.get('Metrics')]);
    const functions = new Set([...named].flatMap(resource => {
      if (resource.type === 'AWS::Lambda::Function') return [resource];
      return resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Version' ? resource.target('FunctionName') ?? [] : [];
    }));
    for (const fn of functions) found.set(fn, [...found.get(fn) ?? [], alarm]);
  }
  return found;
}

/** A sentence: `Errors > 1 in 3 of 3 minutes; it notifies AlarmTopic`. */
export function alarmSentence(alarm: Resource, nameOf: (resource: Resource) => string, say: Say): string {
  const name = nameOf(alarm).split('/').pop()!;
  const condition = say('alarmText', {
    name, metric: metricName(alarm, say), sign: SIGNS.get(alarm.string('ComparisonOperator') ?? '') ?? '?', threshold: thresholdText(alarm), window: windowText(alarm, say),
  });
  return `${condition}; ${actionsText(alarm, nameOf, say)}`;
}

/** The metric, or the label of the expression that the alarm compares. */
export function metricName(alarm: Resource, say: Say): string {
  const single = alarm.string('MetricName');
  if (single !== undefined) return shown(single);
  const metrics = asList(alarm.get('Metrics'));
  const returned = metrics.find(metric => member(metric, 'ReturnData') !== false) ?? metrics[0];
  return shown(asString(member(returned, 'Label')) ?? asString(member(member(member(returned, 'MetricStat'), 'Metric'), 'MetricName')) ?? say('anExpression'));
}

function thresholdText(alarm: Resource): string {
  const threshold = alarm.number('Threshold');
  return threshold === undefined ? '?' : number(threshold);
}

/** `in 10 min`, or `in 2 of 3 periods of 1 min`. */
function windowText(alarm: Resource, say: Say): string {
  const period = Math.max(0, ...metricsOf(alarm).map(({ period: seconds }) => seconds ?? 0)) || 60;
  const periods = alarm.number('EvaluationPeriods') ?? 1;
  const datapoints = alarm.number('DatapointsToAlarm') ?? periods;
  if (periods === 1) return say('inWindow', { window: duration(period) });
  return say('inPeriods', { datapoints, periods, period: duration(period) });
}

function actionsText(alarm: Resource, nameOf: (resource: Resource) => string, say: Say): string {
  const actions = asList(alarm.get('AlarmActions')).map(action => (action instanceof Reference ? nameOf(action.resource) : shown(patternOf(action) || '?')));
  return actions.length === 0 ? say('noAction') : say('notifies', { targets: [...new Set(actions)].join(', ') });
}
