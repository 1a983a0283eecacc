import { Aspects, CfnParameter, Duration, Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { CanaryAlias, type CanaryAliasOptions } from '../../src';
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

const metricsOf = (alarm: any): any[] => alarm.Metrics.filter((m: any) => m.MetricStat);

test('both alarms are on the requests to the new version through the alias', () => {
  const { errorRate, duration, template } = alarmsOf(plainFunction(stack, 'Pay'));
  const [version] = Object.keys(template.findResources('AWS::Lambda::Version'));
  const [fn] = Object.keys(template.findResources('AWS::Lambda::Function'));
  for (const metric of [...metricsOf(errorRate), ...metricsOf(duration)]) {
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

test('the error rate is the percentage of failed requests, and 0 below five requests a minute', () => {
  const { errorRate } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(expressionOf(errorRate)).toBe('IF(invocations >= 5, 100 * errors / invocations, 0)');
  expect(errorRate.Threshold).toBe(1);
  expect(metricsOf(errorRate).map(m => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
    ['errors', 'Errors', 'Sum', 60], ['invocations', 'Invocations', 'Sum', 60],
  ]);
});

test('the duration is the 99th percentile as a percentage of the timeout', () => {
  const { duration } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(20) }));
  expect(expressionOf(duration)).toBe('IF(invocations >= 5, duration / (10 * 20), 0)');
  expect(duration.Threshold).toBe(80);
  expect(metricsOf(duration).map(m => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
    ['duration', 'Duration', 'p99', 60], ['invocations', 'Invocations', 'Sum', 60],
  ]);
});

test('the timeout of a function without one is the three seconds of Lambda', () => {
  const { duration, template } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Timeout).toBeUndefined();
  expect(expressionOf(duration)).toBe('IF(invocations >= 5, duration / (10 * 3), 0)');
});

test('two of three minutes roll a release back, and the window ends before the canary', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const alarm of [errorRate, duration]) {
    expect(alarm).toMatchObject({
      ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching',
    });
    expect(alarm.EvaluationPeriods * metricsOf(alarm)[0].MetricStat.Period).toBeLessThan(Duration.minutes(5).toSeconds());
  }
});

test('thresholds of the props are in expression, threshold and description', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'), {
    alarms: { errorRateThreshold: 2.5, durationThreshold: 50, minimumRequests: 100 },
  });
  expect(errorRate.Threshold).toBe(2.5);
  expect(duration.Threshold).toBe(50);
  expect(expressionOf(errorRate)).toContain('IF(invocations >= 100,');
  expect(expressionOf(duration)).toContain('IF(invocations >= 100,');
  expect(errorRate.AlarmDescription).toMatch(/^More than 2.5 % of the requests to the new version of Stack\/Live fail\./);
  expect(duration.AlarmDescription).toMatch(/^The slowest 1 % of the requests to the new version of Stack\/Live take more than 50 % of its timeout\./);
});

test('the descriptions have room for a long path within 1,024 characters', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const { AlarmDescription: description } of [errorRate, duration]) expect(description.length).toBeLessThan(1_024 - 400);
});

test('tokens remain references', () => {
  const parameter = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { errorRate, duration, template } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(parameter('Timeout')) }), {
    alarms: { errorRateThreshold: parameter('Errors'), durationThreshold: parameter('Slow'), minimumRequests: parameter('Few') },
  });
  expect(errorRate.Threshold).toEqual({ Ref: 'Errors' });
  expect(duration.Threshold).toEqual({ Ref: 'Slow' });
  expect(expressionOf(errorRate)).toEqual({ 'Fn::Join': ['', ['IF(invocations >= ', { Ref: 'Few' }, ', 100 * errors / invocations, 0)']] });
  expect(expressionOf(duration)).toEqual({ 'Fn::Join': ['', ['IF(invocations >= ', { Ref: 'Few' }, ', duration / (10 * ', { Ref: 'Timeout' }, '), 0)']] });
  expect(errorRate.AlarmDescription['Fn::Join'][1]).toContainEqual({ Ref: 'Errors' });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/e\+\d/); // how a number token looks when printed unresolved
});

describe('the timeout at synth', () => {
  const newFunction = () => plainFunction(stack, 'Pay', { timeout: Duration.seconds(10) });
  const ofSixtySeconds = 'IF(invocations >= 5, duration / (10 * 60), 0)';

  test('an override after the alias changes the duration alarm', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 60);
    expect(expressionOf(durationAlarm())).toBe(ofSixtySeconds);
  });

  test.each<[string, (resource: lambda.CfnFunction) => void]>([
    ['the property', resource => { resource.timeout = 60; }],
    ['a lazy property', resource => { resource.timeout = Lazy.number({ produce: () => 60 }); }],
    ['an override', resource => resource.addPropertyOverride('Timeout', 60)],
  ])('an aspect that sets %s changes the duration alarm', (_, change) => {
    new CanaryAlias(stack, 'Live', { function: newFunction() });
    Aspects.of(stack).add({ visit: (node: IConstruct) => { if (node instanceof lambda.CfnFunction) change(node); } });
    expect(expressionOf(durationAlarm())).toBe(ofSixtySeconds);
  });

  test('a deleted timeout is the default of Lambda', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyDeletionOverride('Timeout');
    expect(expressionOf(durationAlarm())).toContain('duration / (10 * 3)');
  });

  test('an override with a reference remains a reference', () => {
    const fn = newFunction();
    new CanaryAlias(stack, 'Live', { function: fn });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', new CfnParameter(stack, 'Timeout', { type: 'Number' }).value);
    expect(expressionOf(durationAlarm())).toEqual({ 'Fn::Join': ['', ['IF(invocations >= 5, duration / (10 * ', { Ref: 'Timeout' }, '), 0)']] });
  });

  function durationAlarm(): any {
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    return alarms.find(([id]) => id.includes('DurationAlarm'))![1].Properties;
  }
});
