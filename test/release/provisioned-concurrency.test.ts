import { CfnParameter, type Stack, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, ProvisionedConcurrency, type ProvisionedConcurrencyOptions } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { dependenciesOf, expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

const canary = (props?: Partial<lambda.FunctionProps>) => new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay', props) });
const warm = (options: Partial<ProvisionedConcurrencyOptions> = {}, alias: lambda.Alias = canary()) => new ProvisionedConcurrency(stack, 'Warm', { alias, min: 2, max: 20, ...options });
const mornings = appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '45' });

function template(): Template {
  const found = Template.fromStack(stack);
  expectNoCycle(found);
  return found;
}

describe('defaults', () => {
  test('the alias has the minimum at first', () => {
    warm();
    template().hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
  });

  test('a template with a canary and provisioned concurrency has no weights', () => {
    warm();
    template().hasResource('AWS::Lambda::Alias', {
      Properties: { RoutingConfig: Match.absent(), ProvisionedConcurrencyConfig: Match.anyValue() },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: Match.anyValue() },
    });
  });

  test('the scalable target depends on the alias', () => {
    warm();
    const found = template();
    const [alias] = Object.keys(found.findResources('AWS::Lambda::Alias'));
    const [[id, target]] = Object.entries(found.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
    expect(target.Properties).toMatchObject({ MinCapacity: 2, MaxCapacity: 20, ScalableDimension: 'lambda:function:ProvisionedConcurrency', ServiceNamespace: 'lambda' });
    expect([...dependenciesOf(found.toJSON()).get(id)!]).toContain(alias);
  });

  test('scales at a utilization of 70 %', () => {
    warm();
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.7,
        PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
      },
    });
  });

  test('an alarm fires while requests spill over', () => {
    const { spilloverAlarm } = warm();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'ProvisionedConcurrencySpilloverInvocations',
      Statistic: 'Sum',
      Period: 60,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
      AlarmDescription: Match.stringLikeRegexp('Requests to Stack/Live are served by on-demand environments'),
      Dimensions: [
        { Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^Pay') } },
        { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('^Pay') }, ':live']] } },
      ],
    });
    expect(spilloverAlarm.node.path).toBe('Stack/Warm/SpilloverAlarm');
  });

  test('creates three resources', () => {
    const alias = canary();
    const before = Object.keys(template().toJSON().Resources).length;
    stack = newStack();
    warm();
    expect(Object.keys(template().toJSON().Resources).length - before).toBe(3);
    expect(alias).toBeDefined();
  });
});

test('accepts an alias without CodeDeploy, and does not change its provisioned concurrency', () => {
  const alias = new lambda.Alias(stack, 'Own', { aliasName: 'own', version: plainFunction(stack, 'Pay').currentVersion, provisionedConcurrentExecutions: 4 });
  warm({}, alias);
  template().hasResourceProperties('AWS::Lambda::Alias', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 4 } });
});

test.each([0.1, 0.9])('scales at a targetUtilization of %d', targetUtilization => {
  warm({ targetUtilization });
  template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', { TargetTrackingScalingPolicyConfiguration: { TargetValue: targetUtilization } });
});

test('schedules set other ranges at other times, in their time zone', () => {
  warm({
    schedules: [
      { schedule: mornings, timeZone: TimeZone.EUROPE_BERLIN, min: 10 },
      { schedule: appscaling.Schedule.cron({ hour: '19', minute: '0' }), timeZone: TimeZone.ETC_UTC, min: 1, max: 5 },
    ],
  });
  template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ScheduledActions: [
      { Schedule: 'cron(45 7 ? * MON-FRI *)', Timezone: 'Europe/Berlin', ScheduledActionName: 'Schedule1', ScalableTargetAction: { MinCapacity: 10 } },
      { Schedule: 'cron(0 19 * * ? *)', Timezone: 'Etc/UTC', ScheduledActionName: 'Schedule2', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 5 } },
    ],
  });
});

describe('warnings', () => {
  test.each([[20, 1], [39, 1], [40, 0], [100, 0]])('with %d reserved for a maximum of 20: %d', (reservedConcurrentExecutions, count) => {
    const found = warm({}, canary({ reservedConcurrentExecutions }));
    expect(warningsOf(found)).toHaveLength(count);
  });

  test('contain the calculation', () => {
    expect(warningsOf(warm({}, canary({ reservedConcurrentExecutions: 30 })))[0]).toContain(
      "30 reserved − 2 × 20 provisioned = -10: during a release the old and the new version can each have 'max' environments, and environments that do not fit are not provisioned; reserve at least 40, or lower 'max'");
  });
});

test('tokens remain references', () => {
  const token = new CfnParameter(stack, 'Max', { type: 'Number' }).valueAsNumber;
  const schedules = [{ schedule: mornings, timeZone: TimeZone.ETC_UTC, min: token, max: token }];
  expect(() => warm({ min: token, max: token, targetUtilization: token, schedules },
    canary({ reservedConcurrentExecutions: token }))).not.toThrow();
  expect(warningsOf(stack)).toEqual([]);
});

describe('failures', () => {
  const fewer = 'with fewer the configuration is deleted and the next update of the alias fails';

  test.each<[Partial<ProvisionedConcurrencyOptions>, string]>([
    [{ min: 0 }, `'min' must be at least 1, got 0; ${fewer}`],
    [{ min: 21 }, "'min' must be at most 'max', got 21 and 20; raise 'max'"],
    [{ targetUtilization: 0.09 }, "'targetUtilization' must be between 0.1 and 0.9, got 0.09; it is a share of 1"],
    [{ targetUtilization: 0.91 }, "'targetUtilization' must be between 0.1 and 0.9, got 0.91; it is a share of 1"],
    [{ schedules: [{ schedule: mornings, timeZone: TimeZone.ETC_UTC, min: 0 }] }, `'schedules.min' must be at least 1, got 0; ${fewer}`],
    [{ schedules: [{ schedule: mornings, timeZone: TimeZone.ETC_UTC, min: 21 }] }, "'schedules.min' must be at most 'max', got 21 and 20; raise 'max'"],
    [{ schedules: [{ schedule: mornings, timeZone: TimeZone.ETC_UTC, min: 5, max: 4 }] }, "'schedules.min' must be at most 'max', got 5 and 4; raise 'max'"],
    [{ max: 51 }, "'max' must be at most the reserved concurrency 50, got 51; lower 'max' or raise 'reservedConcurrentExecutions'"],
    [{ schedules: [{ schedule: mornings, timeZone: TimeZone.ETC_UTC, min: 5, max: 51 }] }, "'max' must be at most the reserved concurrency 50, got 51; lower 'max' or raise 'reservedConcurrentExecutions'"],
  ])('fails when %j', (options, message) => {
    expect(() => warm(options, canary({ reservedConcurrentExecutions: 50 }))).toThrow(`${message} (at Stack/Warm)`);
  });

  test('accepts a maximum equal to the reserved concurrency', () => {
    expect(() => warm({ max: 50 }, canary({ reservedConcurrentExecutions: 50 }))).not.toThrow();
  });

  test('fails when the alias has static weights', () => {
    const fn = plainFunction(stack, 'Pay');
    const old = lambda.Version.fromVersionArn(stack, 'Old', `${fn.functionArn}:1`);
    const alias = new lambda.Alias(stack, 'Own', { aliasName: 'own', version: fn.currentVersion, additionalVersions: [{ version: old, weight: 0.1 }] });
    expect(() => warm({}, alias)).toThrow("'alias' must have no static weights, got Stack/Own with 'additionalVersions'; Lambda accepts weights or provisioned concurrency on an alias, not both (at Stack/Warm)");
  });

  test('fails when the function has SnapStart', () => {
    expect(() => warm({}, canary({ runtime: lambda.Runtime.JAVA_21, code: lambda.Code.fromBucket({ bucketName: 'b' } as any, 'k', 'v'), snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS })))
      .toThrow("'alias' must be of a function without SnapStart, got Stack/Live; Lambda supports SnapStart or provisioned concurrency, not both (at Stack/Warm)");
  });
});
