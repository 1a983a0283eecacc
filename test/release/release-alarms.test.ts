import { Aspects, CfnParameter, Duration, Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
import { CLOUD_WATCH } from '../../src/aws';
import { declareFaults } from '../../src/private/faults';
import { newStack, plainFunction } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
beforeEach(() => { stack = newStack(); });

function alarmsOf(fn: lambda.Function, options: CanaryAliasOptions & { aliasName?: string } = {}) {
  new CanaryAlias(stack, 'Live', { function: fn, ...options });
  const template = Template.fromStack(stack);
  expectNoCycle(template);
  const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  const named = (name: string) => alarms.find(([id]) => id.includes(name))![1].Properties;
  return { errorRate: named('ErrorRateAlarm'), duration: named('DurationAlarm'), template };
}

function expressionOf(alarm: any): string {
  return alarm.Metrics.find((m: any) => m.Expression).Expression;
}

const nearOf = (alarm: any): string => alarm.Metrics.find((m: any) => m.Id === 'near').MetricStat.Stat;

const metricsOf = (alarm: any): any[] => alarm.Metrics.filter((m: any) => m.MetricStat);

const NAMESPACE = { POWERTOOLS_METRICS_NAMESPACE: 'Payments' };

test('both alarms are on the requests to the new version through the alias', () => {
  const { errorRate, duration, template } = alarmsOf(plainFunction(stack, 'Pay'));
  const [version] = Object.keys(template.findResources('AWS::Lambda::Version'));
  const [fn] = Object.keys(template.findResources('AWS::Lambda::Function'));
  for (const metric of [...metricsOf(errorRate), ...metricsOf(duration)].filter(({ Id }) => !Id.startsWith('usual_'))) {
    expect(metric.MetricStat.Metric.Namespace).toBe('AWS/Lambda');
    expect(metric.MetricStat.Metric.Dimensions).toEqual([
      { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [version, 'Version'] } },
      { Name: 'FunctionName', Value: { Ref: fn } },
      { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: fn }, ':live']] } },
    ]);
  }
});

test('the Resource dimension contains the name of the alias', () => {
  const { errorRate } = alarmsOf(plainFunction(stack, 'Pay'), { aliasName: 'beta' });
  expect(metricsOf(errorRate)[0].MetricStat.Metric.Dimensions[2].Value['Fn::Join'][1][1]).toBe(':beta');
});

test('the error rate is the percentage of failed requests beyond what chance explains, over the whole shift', () => {
  const { errorRate } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(expressionOf(errorRate)).toBe('IF(invocations >= 2, 100 * (errors - 1 - 3 * (0.0099 * invocations) ^ 0.5) / invocations, 0)');
  expect(errorRate.Threshold).toBe(1);
  expect(metricsOf(errorRate).map(m => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
    ['errors', 'Errors', 'Sum', 600], ['invocations', 'Invocations', 'Sum', 600],
  ]);
});

test('the duration is too long near the timeout, or beside the usual duration of the alias', () => {
  const { duration } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(20) }));
  expect(expressionOf(duration)).toBe('MAX(['
    + 'IF(invocations >= 2 AND 100 * ((100 - near) * invocations / 100 - 1 - 3 * (0.0099 * invocations) ^ 0.5) / invocations > 1, 100, 0), '
    + 'IF(invocations >= 10 AND invocations >= 2 AND LOG(MIN([median / usual_median, quarter / usual_quarter]) / 1.4) '
    + '> 5 * LOG(usual_median / usual_quarter) / invocations ^ 0.5, 100, 0)])');
  expect(duration.Threshold).toBe(80);
  const version = 'ExecutedVersion,FunctionName,Resource';
  expect(metricsOf(duration).map(({ Id, MetricStat: { Metric, Stat, Period } }) =>
    [Id, Metric.MetricName, Stat, Period, Metric.Dimensions.map((d: any) => d.Name).join()])).toEqual([
    ['invocations', 'Invocations', 'Sum', 600, version],
    ['near', 'Duration', 'PR(:16000)', 600, version],
    ['median', 'Duration', 'p50', 600, version],
    ['quarter', 'Duration', 'p25', 600, version],
    ['usual_median', 'Duration', 'p50', 600, 'FunctionName,Resource'],
    ['usual_quarter', 'Duration', 'p25', 600, 'FunctionName,Resource'],
  ]);
});

test('an alarm has at most ten metrics, the limit of CloudWatch', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay', { environment: NAMESPACE }), { faults: true });
  for (const alarm of [errorRate, duration]) expect(metricsOf(alarm).length).toBeLessThanOrEqual(CLOUD_WATCH.alarmMetricsMax);
});

test('the timeout of a function without one is the three seconds of Lambda', () => {
  const { duration, template } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Timeout).toBeUndefined();
  expect(nearOf(duration)).toBe('PR(:2400)');
});

test('one window over the whole canary, in which missing data does not breach', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const alarm of [errorRate, duration]) {
    expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
    expect(alarm.EvaluationWindow).toBeUndefined(); // CloudWatch's default is a sliding window
    expect(metricsOf(alarm)[0].MetricStat.Period).toBe(Duration.minutes(10).toSeconds());
  }
});

test('thresholds of the props are in expression, threshold and description', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(10) }), {
    alarms: { errorRateThreshold: 2.5, durationThreshold: 50, slowdownThreshold: 3, minimumRequests: 100 },
  });
  expect(errorRate.Threshold).toBe(2.5);
  expect(duration.Threshold).toBe(50);
  expect(expressionOf(errorRate)).toBe('IF(invocations >= 100, 100 * (errors - 1 - 3 * (0.024375 * invocations) ^ 0.5) / invocations, 0)');
  expect(expressionOf(duration)).toContain('invocations >= 10 AND invocations >= 100');
  expect(expressionOf(duration)).toContain('/ 3) >');
  expect(nearOf(duration)).toBe('PR(:5000)');
  expect(errorRate.AlarmDescription).toMatch(/^More than 2.5 % of the requests to the new version of Stack\/Live fail, and chance does not explain it\./);
  expect(duration.AlarmDescription).toMatch(/^More than 1 % of the requests to the new version of Stack\/Live take longer than 50 % of its timeout, or its requests take 3 times as long/);
});

describe('faults', () => {
  const faults = (options: CanaryAliasOptions = { faults: true }, environment: Record<string, string> = NAMESPACE) =>
    alarmsOf(plainFunction(stack, 'Pay', { environment }), options);

  test('are counted beside the errors, and missing ones are zero', () => {
    const { errorRate, template } = faults();
    const [version] = Object.keys(template.findResources('AWS::Lambda::Version'));
    const [fn] = Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(expressionOf(errorRate)).toContain('100 * ((errors + FILL(faults, 0)) - 1 -');
    expect(metricsOf(errorRate).find(m => m.Id === 'faults').MetricStat).toEqual({
      Metric: {
        Namespace: 'Payments',
        MetricName: 'Faults',
        Dimensions: [{ Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [version, 'Version'] } }, { Name: 'FunctionName', Value: { Ref: fn } }],
      },
      Period: 600,
      Stat: 'SampleCount',
    });
  });

  test('are not counted without a statement', () => {
    expect(expressionOf(faults({}).errorRate)).not.toContain('faults');
  });

  test('are counted for a function whose code is known to publish them, unless faults is false', () => {
    const [a, b] = ['A', 'B'].map(id => plainFunction(stack, id, { environment: NAMESPACE }));
    declareFaults(a);
    declareFaults(b);
    new CanaryAlias(stack, 'ALive', { function: a });
    new CanaryAlias(stack, 'BLive', { function: b, faults: false });
    const expressions = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { Threshold: 1 } })).map(({ Properties }) => expressionOf(Properties));
    expect(expressions.map(expression => expression.includes('faults'))).toEqual([true, false]);
  });

  test('fails when the function has no namespace for them', () => {
    expect(() => faults({ faults: true }, {})).toThrow("'faults' must be published in a known namespace, got no variable POWERTOOLS_METRICS_NAMESPACE; "
      + 'add the variable to the environment of the function, and publish the metric in this namespace');
  });
});

test('the descriptions have room for a long path within 1,024 characters', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const { AlarmDescription: description } of [errorRate, duration]) expect(description.length).toBeLessThan(1_024 - 400);
});

test('tokens remain references', () => {
  const parameter = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { errorRate, duration, template } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(parameter('Timeout')) }), {
    alarms: {
      errorRateThreshold: parameter('Errors'), durationThreshold: parameter('Slow'), minimumRequests: parameter('Few'), slowdownThreshold: parameter('Factor'),
    },
  });
  expect(errorRate.Threshold).toEqual({ Ref: 'Errors' });
  expect(duration.Threshold).toEqual({ Ref: 'Slow' });
  expect(expressionOf(errorRate)).toEqual({
    'Fn::Join': ['', ['IF(invocations >= ', { Ref: 'Few' }, ', 100 * (errors - 1 - 3 * (', { Ref: 'Errors' },
      ' * (100 - ', { Ref: 'Errors' }, ') / 10000 * invocations) ^ 0.5) / invocations, 0)']],
  });
  expect(expressionOf(duration)).toEqual({
    'Fn::Join': ['', ['MAX([IF(invocations >= ', { Ref: 'Few' }, ' AND invocations >= 20, near / (10 * ', { Ref: 'Timeout' },
      '), 0), IF(invocations >= 10 AND invocations >= ', { Ref: 'Few' }, ' AND LOG(MIN([median / usual_median, quarter / usual_quarter]) / ', { Ref: 'Factor' },
      ') > 5 * LOG(usual_median / usual_quarter) / invocations ^ 0.5, 100, 0)])']],
  });
  expect(nearOf(duration)).toBe('p90'); // a percentage rank cannot be a reference
  expect(errorRate.AlarmDescription['Fn::Join'][1]).toContainEqual({ Ref: 'Errors' });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/e\+\d/); // how a number token looks when printed unresolved
});

describe('the timeout at synth', () => {
  const newFunction = () => plainFunction(stack, 'Pay', { timeout: Duration.seconds(10) });

  test('an override after the alias changes the duration alarm', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 60);
    expect(nearOf(durationAlarm())).toBe('PR(:48000)');
  });

  test.each<[string, (resource: lambda.CfnFunction) => void]>([
    ['the property', resource => { resource.timeout = 60; }],
    ['a lazy property', resource => { resource.timeout = Lazy.number({ produce: () => 60 }); }],
    ['an override', resource => resource.addPropertyOverride('Timeout', 60)],
  ])('an aspect that sets %s changes the duration alarm', (_, change) => {
    new CanaryAlias(stack, 'Live', { function: newFunction() });
    Aspects.of(stack).add({ visit: (node: IConstruct) => { if (node instanceof lambda.CfnFunction) change(node); } });
    expect(nearOf(durationAlarm())).toBe('PR(:48000)');
  });

  test('a deleted timeout is the default of Lambda', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyDeletionOverride('Timeout');
    expect(nearOf(durationAlarm())).toBe('PR(:2400)');
  });

  test('an override with a reference remains a reference', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', new CfnParameter(stack, 'Timeout', { type: 'Number' }).value);
    expect((expressionOf(durationAlarm()) as any)['Fn::Join'][1]).toContainEqual({ Ref: 'Timeout' });
  });

  function durationAlarm(): any {
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    return alarms.find(([id]) => id.includes('DurationAlarm'))![1].Properties;
  }
});
