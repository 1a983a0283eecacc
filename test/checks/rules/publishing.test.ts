import { App, CfnCondition, CfnParameter, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { alias, att, fn, image, messages, r, ref, version } from './harness';
import { CanaryAlias, ProductionFunction } from '../../../src';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { plainFunction, REQUIRED } from '../../support/plain-function';

const FLAG = { Type: 'String', Default: 'a' };
const released = (props: object) => ({ Fn: fn(props), Version1: version(), Live: alias({ FunctionVersion: att('Version1', 'Version') }) });
const variable = (value: unknown) => ({ Environment: { Variables: { RATE: value } } });
const sam = (props: object) => ({ Fn: r('AWS::Serverless::Function', { CodeUri: 'src/', AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true, ...props }) });
const got = (id: string, resources: Record<string, object>, extra: object = {}) =>
  messages(id, resources, extra).map(message => /^'([^']+)' must .*?, got (.*?);/.exec(message)!.slice(1).join(' = '));

describe('LP-P40: a value of the deployment', () => {
  test.each<[string, unknown, object, string[]]>([
    ['a parameter', ref('Rate'), {}, ['Environment.Variables.RATE = the parameter Rate']],
    ['Fn::Sub of a parameter', { 'Fn::Sub': 'x-${Rate}-${AWS::Region}' }, {}, ['Environment.Variables.RATE = the parameter Rate']],
    ['a variable of Fn::Sub', { 'Fn::Sub': ['${Rate}', { Rate: 'literal' }] }, {}, []],
    ['a condition on a parameter', { 'Fn::If': ['High', '1', '2'] }, { Conditions: { High: { 'Fn::Equals': [ref('Rate'), 'x'] } } }, ['Environment.Variables.RATE = the parameter Rate']],
    ['a condition on the stage', { 'Fn::If': ['IsProd', '1', '2'] }, { Conditions: { IsProd: { 'Fn::Equals': [ref('Stage'), 'prod'] } } }, []],
    ['the newest value of SSM', ref('Ssm'), {}, ['Environment.Variables.RATE = the SSM parameter /rate']],
    ['a secret parameter', ref('Key'), {}, ['Environment.Variables.RATE = the secret parameter Key']],
    ['a parameter that identifies the deployment', ref('Stage'), {}, []],
    ['a network', { 'Fn::Select': [0, ref('Subnets')] }, {}, []],
    ['a resource', ref('Table'), {}, []],
    ['an import, which CloudFormation does not change', { 'Fn::ImportValue': { 'Fn::Sub': '${Rate}-table' } }, {}, []],
  ])('%s', (_, value, extra, expected) => {
    const Parameters = {
      Rate: FLAG, Stage: FLAG, Key: { Type: 'String', NoEcho: true }, Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/rate' }, Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
    };
    expect(got('LP-P40', { ...released(variable(value)), Table: r('AWS::DynamoDB::Table') }, { Parameters, ...extra })).toEqual(expected);
  });

  test('is reported in layers, memory and code, once for the function', () => {
    expect(got('LP-P40', released({ Layers: [ref('Rate')], MemorySize: ref('Rate'), Code: { S3Bucket: 'b', S3Key: ref('Rate') } }), { Parameters: { Rate: FLAG } }))
      .toEqual(['Code.S3Key = the parameter Rate, MemorySize: the parameter Rate, Layers.0: the parameter Rate']);
  });

  test('is not reported without an alias, with a description that repeats it, and where nothing is published at all', () => {
    const Parameters = { Rate: FLAG };
    expect(got('LP-P40', { Fn: fn(variable(ref('Rate'))), Version1: version() }, { Parameters })).toEqual([]);
    expect(got('LP-P40', { ...released(variable(ref('Rate'))), Version1: version({ Description: { 'Fn::Sub': 'rate ${Rate}' } }) }, { Parameters })).toEqual([]);
    const once = { Fn: fn(variable(ref('Rate'))), Version: version(), Live: alias() };
    expect(got('LP-P40', once, { Parameters })).toEqual([]);
    expect(messages('LP-P44', once, { Parameters })).toHaveLength(1);
  });

  test('in SAM, which resolves parameters in the location of the code only', () => {
    const Parameters = { Rate: FLAG };
    expect(got('LP-P40', sam({ CodeUri: { Bucket: 'b', Key: ref('Rate') } }), { Parameters })).toEqual([]);
    expect(got('LP-P40', sam({ PackageType: 'Image', ImageUri: ref('Rate') }), { Parameters })).toEqual([]);
    expect(got('LP-P40', sam(variable(ref('Rate'))), { Parameters })).toEqual(['Environment.Variables.RATE = the parameter Rate']);
    expect(got('LP-P40', sam({ ...variable(ref('Rate')), VersionDescription: { 'Fn::Sub': '${Rate}' } }), { Parameters })).toEqual([]);
  });

  test('in a nested stack: a reference of the parent is constant, a parameter of the parent is not', () => {
    const child = { Parameters: { Rate: { Type: 'String' } }, Resources: released(variable(ref('Rate'))) };
    const findings = (Rate: unknown) => {
      const parent = { Parameters: { Limit: FLAG }, Resources: { Table: r('AWS::DynamoDB::Table'), Child: r('AWS::CloudFormation::Stack', { TemplateURL: 'x', Parameters: { Rate } }) } };
      return check([input(parent, 'parent'), { ...input(child, 'child'), parent: { name: 'parent', logicalId: 'Child' } }]).filter(({ rule }) => rule.id === 'LP-P40');
    };
    expect(findings(ref('Table'))).toEqual([]);
    expect(findings(att('Table'))).toEqual([]);
    expect(findings(ref('Limit'))).toHaveLength(1);
    expect(findings('5')).toHaveLength(1);
  });

  test('in a CDK app with plain constructs', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'App');
    const rate = new CfnParameter(stack, 'Rate');
    const condition = new CfnCondition(stack, 'IsHigh', { expression: Fn.conditionEquals(rate.valueAsString, 'x') });
    const pay = plainFunction(stack, 'Pay', { environment: { RATE: rate.valueAsString, HIGH: Fn.conditionIf(condition.logicalId, 'a', 'b').toString() } });
    const refund = plainFunction(stack, 'Refund', { layers: [lambda.LayerVersion.fromLayerVersionArn(stack, 'L', ssm.StringParameter.valueForStringParameter(stack, '/l'))] });
    for (const each of [pay, refund]) new lambda.Alias(each, 'Live', { aliasName: 'live', version: each.currentVersion });
    expect(found(stack, 'LP-P40')).toEqual(['App/Pay', 'App/Refund']);
  });

  test('not in a CDK app whose nested stack receives references', () => {
    const app = new App();
    const stack = new Stack(app, 'App');
    const nested = new NestedStack(stack, 'Nested');
    const pay = plainFunction(nested, 'Pay', { environment: { QUEUE: new sqs.Queue(stack, 'Queue').queueUrl } });
    new lambda.Alias(nested, 'Live', { aliasName: 'live', version: pay.currentVersion });
    expect(found(stack, 'LP-P40')).toEqual([]);
  });
});

/** The paths of the findings of a rule in the templates of a stack. */
function found(stack: Stack, id: string): string[] {
  const { template } = (stack.node.root as App).synth().getStackByName(stack.stackName);
  return check([input(template, stack.stackName)]).filter(({ rule }) => rule.id === id).map(({ path }) => path);
}

describe('LP-P41: a moving image tag', () => {
  const container = (ImageUri: unknown, more: object = {}) => ({ Fn: image({ Code: { ImageUri } }), Version1: version(), Live: alias({ FunctionVersion: att('Version1', 'Version') }), ...more });
  const repository = { 'Fn::Join': ['', ['1.dkr.ecr.eu-west-1.amazonaws.com/', ref('Repo'), ':latest']] };

  test.each<[string, unknown, number]>([
    ['no tag', '1.dkr.ecr.eu-west-1.amazonaws.com/pay', 1],
    ['latest', '1.dkr.ecr.eu-west-1.amazonaws.com/pay:latest', 1],
    ['prod of Fn::Sub', { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/pay:prod' }, 1],
    ['a digest', `pay@sha256:${'a'.repeat(64)}`, 0],
    ['a version', 'pay:1.2.3', 0],
    ['a parameter', ref('Uri'), 0],
    ['a tag by a parameter', { 'Fn::Sub': 'pay:${Uri}' }, 0],
    ['an asset of CDK', { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.eu-west-1.\${AWS::URLSuffix}/cdk-assets:${'0f'.repeat(32)}` }, 0],
  ])('%s', (_, uri, count) => {
    expect(messages('LP-P41', container(uri), { Parameters: { Uri: { Type: 'String' } } })).toHaveLength(count);
    expect(messages('LP-P41', sam({ PackageType: 'Image', ImageUri: uri }), { Parameters: { Uri: { Type: 'String' } } })).toHaveLength(count);
  });

  test('of a repository of the app counts unless its tags are immutable', () => {
    expect(messages('LP-P41', container(repository, { Repo: r('AWS::ECR::Repository') }))).toHaveLength(1);
    expect(messages('LP-P41', container(repository, { Repo: r('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' }) }))).toEqual([]);
  });
});

describe('LP-P42 and LP-P43: what SAM publishes', () => {
  test('AutoPublishAliasAllProperties counts in Globals too', () => {
    const own = { Fn: r('AWS::Serverless::Function', { AutoPublishAlias: 'live' }) };
    expect(messages('LP-P42', own)).toHaveLength(1);
    expect(messages('LP-P42', own, { Globals: { Function: { AutoPublishAliasAllProperties: true } } })).toEqual([]);
    expect(messages('LP-P42', { Fn: r('AWS::Serverless::Function') }, { Globals: { Function: { AutoPublishAlias: 'live' } } })).toHaveLength(1);
  });

  test('a plain layer of the template cannot state PublishLambdaVersion', () => {
    expect(messages('LP-P43', { ...sam({ Layers: [ref('Shared')] }), Shared: r('AWS::Lambda::LayerVersion') })).toHaveLength(1);
    expect(messages('LP-P43', { ...sam({ Layers: [ref('Shared')], AutoPublishAliasAllProperties: false }), Shared: r('AWS::Lambda::LayerVersion') })).toEqual([]);
  });
});

describe('LP-P44: a version that is published once', () => {
  const app = (build: (stack: Stack, pay: lambda.Function) => lambda.IVersion) => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'App');
    new lambda.Alias(stack, 'Live', { aliasName: 'live', version: build(stack, plainFunction(stack, 'Pay')) });
    return found(stack, 'LP-P44');
  };

  test('a Version construct of CDK', () => {
    expect(app((stack, pay) => new lambda.Version(stack, 'Version', { lambda: pay }))).toEqual(['App/Version']);
  });

  test.each<[string, (stack: Stack, pay: lambda.Function) => lambda.IVersion]>([
    ['currentVersion', (_, pay) => pay.currentVersion],
    ['a Version with a build number in its id', (stack, pay) => new lambda.Version(stack, 'Version42', { lambda: pay })],
    ['a Version with a build number in its description', (stack, pay) => new lambda.Version(stack, 'Version', { lambda: pay, description: 'build 42' })],
    ['a Version with the hash of its code', (stack, pay) => new lambda.Version(stack, 'Version', { lambda: pay, codeSha256: 'x' })],
    ['a Version with a parameter in its description', (stack, pay) => new lambda.Version(stack, 'Version', { lambda: pay, description: new CfnParameter(stack, 'Build').valueAsString })],
  ])('not %s', (_, build) => expect(app(build)).toEqual([]));

  test('not the version of SAM', () => expect(messages('LP-P44', sam({}))).toEqual([]));
});

describe('the constructs of this library', () => {
  test('have no finding of their own, and their values of the deployment are reported', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'App');
    new ProductionFunction(stack, 'Pay', REQUIRED);
    new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Refund', { code: lambda.Code.fromCfnParameters() }) });
    expect(['LP-P40', 'LP-P41', 'LP-P44', 'LP-P45'].flatMap(id => found(stack, id).map(path => `${id} ${path}`))).toEqual(['LP-P40 App/Refund']);
  });

  test('with code in a bucket without the version of the object, LP-P06', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'App');
    const bucket = s3.Bucket.fromBucketName(stack, 'Code', 'code');
    new ProductionFunction(stack, 'Pay', { ...REQUIRED, code: lambda.Code.fromBucket(bucket, 'pay.zip') });
    new ProductionFunction(stack, 'Refund', { ...REQUIRED, code: lambda.Code.fromBucketV2(bucket, 'refund.zip', { objectVersion: '7' }) });
    expect(found(stack, 'LP-P06')).toEqual(['App/Pay']);
  });

  test('with an alarm on the functionName of the alias, which has the qualifier in it, LP-P45', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'App');
    const pay = new ProductionFunction(stack, 'Pay', REQUIRED);
    const alarm = (id: string, metric: cloudwatch.Metric) => metric.createAlarm(stack, id, { threshold: 1, evaluationPeriods: 1 });
    const errors = (FunctionName: string) => new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName } });
    alarm('Wrong', errors(pay.live.functionName));
    alarm('Arn', errors(pay.definition.functionArn));
    alarm('Misspelt', new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Throttle', dimensionsMap: { FunctionName: pay.definition.functionName } }));
    alarm('Right', errors(pay.definition.functionName));
    alarm('OfAlias', pay.live.metricErrors());
    // CDK writes the ARN of the version into the dimension Resource (aws/aws-cdk#14248)
    alarm('OfVersion', pay.live.version.metricErrors());
    expect(found(stack, 'LP-P45')).toEqual(['App/Wrong', 'App/Arn', 'App/Misspelt', 'App/OfVersion']);
  });
});
