import { App, CfnCondition, CfnParameter, Fn, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { CanaryAlias, ProductionFunction } from '../../src';
import { newStack, plainFunction, REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

const VALUES = 'cdk-production-lambda:CanaryAlias.deployTimeValues';
const TAG = 'cdk-production-lambda:CanaryAlias.movingImageTag';

type Props = Partial<lambda.FunctionProps>;
let stack: Stack;
beforeEach(() => { stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } }); });

function released(props: Props = {}): lambda.Function {
  const fn = plainFunction(stack, 'Pay', props);
  new CanaryAlias(stack, 'Live', { function: fn });
  return fn;
}
const parameter = (name = 'Flag', type = 'String') => new CfnParameter(stack, name, { type, default: 'a' });
const warnings = () => warningsOf(stack).filter(text => text.includes('CanaryAlias.'));
const env = (value: string): Props => ({ environment: { FLAG: value } });

const VARYING: [string, () => Props, string][] = [
  ['a parameter', () => env(parameter().valueAsString), "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['a text with a parameter', () => env(`x-${parameter().valueAsString}`), "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['Fn::Sub of a parameter', () => { parameter(); return env(Fn.sub('x-${Flag}')); }, "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['a list parameter', () => env(Fn.select(0, parameter('Flags', 'CommaDelimitedList').valueAsList)), "'Environment.Variables.FLAG' is the value of the parameter Flags"],
  ['the newest value of an SSM parameter', () => env(ssm.StringParameter.valueForStringParameter(stack, '/app/flag')), "'Environment.Variables.FLAG' is the value of the SSM parameter /app/flag"],
  ['a dynamic reference without a version', () => env('{{resolve:ssm:/app/flag}}'), "'Environment.Variables.FLAG' is the value of the SSM parameter /app/flag"],
  ['a secret', () => env(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'app').secretValueFromJson('key').unsafeUnwrap()), "'Environment.Variables.FLAG' is the value of the secret "],
  ['a condition on a parameter', () => {
    const condition = new CfnCondition(stack, 'IsA', { expression: Fn.conditionNot(Fn.conditionEquals(parameter().valueAsString, 'b')) });
    return env(Fn.conditionIf(condition.logicalId, 'x', 'y').toString());
  }, "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['a condition on a condition', () => {
    const inner = new CfnCondition(stack, 'IsA', { expression: Fn.conditionEquals(parameter().valueAsString, 'b') });
    const outer = new CfnCondition(stack, 'IsNotA', { expression: Fn.conditionNot(inner) });
    return env(Fn.conditionIf(outer.logicalId, 'x', 'y').toString());
  }, "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['a mapping by a parameter', () => env(Fn.findInMap('Map', parameter().valueAsString, 'key')), "'Environment.Variables.FLAG' is the value of the parameter Flag"],
  ['a layer by SSM', () => ({ layers: [lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', ssm.StringParameter.valueForStringParameter(stack, '/layers/x'))] }), "'Layers.0' is the value of the SSM parameter /layers/x"],
  ['a layer by a parameter', () => ({ layers: [lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', parameter().valueAsString)] }), "'Layers.0' is the value of the parameter Flag"],
  ['memory by a parameter', () => ({ memorySize: parameter('Memory', 'Number').valueAsNumber }), "'MemorySize' is the value of the parameter Memory"],
  ['code by parameters', () => ({ code: lambda.Code.fromCfnParameters() }), "'Code.S3Bucket' is the value of the parameter PayLambdaSourceBucketNameParameter"],
  ['an image tag by a parameter', () => ({
    runtime: lambda.Runtime.FROM_IMAGE,
    handler: lambda.Handler.FROM_IMAGE,
    code: lambda.Code.fromEcrImage(ecr.Repository.fromRepositoryName(stack, 'Repo', 'pay'), { tagOrDigest: parameter('Tag').valueAsString }),
  }), "'Code.ImageUri' is the value of the parameter Tag"],
];

describe('a value that only the deployment knows', () => {
  test.each(VARYING)('%s is reported with the fix', (_, props, said) => {
    released(props());
    const [text, ...others] = warnings();
    expect(others).toEqual([]);
    expect(text).toMatch(new RegExp(`^/Stack/Live: a change of a value that only the deployment knows publishes no version of Stack/Pay, starts no release,.* \\[ack: Annotation::${VALUES}\\]$`));
    expect(text).toContain(said);
    expect(text).toContain('; use a value that is known at synth (an asset, the context, StringParameter.valueFromLookup), or read it at run time');
  });

  test.each(VARYING)('%s changes no logical id, so nothing would be published', (_, props) => {
    const fn = released(props());
    const id = () => stack.getLogicalId(fn.currentVersion.node.defaultChild as lambda.CfnVersion);
    const before = stack.resolve(id());
    for (const node of stack.node.findAll()) if (node instanceof CfnParameter && !node.type.startsWith('AWS::SSM')) node.default = 'b';
    expect(stack.resolve(id())).toBe(before);
  });

  test('is reported once for all properties, also if it is added later and the app is synthesised twice', () => {
    const fn = released({ memorySize: parameter('Memory', 'Number').valueAsNumber });
    fn.addEnvironment('FLAG', parameter().valueAsString);
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Environment.Variables.RAW', { Ref: 'Flag' });
    (stack.node.root as App).synth();
    (stack.node.root as App).synth({ force: true });
    const [text, ...others] = warnings();
    expect(others).toEqual([]);
    expect(text).toMatch(/'MemorySize' is the value of the parameter Memory/);
    expect(text).toMatch(/'Environment.Variables.FLAG' is .*'Environment.Variables.RAW' is the value of the parameter Flag/);
  });

  test('is reported of a ProductionFunction, and can be acknowledged there', () => {
    const fn = new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...env(parameter().valueAsString) });
    const other = new ProductionFunction(stack, 'Refund', { ...REQUIRED, ...env(parameter('Other').valueAsString) });
    Validations.of(other).acknowledge({ id: VALUES, reason: 'never changes' });
    expect(warnings()).toEqual([expect.stringContaining(`of ${fn.definition.node.path},`)]);
  });

  test.each<[string, () => Props]>([
    ['a literal', () => env('a')],
    ['an attribute of a resource', () => env(new sqs.Queue(stack, 'Queue').queueUrl)],
    ['a pseudo parameter', () => env(stack.region + Stack.of(stack).partition)],
    ['a version of an SSM parameter', () => env(ssm.StringParameter.fromStringParameterAttributes(stack, 'P', { parameterName: '/app/flag', version: 3 }).stringValue)],
    ['a version of a secret', () => env('{{resolve:secretsmanager:app:SecretString:key::0f9a}}')],
    // CloudFormation refuses to change an export that a stack imports
    ['an export of another stack', () => env(Fn.importValue('flag'))],
    ['a reference to another stack of the app', () => env(new sqs.Queue(new Stack(stack.node.root as App, 'Other', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Queue').queueUrl)],
    ['a parameter in the tags, the concurrency, the description and the name', () => ({
      description: parameter('Words').valueAsString, functionName: parameter('Name').valueAsString, reservedConcurrentExecutions: parameter('N', 'Number').valueAsNumber,
    })],
  ])('%s is not reported', (_, props) => {
    released(props());
    expect(warnings()).toEqual([]);
  });

  test('may be repeated in the description of the version, unless it is a secret', () => {
    released(env(parameter().valueAsString));
    const key = new CfnParameter(stack, 'Key', { noEcho: true });
    new CanaryAlias(stack, 'Other', { function: plainFunction(stack, 'Refund', env(key.valueAsString)) });
    const [open, secret] = warnings();
    expect(open).toContain("; or repeat it in 'currentVersionOptions.description' of the function, which publishes a version for each new value");
    expect(secret).toContain("'Environment.Variables.FLAG' is the value of the secret parameter Key");
    expect(secret).not.toContain('currentVersionOptions');
  });

  test('is not reported if the description of the version repeats it, because a new description replaces the version', () => {
    const flag = parameter();
    released({ ...env(flag.valueAsString), currentVersionOptions: { description: `flag ${flag.valueAsString}` } });
    expect(warnings()).toEqual([]);
  });

  test('is reported if the description of the version repeats another value', () => {
    released({ ...env(parameter().valueAsString), currentVersionOptions: { description: parameter('Other').valueAsString } });
    expect(warnings()).toHaveLength(1);
  });
});

describe('a nested stack', () => {
  const inside = (nested: NestedStack, value: string) =>
    new CanaryAlias(nested, 'Live', { function: plainFunction(nested, 'Pay', { environment: { FLAG: value } }) });
  const nestedWarnings = (alias: CanaryAlias) => {
    (stack.node.root as App).synth();
    return alias.node.metadata.filter(entry => entry.type === 'aws:cdk:warning').map(entry => String(entry.data));
  };

  test('receives references to resources as parameters, which are not reported', () => {
    const alias = inside(new NestedStack(stack, 'Nested'), new sqs.Queue(stack, 'Queue').queueUrl);
    expect(nestedWarnings(alias)).toEqual([]);
  });

  test('receives parameters of its parent, which are reported', () => {
    const alias = inside(new NestedStack(stack, 'Nested'), parameter().valueAsString);
    expect(nestedWarnings(alias)).toEqual([expect.stringContaining("'Environment.Variables.FLAG' is the value of the parameter Flag")]);
  });

  test('has parameters of its own, which are reported', () => {
    const nested = new NestedStack(stack, 'Nested', { parameters: { Rate: '5' } });
    const alias = inside(nested, new CfnParameter(nested, 'Rate').valueAsString);
    expect(nestedWarnings(alias)).toEqual([expect.stringContaining("'Environment.Variables.FLAG' is the value of the parameter Rate")]);
  });
});

describe('a container image', () => {
  const image = (repository: ecr.IRepository, tagOrDigest?: string): Props => ({
    runtime: lambda.Runtime.FROM_IMAGE, handler: lambda.Handler.FROM_IMAGE, code: lambda.Code.fromEcrImage(repository, { tagOrDigest }),
  });
  const imported = () => ecr.Repository.fromRepositoryName(stack, 'Repo', 'pay');

  test.each([[undefined, 'latest'], ['latest', 'latest'], ['prod', 'prod'], ['main-node24', 'main-node24'], ['stable', 'stable'], ['blue', 'blue']])(
    'of the tag %s is reported, because the tag can move', (tag, said) => {
      released(image(imported(), tag));
      expect(warnings()).toEqual([expect.stringMatching(new RegExp(`^/Stack/Live: the image tag '${said}' of Stack/Pay can move to another image .*; use an asset.* \\[ack: Annotation::${TAG}\\]$`))]);
    });

  test.each(['sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9', '1.4.2', 'v12', '2026-11-29', 'build-4711', '9f2c1ab', 'release-9f2c1ab'])(
    'of the tag or digest %s is not reported', tag => {
      released(image(imported(), tag));
      expect(warnings()).toEqual([]);
    });

  test('of a repository with immutable tags is not reported', () => {
    released(image(new ecr.Repository(stack, 'Repo', { imageTagMutability: ecr.TagMutability.IMMUTABLE }), 'latest'));
    expect(warnings()).toEqual([]);
  });

  test('of a repository with mutable tags is reported', () => {
    released(image(new ecr.Repository(stack, 'Repo'), 'latest'));
    expect(warnings()).toHaveLength(1);
  });

  test('of an override is reported', () => {
    const fn = released();
    const resource = fn.node.defaultChild as lambda.CfnFunction;
    resource.addPropertyOverride('Code', { ImageUri: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/pay' });
    expect(warnings()).toEqual([expect.stringContaining("the image tag 'latest' of Stack/Pay")]);
  });
});

test('code in a bucket without the version of the object is reported by CDK', () => {
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'code');
  released({ code: lambda.Code.fromBucket(bucket, 'pay.zip') });
  new CanaryAlias(stack, 'Other', { function: plainFunction(stack, 'Refund', { code: lambda.Code.fromBucketV2(bucket, 'refund.zip', { objectVersion: '1' }) }) });
  expect(warningsOf(stack).filter(text => text.includes('codeFromBucketObjectVersionNotSpecified'))).toHaveLength(1);
});
