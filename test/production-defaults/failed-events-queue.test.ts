import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { withDefaults, propsOf } from './app';
import { ProductionDefaults } from '../../src';
import { DEFAULTS } from '../../src/defaults';
import { plainFunction } from '../support/plain-function';

const { FailureQueue: DEAD } = DEFAULTS;

describe('failed asynchronous events', () => {
  const scheduled = (
    target: (fn: lambda.Function) => lambda.IFunction, props: (s: Stack) => Partial<lambda.FunctionProps> = () => ({}),
  ) => withDefaults(s => {
    new events.Rule(s, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(target(plainFunction(s, 'Work', props(s))))] });
  });

  test.each<[string, (fn: lambda.Function) => lambda.IFunction]>([['the function', fn => fn], ['its alias', fn => fn.addAlias('live')]])('are retained if a rule invokes %s', (_name, target) => {
    const stack = scheduled(target);
    expect(propsOf(stack, 'Lambda::Function').DeadLetterConfig).toEqual({ TargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaFailedEvents/), 'Arn'] } });
    expect(JSON.stringify(propsOf(stack, 'IAM::Policy'))).toContain('sqs:SendMessage');
    expect(propsOf(stack, 'SQS::Queue').MessageRetentionPeriod).toBe(DEAD.retentionDays.value * 86_400);
  });

  test('are sent to the destination of the user', () => {
    const stack = scheduled(fn => fn, s => ({ onFailure: new destinations.SqsDestination(new sqs.Queue(s, 'Own')) }));
    expect(propsOf(stack, 'Lambda::Function')).not.toHaveProperty('DeadLetterConfig');
    const dead = scheduled(fn => fn, s => ({ deadLetterQueue: new sqs.Queue(s, 'Own') }));
    expect(propsOf(dead, 'Lambda::Function').DeadLetterConfig.TargetArn['Fn::GetAtt'][0]).toMatch(/^Own/);
    Template.fromStack(dead).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test('need no queue if no service invokes the function asynchronously', () => {
    const stack = withDefaults(s => new apigwv2.HttpApi(s, 'Api', { defaultIntegration: new integrations.HttpLambdaIntegration('Work', plainFunction(s, 'Work')) }));
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
  });

  test('have no queue if the role is in another stack, because the stacks would depend on each other', () => {
    const app = new App();
    ProductionDefaults.applyTo(app);
    const [roles, functions] = [new Stack(app, 'Roles'), new Stack(app, 'Functions')];
    const role = new iam.Role(roles, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    new events.Rule(functions, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(plainFunction(functions, 'Work', { role }))] });

    expect(propsOf(functions, 'Lambda::Function')).not.toHaveProperty('DeadLetterConfig');
    expect(propsOf(functions, 'Lambda::Function').TracingConfig).toEqual({ Mode: 'Active' });
    Template.fromStack(functions).resourceCountIs('AWS::Logs::LogGroup', 0);
  });
});
