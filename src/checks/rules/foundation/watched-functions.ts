import { functionsOf, patternOf } from '../../graph';
import type { AppGraph, Fields, Json, LambdaFunction, Resource, TemplateGraph } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { metricsOf } from '../support/alarm-metrics';

const ALARMS = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::AnomalyDetector'];

export const WATCHED_FUNCTIONS_RULES: Rule[] = [
  {
    id: 'LP-F140',
    category: 'foundation',
    severity: 'warning',
    title: 'No alarm watches the function',
    why: 'Other functions of the app have alarms. The errors and throttles of this one notify no one.',
    fix: 'add an alarm on Errors and Throttles of the function, or on its dead-letter queue',
    source: SOURCE.cloudWatch('Best_Practice_Recommended_Alarms_AWS_Services'),
    practice: true,
    evaluate: unwatchedFunctions,
  },
];

/** The functions that nothing watches, in an app with alarms: the alarms of other apps are elsewhere. */
function unwatchedFunctions(app: AppGraph): Problem[] {
  const functions = functionsOf(app).filter(fn => hasTraffic(fn) && !fn.atEdge);
  const alarms = app.ofType(...ALARMS);
  if (functions.length === 0 || alarms.length === 0 || alarms.some(watchesAll)) return [];
  // most functions are named directly, and to resolve all metrics of all alarms takes longer than all other rules
  const named = new Set<Resource>();
  for (const { raw, template } of alarms) addNamed(raw.Properties, template, named);
  const unnamed = functions.filter(fn => ![...relatedTo(fn)].some(resource => named.has(resource)));
  if (unnamed.length === 0) return [];
  const watched = new Set([
    ...alarms.flatMap(alarm => [...app.mentioned(alarm.properties)]),
    ...alarms.flatMap(alarm => behindFilters(alarm, app)),
  ]);
  return unnamed.filter(fn => ![...relatedTo(fn)].some(resource => watched.has(resource)) && !isNamed(fn, alarms))
    .map(fn => ({ at: fn.resource, property: 'Alarm', must: 'must be watched by an alarm', got: undefined }));
}

/** Adds the resources that a value of the template refers to by Ref and Fn::GetAtt. */
function addNamed(raw: unknown, template: TemplateGraph, found: Set<Resource>): void {
  if (typeof raw !== 'object' || raw === null) return;
  for (const key in raw) {
    const value = (raw as Json)[key];
    const name = key === 'Ref' ? value : key === 'Fn::GetAtt' && Array.isArray(value) ? value[0] : undefined;
    // SAM refers to a resource that it creates by the name of another: `RestApi.Stage`
    const resource = typeof name === 'string' ? template.resources.get(name.split('.')[0]) : undefined;
    if (resource) found.add(resource);
    else addNamed(value, template, found);
  }
}

/** The log groups, and the functions in their names, whose metric filters publish a metric of the alarm. */
function behindFilters(alarm: Resource, app: AppGraph): Resource[] {
  const filters = app.ofType('AWS::Logs::MetricFilter').filter(filter => metricsOf(alarm).some(metric => (
    filter.items('MetricTransformations').some(published => metric.name !== undefined
      && published.string('MetricName') === metric.name
      && published.string('MetricNamespace') === metric.namespace))));
  return filters.flatMap(filter => [...app.mentioned(filter.get('LogGroupName'))])
    .flatMap(found => [found, ...app.mentioned(found.get('LogGroupName'))]);
}

function hasTraffic(fn: LambdaFunction): boolean {
  return fn.callers.length + fn.sources.length + fn.urls.length > 0;
}

/** The function with what its alarms may be on: its aliases, queues, destinations and log group. */
function relatedTo(fn: LambdaFunction): Set<Resource> {
  const { app } = fn;
  const origins = fn.sources.flatMap(({ origin }) => (origin ? [origin] : []));
  const queues = origins.flatMap(origin => [...app.mentioned(origin.get('RedrivePolicy'))]);
  const destinations = [
    ...app.mentioned(fn.resource.get('DeadLetterConfig')), ...app.mentioned(fn.resource.get('LoggingConfig')),
    ...fn.asyncConfigs.flatMap(({ resource }) => [...app.mentioned(resource.get('DestinationConfig'))]),
    ...fn.sources.flatMap(({ mapping }) => [...app.mentioned(mapping.get('DestinationConfig'))]),
  ];
  const apis = fn.callers
    .flatMap(({ origin, kind }) => (origin && (kind === 'rest' || kind === 'http') ? [origin] : []));
  // an error of the function is one of the execution
  const executions = fn.callers.flatMap(({ resource, kind }) => (
    kind === 'states' || kind === 'pipes' ? [resource] : []));
  return new Set([
    fn.resource, ...fn.aliases, ...fn.versions, ...origins, ...queues, ...destinations, ...apis, ...executions,
  ]);
}

function isNamed(fn: LambdaFunction, alarms: readonly Resource[]): boolean {
  if (fn.resource.lacks('FunctionName')) return false;
  const name = fn.resource.string('FunctionName');
  return alarms.some(alarm => metricsOf(alarm).some(metric => (
    metric.dimensions.items.some(({ value }) => (name === undefined
      ? fn.app.resourceOf(value, alarm, fn.resource.type) === fn.resource : patternOf(value).includes(name)))
    || (name !== undefined && patternOf(metric.of.get('Expression')).includes(`'${name}'`)))));
}

/** An alarm on a metric of all functions, or one whose metrics the template does not contain. */
function watchesAll(alarm: Resource): boolean {
  if (!alarm.lacks('Metrics')) return alarm.isUnknown('Metrics') || alarm.items('Metrics').some(isOfAllFunctions);
  if (alarm.isUnknown('Dimensions')) return true;
  return alarm.string('Namespace') === 'AWS/Lambda' && alarm.list('Dimensions').length === 0;
}

/** Whether a query of Metrics Insights selects a metric of all functions. */
function isOfAllFunctions(metric: Fields): boolean {
  const query = metric.string('Expression') ?? '';
  return /\bSCHEMA\(\s*"AWS\/Lambda"|\bFROM\s+"AWS\/Lambda"/i.test(query) && !/\bWHERE\b/i.test(query);
}
