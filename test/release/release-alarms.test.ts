import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
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

test('both alarms look at the new version behind the alias and at nothing else', () => {
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

test('the Resource dimension follows the name of the alias', () => {
  const { errorRate } = alarmsOf(plainFunction(stack, 'Pay'), { aliasName: 'beta' });
  expect(metricsOf(errorRate)[0].MetricStat.Metric.Dimensions[2].Value['Fn::Join'][1][1]).toBe(':beta');
});

test('the error rate is that of failed requests among all, and silent below five requests a minute', () => {
  const { errorRate } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(expressionOf(errorRate)).toBe('IF(invocations >= 5, 100 * errors / invocations, 0)');
  expect(errorRate.Threshold).toBe(1);
  expect(metricsOf(errorRate).map(m => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
    ['errors', 'Errors', 'Sum', 60], ['invocations', 'Invocations', 'Sum', 60],
  ]);
});

test('the duration is the 99th percentile in percent of the timeout', () => {
  const { duration } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(20) }));
  expect(expressionOf(duration)).toBe('IF(invocations >= 5, duration / (10 * 20), 0)');
  expect(duration.Threshold).toBe(80);
  expect(metricsOf(duration).map(m => [m.Id, m.MetricStat.Metric.MetricName, m.MetricStat.Stat, m.MetricStat.Period])).toEqual([
    ['duration', 'Duration', 'p99', 60], ['invocations', 'Invocations', 'Sum', 60],
  ]);
});

test('a function without a timeout is held against the three seconds that Lambda gives it', () => {
  const { duration, template } = alarmsOf(plainFunction(stack, 'Pay'));
  expect(Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Timeout).toBeUndefined();
  expect(expressionOf(duration)).toBe('IF(invocations >= 5, duration / (10 * 3), 0)');
});

test('two bad minutes of three stop a release, and the window ends before the canary does', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const alarm of [errorRate, duration]) {
    expect(alarm).toMatchObject({
      ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching',
    });
    expect(alarm.EvaluationPeriods * metricsOf(alarm)[0].MetricStat.Period).toBeLessThan(Duration.minutes(5).toSeconds());
  }
});

test('thresholds of your own reach expression, threshold and description', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'), { errorRateThreshold: 2.5, durationThreshold: 50, minimumInvocations: 100 });
  expect(errorRate.Threshold).toBe(2.5);
  expect(duration.Threshold).toBe(50);
  expect(expressionOf(errorRate)).toContain('IF(invocations >= 100,');
  expect(expressionOf(duration)).toContain('IF(invocations >= 100,');
  expect(errorRate.AlarmDescription).toMatch(/^More than 2.5 % of the requests to the new version of Stack\/Live fail\./);
  expect(duration.AlarmDescription).toMatch(/^The slowest 1 % of the requests to the new version of Stack\/Live take more than 50 % of its timeout\./);
});

test('the descriptions fit into the 1,024 characters of an alarm', () => {
  const { errorRate, duration } = alarmsOf(plainFunction(stack, 'Pay'));
  for (const { AlarmDescription: description } of [errorRate, duration]) expect(description.length).toBeLessThan(1_024 - 400);
});

test('a timeout and thresholds that only deployment knows stay references', () => {
  const parameter = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { errorRate, duration, template } = alarmsOf(plainFunction(stack, 'Pay', { timeout: Duration.seconds(parameter('Timeout')) }), {
    errorRateThreshold: parameter('Errors'), durationThreshold: parameter('Slow'), minimumInvocations: parameter('Few'),
  });
  expect(errorRate.Threshold).toEqual({ Ref: 'Errors' });
  expect(duration.Threshold).toEqual({ Ref: 'Slow' });
  expect(expressionOf(errorRate)).toEqual({ 'Fn::Join': ['', ['IF(invocations >= ', { Ref: 'Few' }, ', 100 * errors / invocations, 0)']] });
  expect(expressionOf(duration)).toEqual({ 'Fn::Join': ['', ['IF(invocations >= ', { Ref: 'Few' }, ', duration / (10 * ', { Ref: 'Timeout' }, '), 0)']] });
  expect(errorRate.AlarmDescription['Fn::Join'][1]).toContainEqual({ Ref: 'Errors' });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/e\+\d/); // how a number token looks when printed unresolved
});
