import {
  LAMBDA_ACCOUNT_METRICS, LAMBDA_DIMENSIONS, LAMBDA_METRIC_UNITS, LAMBDA_METRICS, LAMBDA_OTHER_DIMENSIONS,
} from '../../../aws';
import { patternOf, Reference, releasesOf, shiftsInSteps, targetOf, Text } from '../../graph';
import type {
  AppGraph, Caller, LambdaFunction, Release, Resource, TemplateGraph, Value,
} from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { metricsOf } from '../support/alarm-metrics';
import type { Dimensions, Metric } from '../support/alarm-metrics';
import { collect, each } from '../support/each';
import type { Found } from '../support/each';
import { alarmsOfRelease } from '../support/release-alarms';

const NAMESPACE = 'AWS/Lambda';
/** The metric and the dimensions of `SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)`. */
const LAMBDA_QUERY = new RegExp(
  '^\\s*SELECT\\s+\\w+\\(\\s*"?(\\w+)"?\\s*\\)\\s+FROM\\s+'
  + '(?:"AWS/Lambda"|SCHEMA\\(\\s*"AWS/Lambda"((?:\\s*,\\s*"?\\w+"?)*)\\s*\\))', 'i',
);
const QUALIFIED = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];
const HTTP: readonly Caller['kind'][] = ['rest', 'http', 'alb'];

export const ALARM_METRICS_RULES: Rule[] = [
  {
    id: 'LP-P45',
    category: 'deployment',
    severity: 'warning',
    title: 'Alarm watches a metric that Lambda does not publish',
    why: 'The alarm has no data and never fires, so it protects neither a release nor the function.',
    fix: 'use a metric and dimensions of AWS/Lambda',
    source: SOURCE.lambda('monitoring-metrics-types'),
    evaluate: each('AWS::CloudWatch::Alarm', unknownMetrics),
  },
  {
    id: 'LP-P46',
    category: 'deployment',
    severity: 'info',
    title: 'Release alarms see only thrown errors',
    why:
      'A handler that returns a status of 500 or reports records of a batch as failed raises no error. A version '
      + 'that fails every request this way receives all traffic.',
    fix:
      "publish failed responses in a metric such as Faults ('faults' of the release) and alarm on it, or add an alarm "
      + 'on the responses of the API',
    source: SOURCE.lambda('monitoring-metrics-types'),
    evaluate: app => collect(releasesOf(app), blindAlarms, app),
  },
];

function unknownMetrics(alarm: Resource): Found {
  const found: Problem[] = [];
  const seen = new Set<string | undefined>();
  for (const metric of metricsOf(alarm)) {
    if (metric.namespace === undefined && metric.isExpression) {
      found.push(...faultsOfQuery(alarm, patternOf(metric.of.get('Expression'))));
      continue;
    }
    if (metric.namespace !== NAMESPACE) {
      if (metric.namespace?.toLowerCase() !== NAMESPACE.toLowerCase()) continue;
      const [must, fix] = [`must be ${NAMESPACE}, in this case`, `use ${NAMESPACE}`];
      found.push({ at: alarm, property: metric.at.namespace, must, got: metric.namespace, fix });
      continue;
    }
    const { dimensions } = metric;
    if (dimensions.areOther) continue;
    const unknown = unknownName(alarm, metric, dimensions);
    if (unknown) found.push(unknown);
    const unit = metric.of.string(metric.at.unit);
    const published = unit === undefined || metric.name === undefined ? undefined : unitOf(metric.name);
    if (published !== undefined && unit !== published) {
      const fix = 'remove the unit: CloudWatch converts none';
      found.push({ at: alarm, property: metric.at.unit, must: `must be ${published}, or absent`, got: unit, fix });
    }
    // most metrics of an alarm have the same dimensions
    const { text } = dimensions;
    if (text !== undefined && seen.has(text)) continue;
    seen.add(text);
    for (const fault of faultsOf(metric, text, alarm)) {
      found.push({ at: alarm, property: metric.at.dimensions, ...fault });
    }
  }
  return found;
}

function unknownName(alarm: Resource, { name, at }: Metric, dimensions: Dimensions): Problem | undefined {
  if (name === undefined) return undefined;
  if (!LAMBDA_METRICS.has(name)) {
    const nearest = nearestMetric(name);
    const fix = nearest === undefined ? {} : { fix: `use ${nearest}` };
    return { at: alarm, property: at.name, must: `must be a metric of ${NAMESPACE}`, got: name, ...fix };
  }
  if (LAMBDA_ACCOUNT_METRICS.has(name) && dimensions.names.length > 0) {
    return {
      at: alarm,
      property: at.dimensions,
      must: `must be absent, because ${name} is a metric of the account`,
      got: dimensions.names.join(', '),
      fix: 'remove the dimensions',
    };
  }
  return undefined;
}

function unitOf(name: string): string | undefined {
  return Object.hasOwn(LAMBDA_METRIC_UNITS, name) ? LAMBDA_METRIC_UNITS[name] : undefined;
}

/** The metric and the dimensions that a query of Metrics Insights selects, if Lambda publishes none of them. */
function faultsOfQuery(alarm: Resource, query: string): Problem[] {
  const [, name, list = ''] = LAMBDA_QUERY.exec(query) ?? [];
  if (name === undefined) return [];
  const dimensions = [...list.matchAll(/\w+/g)].map(([dimension]) => dimension);
  const unknown = dimensions.filter(dimension => (
    !(LAMBDA_DIMENSIONS as readonly string[]).includes(dimension) && !LAMBDA_OTHER_DIMENSIONS.has(dimension)));
  const at = { at: alarm, property: 'Expression' };
  if (!LAMBDA_METRICS.has(name)) return [{ ...at, must: `must select a metric of ${NAMESPACE}`, got: name }];
  const must = `must select dimensions of ${NAMESPACE} (${LAMBDA_DIMENSIONS.join(', ')})`;
  return unknown.length === 0 ? [] : [{ ...at, must, got: unknown.join(', ') }];
}

/** A fault of the dimensions, in the parts of its message. */
interface Fault {
  readonly must: string;
  readonly got: Value;
  readonly fix: string;
}

/** The faults, computed once for metrics of a template with the same dimensions. */
function faultsOf(metric: Metric, text: string | undefined, alarm: Resource): readonly Fault[] {
  if (text === undefined) return unknownDimensions(metric, alarm);
  const read = alarm.template.app.view(knownFaults);
  const known = read.get(alarm.template) ?? new Map<string, readonly Fault[]>();
  read.set(alarm.template, known);
  const faults = known.get(text) ?? unknownDimensions(metric, alarm);
  known.set(text, faults);
  return faults;
}

function knownFaults(): Map<TemplateGraph, Map<string, readonly Fault[]>> {
  return new Map();
}

function unknownDimensions(metric: Metric, alarm: Resource): Fault[] {
  const { items, names } = metric.dimensions;
  const unknown = names.filter(name => !(LAMBDA_DIMENSIONS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    const fix = 'use FunctionName, for an alias also Resource, and for its version ExecutedVersion';
    return [{ must: `must be ${LAMBDA_DIMENSIONS.join(', ')}`, got: unknown.join(', '), fix }];
  }
  const found: Fault[] = [];
  if (names.includes('ExecutedVersion') && !names.includes('Resource') && metric.hasKnownDimensions) {
    const fix = 'add Resource with the value <function>:<alias>';
    found.push({ must: 'must contain Resource beside ExecutedVersion', got: names.join(', '), fix });
  }
  if (names.includes('Resource') && !names.includes('FunctionName') && metric.hasKnownDimensions) {
    const fix = 'add FunctionName';
    found.push({ must: 'must contain FunctionName beside Resource', got: names.join(', '), fix });
  }
  for (const dimension of items) {
    const { name } = dimension;
    if (name !== 'FunctionName' && name !== 'Resource') continue;
    const { value } = dimension;
    if (name === 'FunctionName' && (isArn(value) || patternOf(value).includes(':'))) {
      found.push({
        must: 'must have the name of the function as FunctionName, without a qualifier',
        got: described(value),
        fix: 'use the name (Ref of the function, functionName of the function and not of its alias)',
      });
    }
    if (name === 'Resource' && isArn(value)) {
      const fix = 'use the name of the function and the name of the alias';
      found.push({ must: 'must have <function>:<alias> as Resource', got: described(value), fix });
    } else if (name === 'Resource') {
      found.push(...unknownAlias(value, alarm));
    }
  }
  return found;
}

/** A qualifier that is neither a version nor an alias, if all aliases of the function are known. */
function unknownAlias(value: Value, alarm: Resource): Fault[] {
  const [owner, rest, ...others] = value instanceof Text ? value.parts : [];
  const qualifier = typeof rest === 'string' && others.length === 0 ? /^:([A-Za-z][\w-]*)$/.exec(rest)?.[1] : undefined;
  if (!(owner instanceof Reference) || qualifier === undefined) return [];
  const { function: fn } = targetOf(alarm.template.app, owner, alarm);
  const names = fn?.aliases.map(alias => alias.string('Name')) ?? [];
  if (!fn || names.length === 0 || names.includes(undefined) || names.includes(qualifier)) return [];
  const must = `must name an alias of ${fn.path} (${names.join(', ')})`;
  return [{ must, got: qualifier, fix: 'use the name of an alias of the function' }];
}

/** `Ref` of an alias or of a version is an ARN too. */
function isArn(value: Value): boolean {
  if (value instanceof Reference) {
    return value.attribute === 'Arn' || (value.attribute === 'Ref' && QUALIFIED.includes(value.resource.type))
      || ['AliasArn', 'FunctionArn'].includes(value.attribute);
  }
  return patternOf(value).startsWith('arn:');
}

function described(value: Value): Value {
  return value instanceof Reference ? `the ${value.attribute} of ${value.resource.path}` : value;
}

/** The metric whose name differs least; undefined if none is similar. */
function nearestMetric(name: string): string | undefined {
  const ranked = [...LAMBDA_METRICS]
    .map(metric => ({ metric, distance: distance(metric.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0].distance <= 3 ? ranked[0].metric : undefined;
}

/** The number of characters to insert, remove or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}

function blindAlarms(release: Release, app: AppGraph): Found {
  const { function: fn, group, routing } = release;
  if (!fn || !group || !shiftsInSteps(routing)) return undefined;
  const caller = answeredFailures(fn);
  const alarms = alarmsOfRelease(app, release);
  if (caller === undefined || alarms === undefined || alarms.length === 0) return undefined;
  const metrics = alarms.flatMap(alarm => alarm.metrics);
  if (metrics.some(seesAnswers)) return undefined;
  return {
    at: group,
    property: 'AlarmConfiguration.Alarms',
    must: `must count the failed responses of ${fn.path} to ${caller}`,
    got: [...new Set(metrics.flatMap(({ name }) => name ?? []))].join(', '),
  };
}

/** The caller to which the function can answer a failure without raising an error; undefined if there is none. */
function answeredFailures(fn: LambdaFunction): string | undefined {
  const url = fn.urls[0]?.resource;
  const http = fn.callers.find(({ kind, async }) => HTTP.includes(kind) && async === false)?.resource;
  const batch = fn.sources.find(({ mapping }) => (
    mapping.list('FunctionResponseTypes').includes('ReportBatchItemFailures')));
  return (url ?? http ?? batch?.mapping)?.path;
}

/** A metric of the function itself, of its URL or of the API. An unknown name may be one. */
function seesAnswers({ namespace, name, isExpression }: Metric): boolean {
  return !isExpression && (namespace !== NAMESPACE || name === undefined || name === 'Url5xxCount');
}
