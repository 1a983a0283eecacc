import { Aspects, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { CanaryAlias, FunctionAlarms, type FunctionAlarmsProps, ProductionFunction } from '../../src';
import { newStack, plainFunction, REQUIRED } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

const alias = (props?: Partial<lambda.FunctionProps>) => new lambda.Alias(stack, 'Live', {
  aliasName: 'live', version: plainFunction(stack, 'Pay', { timeout: Duration.seconds(10), ...props }).currentVersion,
});
const alarms = (props: Partial<FunctionAlarmsProps> = {}) => new FunctionAlarms(stack, 'Alarms', { function: props.function ?? alias(), ...props });

function rendered(alarm: cloudwatch.Alarm): any {
  const template = Template.fromStack(stack);
  expectNoCycle(template);
  return template.toJSON().Resources[stack.getLogicalId(alarm.node.defaultChild as cloudwatch.CfnAlarm)].Properties;
}

const expression = (alarm: cloudwatch.Alarm) => rendered(alarm).Metrics.find((m: any) => m.Expression).Expression;
const metrics = (alarm: cloudwatch.Alarm) => Object.fromEntries(rendered(alarm).Metrics.filter((m: any) => m.MetricStat).map((m: any) => {
  const { Metric, Stat, Period } = m.MetricStat;
  return [m.Id, [Metric.MetricName, Stat, Period, Metric.Dimensions.map((d: any) => d.Name).join()]];
}));
const ofAlias = (name: string, statistic: string) => [name, statistic, 60, 'FunctionName,Resource'];
const ofFunction = (name: string, statistic: string) => [name, statistic, 60, 'FunctionName'];

describe('defaults', () => {
  test('creates four alarms without an action, and a minute without data does not breach', () => {
    alarms();
    const found = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(found).toHaveLength(4);
    for (const { Properties } of found) {
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanThreshold' });
      expect(Properties.AlarmActions).toBeUndefined();
      expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
  });

  test('errorRateAlarm: more than 1 % through the alias, for three minutes', () => {
    const { errorRateAlarm } = alarms();
    expect(expression(errorRateAlarm)).toBe('100 * errors / invocations');
    expect(metrics(errorRateAlarm)).toEqual({ errors: ofAlias('Errors', 'Sum'), invocations: ofAlias('Invocations', 'Sum') });
    expect(rendered(errorRateAlarm)).toMatchObject({ Threshold: 1, EvaluationPeriods: 3 });
    expect(rendered(errorRateAlarm).AlarmDescription).toBe('More than 1 % of the requests to Stack/Live fail. '
      + 'If a release is in progress, stop it. Otherwise read the latest errors in the log group, and check the services that the function calls.');
  });

  test('errorRateAlarm: only errors that the handler throws', () => {
    expect(expression(alarms().errorRateAlarm)).not.toContain('faults');
  });

  test('durationAlarm: p99 above 80 % of the timeout for fifteen minutes', () => {
    const { durationAlarm } = alarms();
    expect(expression(durationAlarm)).toBe('duration / (10 * 10)');
    expect(metrics(durationAlarm)).toEqual({ duration: ofAlias('Duration', 'p99') });
    expect(rendered(durationAlarm)).toMatchObject({ Threshold: 80, EvaluationPeriods: 15 });
  });

  test('durationAlarm: three seconds without a timeout', () => {
    expect(expression(alarms({ function: alias({ timeout: undefined }) }).durationAlarm)).toBe('duration / (10 * 3)');
  });

  test('capacityAlarm: throttled, for five minutes', () => {
    const { capacityAlarm } = alarms();
    expect(expression(capacityAlarm)).toBe('IF(FILL(throttles, 0) > 0, 100, 0)');
    expect(metrics(capacityAlarm)).toEqual({ throttles: ofAlias('Throttles', 'Sum') });
    expect(rendered(capacityAlarm)).toMatchObject({ Threshold: 80, EvaluationPeriods: 5 });
    expect(rendered(capacityAlarm).AlarmDescription).toMatch(/^Stack\/Live is throttled\. /);
  });

  test('capacityAlarm: more than 80 % of the reserved concurrency', () => {
    const { capacityAlarm } = alarms({ function: alias({ reservedConcurrentExecutions: 50 }) });
    expect(expression(capacityAlarm)).toBe('MAX([IF(FILL(throttles, 0) > 0, 100, 0), 100 * FILL(concurrent, 0) / 50])');
    expect(metrics(capacityAlarm)).toEqual({ throttles: ofAlias('Throttles', 'Sum'), concurrent: ofFunction('ConcurrentExecutions', 'Maximum') });
    expect(rendered(capacityAlarm).AlarmDescription).toMatch(/^Stack\/Live is throttled or uses more than 80 % of its reserved concurrency\. /);
  });

  test('lostEventsAlarm: any event that is lost or older than half an hour', () => {
    const { lostEventsAlarm } = alarms();
    expect(expression(lostEventsAlarm)).toBe('FILL(dropped, 0) + FILL(undelivered, 0) + FILL(unqueued, 0) + FILL(looped, 0) + IF(FILL(age, 0) > 1800000, 1, 0)');
    expect(metrics(lostEventsAlarm)).toEqual({
      dropped: ofFunction('AsyncEventsDropped', 'Sum'),
      undelivered: ofFunction('DestinationDeliveryFailures', 'Sum'),
      unqueued: ofFunction('DeadLetterErrors', 'Sum'),
      looped: ofFunction('RecursiveInvocationsDropped', 'Sum'),
      age: ofFunction('AsyncEventAge', 'Maximum'),
    });
    expect(rendered(lostEventsAlarm)).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
  });
});

describe('faults', () => {
  const environment = { POWERTOOLS_METRICS_NAMESPACE: 'Payments' };

  test('are counted beside the errors, by the version of the alias', () => {
    const { errorRateAlarm } = alarms({ function: alias({ environment }), faults: true });
    expect(expression(errorRateAlarm)).toBe('100 * (errors + FILL(faults, 0)) / invocations');
    expect(metrics(errorRateAlarm).faults).toEqual(['Faults', 'SampleCount', 60, 'ExecutedVersion,FunctionName']);
    expect(rendered(errorRateAlarm).Metrics.find((m: any) => m.Id === 'faults').MetricStat.Metric.Namespace).toBe('Payments');
  });

  test('are counted if the release of the function says so', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, release: { faults: true }, alarms: {} });
    expect(expression(pay.alarms!.errorRateAlarm)).toContain('FILL(faults, 0)');
  });

  test('are not counted if faults is false', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, release: { faults: true }, alarms: { faults: false } });
    expect(expression(pay.alarms!.errorRateAlarm)).not.toContain('faults');
  });

  test('fails when the function has no namespace for them', () => {
    alarms({ faults: true });
    expect(() => Template.fromStack(stack)).toThrow("'faults' must be published in a known namespace, got no variable POWERTOOLS_METRICS_NAMESPACE");
  });
});

describe('props', () => {
  test.each([0, 99])('errorRateThreshold %d', errorRateThreshold => {
    expect(rendered(alarms({ errorRateThreshold }).errorRateAlarm).Threshold).toBe(errorRateThreshold);
  });

  test.each([1, 99])('durationThreshold %d', durationThreshold => {
    expect(rendered(alarms({ durationThreshold }).durationAlarm).Threshold).toBe(durationThreshold);
  });

  test.each([60, 21_600])('maxEventAge %d', seconds => {
    expect(expression(alarms({ maxEventAge: Duration.seconds(seconds) }).lostEventsAlarm)).toContain(`IF(FILL(age, 0) > ${seconds * 500}, 1, 0)`);
  });

  test('runbook is the end of every description', () => {
    const made = alarms({ runbook: 'https://wiki.example.com/pay' });
    made.addStreamAlarm('Stream');
    for (const { Properties } of Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmDescription).toMatch(/ Runbook: https:\/\/wiki\.example\.com\/pay$/);
    }
  });

  test('tokens remain references', () => {
    const token = new CfnParameter(stack, 'Number', { type: 'Number' });
    const { errorRateAlarm, durationAlarm } = alarms({
      errorRateThreshold: token.valueAsNumber,
      durationThreshold: token.valueAsNumber,
      runbook: token.valueAsString,
      function: alias({ timeout: Duration.seconds(token.valueAsNumber) }),
    });
    expect(rendered(errorRateAlarm).Threshold).toEqual({ Ref: 'Number' });
    expect(rendered(durationAlarm).Metrics[0].Expression).toEqual({ 'Fn::Join': ['', ['duration / (10 * ', { Ref: 'Number' }, ')']] });
  });
});

describe('the values at synth', () => {
  const RESERVED = {
    expression: 'MAX([IF(FILL(throttles, 0) > 0, 100, 0), 100 * FILL(concurrent, 0) / 50])',
    metrics: { throttles: ofAlias('Throttles', 'Sum'), concurrent: ofFunction('ConcurrentExecutions', 'Maximum') },
    description: /^Stack\/Live is throttled or uses more than 80 % of its reserved concurrency\. /,
    label: 'reserved concurrency in use in percent',
  };

  function expectReserved(capacityAlarm: cloudwatch.Alarm): void {
    expect(expression(capacityAlarm)).toBe(RESERVED.expression);
    expect(metrics(capacityAlarm)).toEqual(RESERVED.metrics);
    expect(rendered(capacityAlarm).AlarmDescription).toMatch(RESERVED.description);
    expect(rendered(capacityAlarm).Metrics.find((m: any) => m.Expression).Label).toBe(RESERVED.label);
  }

  test.each<[string, (resource: lambda.CfnFunction) => void]>([
    ['the properties', resource => { Object.assign(resource, { timeout: 60, reservedConcurrentExecutions: 50 }); }],
    ['overrides', resource => {
      resource.addPropertyOverride('Timeout', 60);
      resource.addPropertyOverride('ReservedConcurrentExecutions', 50);
    }],
  ])('an aspect that sets %s changes the alarms', (_, change) => {
    const { durationAlarm, capacityAlarm } = alarms();
    Aspects.of(stack).add({ visit: (node: IConstruct) => { if (node instanceof lambda.CfnFunction) change(node); } });
    expect(expression(durationAlarm)).toBe('duration / (10 * 60)');
    expectReserved(capacityAlarm);
  });

  test('overrides after the alarms change the alarms', () => {
    const live = alias();
    const { durationAlarm, capacityAlarm } = alarms({ function: live });
    const resource = live.lambda.node.defaultChild as lambda.CfnFunction;
    resource.addPropertyOverride('Timeout', 60);
    resource.addPropertyOverride('ReservedConcurrentExecutions', 50);
    expect(expression(durationAlarm)).toBe('duration / (10 * 60)');
    expectReserved(capacityAlarm);
  });

  test('a deleted reserved concurrency leaves the throttles', () => {
    const live = alias({ reservedConcurrentExecutions: 50 });
    const { capacityAlarm } = alarms({ function: live });
    (live.lambda.node.defaultChild as lambda.CfnFunction).addPropertyDeletionOverride('ReservedConcurrentExecutions');
    expect(expression(capacityAlarm)).toBe('IF(FILL(throttles, 0) > 0, 100, 0)');
    expect(metrics(capacityAlarm)).toEqual({ throttles: ofAlias('Throttles', 'Sum') });
    expect(rendered(capacityAlarm).AlarmDescription).toMatch(/^Stack\/Live is throttled\. /);
  });

  test('alarms in another stack contain the timeout of the function', () => {
    const live = alias();
    const other = new Stack(stack.node.scope!, 'Other');
    const { durationAlarm } = new FunctionAlarms(other, 'Alarms', { function: live });
    (live.lambda.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 60);
    const id = other.getLogicalId(durationAlarm.node.defaultChild as cloudwatch.CfnAlarm);
    expect(Template.fromStack(other).toJSON().Resources[id].Properties.Metrics[0].Expression).toBe('duration / (10 * 60)');
  });
});

describe('sources', () => {
  test('addQueueAlarm() is on the age of the oldest message', () => {
    const queue = new sqs.Queue(stack, 'Orders');
    expect(rendered(alarms().addQueueAlarm('Orders', queue, Duration.minutes(10)))).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 600,
      EvaluationPeriods: 15,
      AlarmDescription: expect.stringContaining('Messages of Stack/Orders wait longer than 10 minutes for Stack/Live.'),
    });
  });

  test('addStreamAlarm() is on the iterator age', () => {
    expect(rendered(alarms().addStreamAlarm('Stream'))).toMatchObject({
      MetricName: 'IteratorAge', Statistic: 'Maximum', Period: 60, Threshold: 60_000, EvaluationPeriods: 5,
    });
  });
});

describe('of a ProductionFunction', () => {
  test('are not created by default', () => {
    expect(new ProductionFunction(stack, 'Pay', REQUIRED).alarms).toBeUndefined();
  });

  test('have its timeout and its maximum event age', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, timeout: Duration.seconds(20), maxEventAge: Duration.minutes(10), alarms: { durationThreshold: 50 } });
    expect(expression(pay.alarms!.durationAlarm)).toBe('duration / (10 * 20)');
    expect(rendered(pay.alarms!.durationAlarm).Threshold).toBe(50);
    expect(expression(pay.alarms!.lostEventsAlarm)).toContain('> 300000');
    expect(rendered(pay.alarms!.errorRateAlarm).Metrics[1].MetricStat.Metric.Dimensions[1].Value['Fn::Join'][1].at(-1)).toBe(':live');
  });

  test('are alarms of its live alias', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
    const own = new FunctionAlarms(stack, 'Own', { function: pay.live });
    const { AlarmDescription: _a, ...one } = rendered(own.errorRateAlarm);
    const { AlarmDescription: _b, ...other } = rendered(pay.alarms!.errorRateAlarm);
    expect(one).toEqual(other);
  });
});

test('may roll back the releases of the same alias', () => {
  const live = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay') });
  live.deploymentGroup.addAlarm(alarms({ function: live }).errorRateAlarm);
  expectNoCycle(stack);
  const [group] = Object.values(Template.fromStack(stack).findResources('AWS::CodeDeploy::DeploymentGroup'));
  expect(group.Properties.AlarmConfiguration.Alarms).toHaveLength(3);
});

describe('failures', () => {
  test.each<[Partial<FunctionAlarmsProps>, string]>([
    [{ errorRateThreshold: -1 }, "'errorRateThreshold' must be between 0 and 99, got -1; it is the percentage of failed requests"],
    [{ errorRateThreshold: 100 }, "'errorRateThreshold' must be between 0 and 99, got 100; it is the percentage of failed requests"],
    [{ durationThreshold: 0 }, "'durationThreshold' must be between 1 and 99, got 0; it is a percentage of the timeout"],
    [{ durationThreshold: 100 }, "'durationThreshold' must be between 1 and 99, got 100; it is a percentage of the timeout"],
    [{ runbook: '' }, "'runbook' must be between 1 and 500, got 0; it is a number of characters: link to a longer text"],
    [{ runbook: 'x'.repeat(501) }, "'runbook' must be between 1 and 500, got 501; it is a number of characters: link to a longer text"],
    [{ maxEventAge: Duration.seconds(59) }, "'maxEventAge' must be between 1 minute and 6 hours, got 59 seconds; use the maximum event age of asynchronous invocation"],
    [{ maxEventAge: Duration.seconds(21_601) }, "'maxEventAge' must be between 1 minute and 6 hours, got 6 hours 1 second; use the maximum event age of asynchronous invocation"],
  ])('fails when %j', (props, message) => {
    expect(() => alarms(props)).toThrow(`${message} (at Stack/Alarms)`);
  });
});
