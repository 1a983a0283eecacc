import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
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
const alarms = (props: Partial<FunctionAlarmsProps> = {}) => new FunctionAlarms(stack, 'Alarms', { alias: props.alias ?? alias(), ...props });

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
  test('four alarms are made, none with an action, and a minute without data is a good one', () => {
    alarms();
    const found = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(found).toHaveLength(4);
    for (const { Properties } of found) {
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanThreshold' });
      expect(Properties.AlarmActions).toBeUndefined();
      expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1_024);
    }
  });

  test('errors: more than 1 % through the alias, three minutes in a row', () => {
    const { errors } = alarms();
    expect(expression(errors)).toBe('100 * errors / invocations');
    expect(metrics(errors)).toEqual({ errors: ofAlias('Errors', 'Sum'), invocations: ofAlias('Invocations', 'Sum') });
    expect(rendered(errors)).toMatchObject({ Threshold: 1, EvaluationPeriods: 3 });
    expect(rendered(errors).AlarmDescription).toBe('More than 1 % of the requests to Stack/Live fail. '
      + 'Look for a release under way and stop it; else read the errors in the log group, newest first, and what the function calls.');
  });

  test('duration: p99 above 80 % of the timeout for fifteen minutes', () => {
    const { duration } = alarms();
    expect(expression(duration)).toBe('duration / (10 * 10)');
    expect(metrics(duration)).toEqual({ duration: ofAlias('Duration', 'p99') });
    expect(rendered(duration)).toMatchObject({ Threshold: 80, EvaluationPeriods: 15 });
  });

  test('duration: three seconds where no timeout is stated', () => {
    expect(expression(alarms({ alias: alias({ timeout: undefined }) }).duration)).toBe('duration / (10 * 3)');
  });

  test('capacity: throttled, for five minutes', () => {
    const { capacity } = alarms();
    expect(expression(capacity)).toBe('IF(FILL(throttles, 0) > 0, 100, 0)');
    expect(metrics(capacity)).toEqual({ throttles: ofAlias('Throttles', 'Sum') });
    expect(rendered(capacity)).toMatchObject({ Threshold: 80, EvaluationPeriods: 5 });
    expect(rendered(capacity).AlarmDescription).toMatch(/^Stack\/Live is throttled\. /);
  });

  test('capacity: more than 80 % of what is reserved', () => {
    const { capacity } = alarms({ alias: alias({ reservedConcurrentExecutions: 50 }) });
    expect(expression(capacity)).toBe('MAX([IF(FILL(throttles, 0) > 0, 100, 0), 100 * FILL(concurrent, 0) / 50])');
    expect(metrics(capacity)).toEqual({ throttles: ofAlias('Throttles', 'Sum'), concurrent: ofFunction('ConcurrentExecutions', 'Maximum') });
    expect(rendered(capacity).AlarmDescription).toMatch(/^Stack\/Live is throttled or uses more than 80 % of its reserved concurrency\. /);
  });

  test('lostWork: anything lost, or older than half an hour, at once', () => {
    const { lostWork } = alarms();
    expect(expression(lostWork)).toBe('FILL(dropped, 0) + FILL(undelivered, 0) + FILL(unqueued, 0) + FILL(looped, 0) + IF(FILL(age, 0) > 1800000, 1, 0)');
    expect(metrics(lostWork)).toEqual({
      dropped: ofFunction('AsyncEventsDropped', 'Sum'),
      undelivered: ofFunction('DestinationDeliveryFailures', 'Sum'),
      unqueued: ofFunction('DeadLetterErrors', 'Sum'),
      looped: ofFunction('RecursiveInvocationsDropped', 'Sum'),
      age: ofFunction('AsyncEventAge', 'Maximum'),
    });
    expect(rendered(lostWork)).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
  });
});

describe('props', () => {
  test.each([0, 99])('errorRateThreshold %d', errorRateThreshold => {
    expect(rendered(alarms({ errorRateThreshold }).errors).Threshold).toBe(errorRateThreshold);
  });

  test.each([1, 99])('durationThreshold %d', durationThreshold => {
    expect(rendered(alarms({ durationThreshold }).duration).Threshold).toBe(durationThreshold);
  });

  test.each([60, 21_600])('maxEventAge %d', seconds => {
    expect(expression(alarms({ maxEventAge: Duration.seconds(seconds) }).lostWork)).toContain(`IF(FILL(age, 0) > ${seconds * 500}, 1, 0)`);
  });

  test('runbook ends every description', () => {
    const made = alarms({ runbook: 'https://wiki.example.com/pay' });
    made.addStream('Stream');
    for (const { Properties } of Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))) {
      expect(Properties.AlarmDescription).toMatch(/ Runbook: https:\/\/wiki\.example\.com\/pay$/);
    }
  });

  test('tokens are left to CloudWatch', () => {
    const token = new CfnParameter(stack, 'Number', { type: 'Number' });
    const { errors, duration } = alarms({
      errorRateThreshold: token.valueAsNumber,
      durationThreshold: token.valueAsNumber,
      runbook: token.valueAsString,
      alias: alias({ timeout: Duration.seconds(token.valueAsNumber) }),
    });
    expect(rendered(errors).Threshold).toEqual({ Ref: 'Number' });
    expect(rendered(duration).Metrics[0].Expression).toEqual({ 'Fn::Join': ['', ['duration / (10 * ', { Ref: 'Number' }, ')']] });
  });
});

describe('sources', () => {
  test('addQueue() watches the oldest message', () => {
    const queue = new sqs.Queue(stack, 'Orders');
    expect(rendered(alarms().addQueue('Orders', queue, Duration.minutes(10)))).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 600,
      EvaluationPeriods: 15,
      AlarmDescription: expect.stringContaining('Messages of Stack/Orders wait longer than 600 s for Stack/Live.'),
    });
  });

  test('addStream() watches how far behind the function is', () => {
    expect(rendered(alarms().addStream('Stream'))).toMatchObject({
      MetricName: 'IteratorAge', Statistic: 'Maximum', Period: 60, Threshold: 60_000, EvaluationPeriods: 5,
    });
  });
});

describe('of a ProductionFunction', () => {
  test('there are none by default', () => {
    expect(new ProductionFunction(stack, 'Pay', REQUIRED).alarms).toBeUndefined();
  });

  test('they know its timeout and the age of its events', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, timeout: Duration.seconds(20), maxEventAge: Duration.minutes(10), alarms: { durationThreshold: 50 } });
    expect(expression(pay.alarms!.duration)).toBe('duration / (10 * 20)');
    expect(rendered(pay.alarms!.duration).Threshold).toBe(50);
    expect(expression(pay.alarms!.lostWork)).toContain('> 300000');
    expect(rendered(pay.alarms!.errors).Metrics[1].MetricStat.Metric.Dimensions[1].Value['Fn::Join'][1].at(-1)).toBe(':live');
  });

  test('are those of its live alias', () => {
    const pay = new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
    const own = new FunctionAlarms(stack, 'Own', { alias: pay.live });
    const { AlarmDescription: _a, ...one } = rendered(own.errors);
    const { AlarmDescription: _b, ...other } = rendered(pay.alarms!.errors);
    expect(one).toEqual(other);
  });
});

test('they may guard the releases of the same alias', () => {
  const live = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay') });
  live.deploymentGroup.addAlarm(alarms({ alias: live }).errors);
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
    [{ runbook: '' }, "'runbook' must be between 1 and 500, got 0; it is a number of characters: link to the rest"],
    [{ runbook: 'x'.repeat(501) }, "'runbook' must be between 1 and 500, got 501; it is a number of characters: link to the rest"],
    [{ maxEventAge: Duration.seconds(59) }, "'maxEventAge' must be between 60 and 21600, got 59; it is the one of the asynchronous configuration, in seconds"],
    [{ maxEventAge: Duration.seconds(21_601) }, "'maxEventAge' must be between 60 and 21600, got 21601; it is the one of the asynchronous configuration, in seconds"],
  ])('fails when %j', (props, message) => {
    expect(() => alarms(props)).toThrow(`${message} (at Stack/Alarms)`);
  });
});
