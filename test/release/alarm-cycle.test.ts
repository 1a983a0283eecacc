import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Access, CanaryAlias, Entrance, HttpEntrance, ProductionFunction, TrafficHook } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { production } from '../support/production-function';
import { expectNoCycle, findCycle } from '../support/template-graph';

let stack: Stack;
let pay: ProductionFunction;
beforeEach(() => {
  stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
  pay = production(stack);
});

const entranceOf = (entrance: Entrance, scope = stack, fn = pay) =>
  new HttpEntrance(scope, 'Api', { entrance, access: Access.iam(), routes: [{ path: '/x', function: fn }] });
const synth = () => Template.fromStack(stack);
const WAY_OUT = /'deploymentGroup' must not have an alarm that depends on the alias, .*, got the cycle Stack\/Pay\/Live\/Release\/Resource → .*; let the function publish its failed responses in the metric 'Faults'/;

describe('an alarm of the entrance in the release', () => {
  test('is accepted for an HTTP API, whose alarms do not depend on its routes', () => {
    pay.live.deploymentGroup.addAlarm(entranceOf(Entrance.httpApi()).errorRateAlarm);
    expectNoCycle(synth());
  });

  test('is rejected for a REST API, whose stage depends on its methods', () => {
    pay.live.deploymentGroup.addAlarm(entranceOf(Entrance.restApi()).errorRateAlarm);
    expect(synth).toThrow(WAY_OUT);
    expect(synth).toThrow(/→ Stack\/Api\/ErrorRateAlarm\/Resource → .*DeploymentStage.* → Stack\/Pay\/Live\/Resource → Stack\/Pay\/Live\/Release\/Resource;/);
  });

  test('is accepted for a function URL', () => {
    pay.live.deploymentGroup.addAlarm(entranceOf(Entrance.functionUrl()).errorRateAlarm);
    expectNoCycle(synth());
  });

  test('is rejected for a REST API of plain constructs too', () => {
    const api = new apigateway.LambdaRestApi(stack, 'Rest', { handler: pay });
    pay.live.deploymentGroup.addAlarm(api.deploymentStage.metricServerError().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 }));
    expect(synth).toThrow(WAY_OUT);
  });

  test('is accepted with the names of the API and the stage as text', () => {
    const api = new apigateway.LambdaRestApi(stack, 'Rest', { handler: pay, restApiName: 'payments' });
    const metric = new cloudwatch.Metric({
      namespace: 'AWS/ApiGateway', metricName: '5XXError', dimensionsMap: { ApiName: 'payments', Stage: 'prod' },
    });
    expect(stack.resolve(api.deploymentStage.stageName)).toEqual({ Ref: expect.stringContaining('DeploymentStageprod') });
    pay.live.deploymentGroup.addAlarm(metric.createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 }));
    expectNoCycle(synth());
  });

  test('is rejected among the additional alarms, and after an override of the group', () => {
    const fn = plainFunction(stack, 'Refund');
    const alarm = new cloudwatch.Alarm(stack, 'Alarm', { metric: new cloudwatch.Metric({ namespace: 'N', metricName: 'M' }), threshold: 1, evaluationPeriods: 1 });
    const live = new CanaryAlias(stack, 'Live', { function: fn, additionalAlarms: [alarm] });
    expectNoCycle(synth());
    alarm.node.addDependency(live);
    expect(() => (stack.node.root as App).synth({ force: true })).toThrow(/must not have an alarm that depends on the alias/);
  });

  test('is rejected when the function is in a nested stack', () => {
    const nested = new NestedStack(stack, 'Nested');
    const inside = production(nested, {}, 'Inside');
    const api = entranceOf(Entrance.restApi(), stack, inside);
    inside.live.deploymentGroup.addAlarm(api.errorRateAlarm);
    expect(synth).toThrow(/must not have an alarm that depends on the alias, .* got the cycle Stack\/Nested.NestedStack\/Nested.NestedStackResource → /);
  });

  test('is rejected by CDK when the entrance is in another stack', () => {
    const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111111111111', region: 'eu-west-1' } });
    pay.live.deploymentGroup.addAlarm(entranceOf(Entrance.restApi(), other).errorRateAlarm);
    expect(() => (stack.node.root as App).synth()).toThrow(/cyclic reference|depends on/);
  });
});

test('other alarms of the function are accepted', () => {
  const queue = new sqs.Queue(stack, 'Queue');
  pay.live.deploymentGroup.addAlarm(queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) })
    .createAlarm(stack, 'Age', { threshold: 60, evaluationPeriods: 1 }));
  pay.live.deploymentGroup.addAlarm(new cloudwatch.Alarm(stack, 'Throttles', {
    metric: pay.definition.metricThrottles(), threshold: 1, evaluationPeriods: 1,
  }));
  expectNoCycle(synth());
});

test('a metric of the alias itself is a cycle, because CDK reads the name of the alias from the resource', () => {
  pay.live.deploymentGroup.addAlarm(pay.live.metricErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 }));
  let rejected = false;
  try {
    synth();
  } catch {
    rejected = true;
  }
  const template = (stack.node.root as App).synth({ skipValidation: true, force: true }).getStackByName('Stack').template;
  expect(rejected).toBe(findCycle(template) !== undefined);
});

test('a cycle through an alarm is not reported as a cycle through the hook', () => {
  const fn = plainFunction(stack, 'Refund');
  const live = new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(plainFunction(stack, 'Probe')) });
  const api = new apigateway.LambdaRestApi(stack, 'Rest', { handler: live });
  live.deploymentGroup.addAlarm(api.deploymentStage.metricServerError().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 }));
  expect(synth).toThrow(/'deploymentGroup' must not have an alarm/);
  expect(synth).not.toThrow(/'preTraffic'/);
});
