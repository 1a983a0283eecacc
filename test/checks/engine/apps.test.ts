import { appsOf } from '../../../src/checks/engine/apps';
import type { TemplateInput } from '../../../src/checks/graph';

function template(name: string, Resources: Record<string, unknown>, Outputs = {}): TemplateInput {
  return { name, template: { Resources, Outputs } };
}

const names = (inputs: TemplateInput[]) => appsOf(inputs).map(app => app.map(({ name }) => name));

const queue = (QueueName: string) => ({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } });

describe('templates of one app', () => {
  test('one names a queue of the other', () => {
    const user = { Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { QUEUE: 'jobs-queue' } } } } };
    expect(names([template('a', queue('jobs-queue')), template('b', user)])).toEqual([['a', 'b']]);
  });

  test('the name is a part of an ARN', () => {
    const user = { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs-queue' } } };
    expect(names([template('a', user), template('b', queue('jobs-queue'))])).toEqual([['a', 'b']]);
  });

  test('one imports an export of the other', () => {
    const outputs = { Url: { Value: 'x', Export: { Name: 'shared-url' } } };
    const user = { Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { URL: { 'Fn::ImportValue': 'shared-url' } } } } } };
    expect(names([template('a', {}, outputs), template('b', user)])).toEqual([['a', 'b']]);
  });

  test.each([
    ['Fn::Sub', { 'Fn::Sub': '${Stage}-url' }, [['a', 'b']]],
    ['Fn::Join', { 'Fn::Join': ['-', [{ Ref: 'Stage' }, 'url']] }, [['a', 'b']]],
    ['a parameter', { Ref: 'Name' }, [['a', 'b']]],
    ['a parameter without a default', { 'Fn::Sub': '${Given}-url' }, [['a'], ['b']]],
    ['the name of the stack', { 'Fn::Sub': '${AWS::StackName}-url' }, [['a'], ['b']]],
  ])('one imports an export of the other by %s', (_, name, expected) => {
    const Parameters = { Stage: { Type: 'String', Default: 'prod' }, Name: { Type: 'String', Default: 'prod-url' }, Given: { Type: 'String' } };
    const user = { Fn: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { URL: { 'Fn::ImportValue': name } } } } } };
    const inputs = [template('a', {}, { Url: { Value: 'x', Export: { Name: 'prod-url' } } }), { name: 'b', template: { Parameters, Resources: user } }];
    expect(names(inputs)).toEqual(expected);
  });

  test('one reads a value of the other in another Region', () => {
    const writer = { Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps: { exports: { '/cdk/exports/b/Arn': 'x' } } } } };
    const user = { Site: { Type: 'Some::Type', Properties: { Arn: { 'Fn::GetAtt': ['Reader', '/cdk/exports/b/Arn'] } } } };
    expect(names([template('a', writer), template('b', user)])).toEqual([['a', 'b']]);
  });
});

describe('templates of different apps', () => {
  test.each([
    ['the name of a metric', 'AWS::CloudWatch::Alarm', { MetricName: 'Errors' }],
    ['the name of a stage', 'AWS::ApiGateway::Stage', { StageName: 'production' }],
    ['a predefined deployment configuration', 'AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce' }],
  ])('%s, which no other resource refers to, is in both', (_, Type, Properties) => {
    const resources = { Same: { Type, Properties } };
    expect(names([template('a', resources), template('b', resources)])).toEqual([['a'], ['b']]);
  });
});
