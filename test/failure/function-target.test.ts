import { Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FunctionTarget, type FunctionTargetOptions } from '../../src';
import { settleFunction } from '../support/event-consumers';
import { newStack } from '../support/plain-function';
import { only } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const rule = (stack: Stack, target: events.IRuleTarget) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['payments'] }, targets: [target] });
const schedule = (stack: Stack, target: scheduler.IScheduleTarget) => new scheduler.Schedule(stack, 'Schedule', { schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)), target });
const ALIAS = { Ref: expect.stringMatching(/^SettleLive/) };
const QUEUE = { 'Fn::GetAtt': ['ProductionLambdaFailureQueue928EBCD2', 'Arn'] };

test('a rule invokes the live alias, and sends undelivered events to the failure queue of its stack after an hour', () => {
  const stack = newStack();
  rule(stack, FunctionTarget.forRule(settleFunction(stack)));
  expect(only(stack, 'AWS::Events::Rule').Properties.Targets).toEqual([{
    Arn: ALIAS, Id: 'Target0', DeadLetterConfig: { Arn: QUEUE }, RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 },
  }]);
  const policy = only(stack, 'AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement;
  expect(policy).toContainEqual(expect.objectContaining({ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' }, Resource: QUEUE }));
  expectNoCycle(stack);
});

test('a schedule invokes the live alias, and sends undelivered events to the failure queue of its stack after an hour', () => {
  const stack = newStack();
  schedule(stack, FunctionTarget.forSchedule(settleFunction(stack)));
  expect(only(stack, 'AWS::Scheduler::Schedule').Properties.Target).toMatchObject({
    Arn: ALIAS, DeadLetterConfig: { Arn: QUEUE }, RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 },
  });
  expectNoCycle(stack);
});

const OWN = { maxEventAge: Duration.minutes(5), retryAttempts: 3 };

test('options reach the rule', () => {
  const stack = newStack();
  rule(stack, FunctionTarget.forRule(settleFunction(stack), { ...OWN, deadLetterQueue: new sqs.Queue(stack, 'Q'), event: events.RuleTargetInput.fromText('now') }));
  expect(only(stack, 'AWS::Events::Rule').Properties.Targets).toMatchObject([{
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Q/), 'Arn'] } }, RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 3 }, Input: '"now"',
  }]);
});

test('options reach the schedule', () => {
  const stack = newStack();
  schedule(stack, FunctionTarget.forSchedule(settleFunction(stack), { ...OWN, deadLetterQueue: new sqs.Queue(stack, 'Q'), input: scheduler.ScheduleTargetInput.fromText('now') }));
  expect(only(stack, 'AWS::Scheduler::Schedule').Properties.Target).toMatchObject({
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Q/), 'Arn'] } }, RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 3 }, Input: 'now',
  });
});

const TOKENS = { maxEventAge: Duration.seconds(Token.asNumber(Fn.importValue('age'))), retryAttempts: Token.asNumber(Fn.importValue('count')) };
const RESOLVED = { MaximumEventAgeInSeconds: { 'Fn::ImportValue': 'age' }, MaximumRetryAttempts: { 'Fn::ImportValue': 'count' } };

test('options of a rule can be tokens', () => {
  const stack = newStack();
  rule(stack, FunctionTarget.forRule(settleFunction(stack), TOKENS));
  expect(only(stack, 'AWS::Events::Rule').Properties.Targets[0].RetryPolicy).toEqual(RESOLVED);
});

test.each<keyof typeof TOKENS>(['maxEventAge', 'retryAttempts'])('%s of a schedule fails when it is a token', prop => {
  expect(() => FunctionTarget.forSchedule(settleFunction(newStack()), { [prop]: TOKENS[prop] }))
    .toThrow(new Error(`'${prop}' of a schedule must be known at synthesis, got a token, which CDK's Schedule rejects; set a number (at Stack/Settle)`));
});

describe.each<[string, (stack: Stack, options: FunctionTargetOptions) => unknown]>([
  ['a rule', (stack, options) => FunctionTarget.forRule(settleFunction(stack), options)],
  ['a schedule', (stack, options) => FunctionTarget.forSchedule(settleFunction(stack), options)],
])('%s fails when', (_, create) => {
  test.each<[FunctionTargetOptions, string]>([
    [{ maxEventAge: Duration.seconds(59) }, "'maxEventAge' must be between 1 minute and 1 day, got 59 seconds; raise it (at Stack/Settle)"],
    [{ maxEventAge: Duration.seconds(86_401) }, "'maxEventAge' must be between 1 minute and 1 day, got 1 day 1 second; lower it (at Stack/Settle)"],
    [{ retryAttempts: -1 }, "'retryAttempts' must be between 0 and 185, got -1; it is a number of attempts (at Stack/Settle)"],
    [{ retryAttempts: 186 }, "'retryAttempts' must be between 0 and 185, got 186; it is a number of attempts (at Stack/Settle)"],
  ])('%j', (options, message) => expect(() => create(newStack(), options)).toThrow(new Error(message)));

  test('the dead-letter queue is a FIFO queue', () => {
    const stack = newStack();
    expect(() => create(stack, { deadLetterQueue: new sqs.Queue(stack, 'Q', { fifo: true }) }))
      .toThrow(new Error("'deadLetterQueue' must be a standard queue, got a FIFO queue; EventBridge cannot deliver to FIFO queues (at Stack/Settle)"));
  });

  test.each<FunctionTargetOptions>([{ maxEventAge: Duration.seconds(60) }, { maxEventAge: Duration.hours(24) }, { retryAttempts: 0 }, { retryAttempts: 185 }])('not at %j', options =>
    expect(() => create(newStack(), options)).not.toThrow());
});
