import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import { CanaryAlias, ProductionFunction } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';

const FLAG = '@aws-cdk/aws-lambda:recognizeLayerVersion';
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:x:1';
const OFF: object = {};
const ON: object = { [FLAG]: true };

const folders: string[] = [];
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true })));

/** The code of a layer with one file. */
function content(text: string): lambda.Code {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  folders.push(folder);
  writeFileSync(join(folder, 'a.txt'), text);
  return lambda.Code.fromAsset(folder);
}

type Build = (stack: Stack, text: string) => lambda.Function;
const layerOf = (stack: Stack, text: string) => new lambda.LayerVersion(stack, 'Layer', { code: content(text) });

function versionOf(context: object, build: (stack: Stack) => lambda.Function, canary = true): string {
  const stack = new Stack(new App({ context: { ...context } }), 'Stack');
  const fn = build(stack);
  if (canary) new CanaryAlias(stack, 'Live', { function: fn });
  else void fn.currentVersion;
  return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'))[0];
}

const WAYS: [string, Build][] = [
  ['passed to the function', (stack, text) => plainFunction(stack, 'Pay', { layers: [layerOf(stack, text)] })],
  ['added later', (stack, text) => {
    const fn = plainFunction(stack, 'Pay');
    fn.addLayers(layerOf(stack, text));
    return fn;
  }],
  ['set on the resource', (stack, text) => {
    const fn = plainFunction(stack, 'Pay');
    (fn.node.defaultChild as lambda.CfnFunction).layers = [layerOf(stack, text).layerVersionArn];
    return fn;
  }],
  ['set by an override that replaces another layer', (stack, text) => {
    const other = new lambda.LayerVersion(stack, 'Other', { code: content('other') });
    const fn = plainFunction(stack, 'Pay', { layers: [other] });
    (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Layers', [stack.resolve(layerOf(stack, text).layerVersionArn)]);
    return fn;
  }],
  ['set by an Aspect', (stack, text) => {
    const layer = layerOf(stack, text);
    Aspects.of(stack).add({ visit: node => { if (node instanceof lambda.CfnFunction) node.layers = [layer.layerVersionArn]; } });
    return plainFunction(stack, 'Pay');
  }],
  ['of another stack', (stack, text) => {
    const layer = new lambda.LayerVersion(new Stack(stack.node.root as App, 'Layers'), 'Layer', { code: content(text) });
    return plainFunction(stack, 'Pay', { layers: [layer] });
  }],
];

describe.each(WAYS)('a layer of the app, %s', (_, build) => {
  test.each([['with', ON], ['without', OFF], ['with all recommended flags instead of', RECOMMENDED]])('publishes a version for each content, %s the flag', (_flag, context) => {
    const [one, same, two] = ['one', 'one', 'two'].map(text => versionOf(context, stack => build(stack, text)));
    expect(same).toBe(one);
    expect(two).not.toBe(one);
  });
});

test('the id without the flag is the id with the flag, so that setting the flag later publishes nothing', () => {
  const build = (stack: Stack) => plainFunction(stack, 'Pay', { layers: [layerOf(stack, 'one')] });
  expect(versionOf(OFF, build)).toBe(versionOf(ON, build));
  expect(versionOf(ON, build)).toBe(versionOf(ON, build, false));
  expect(versionOf(OFF, build)).not.toBe(versionOf(OFF, build, false));
});

test.each<[string, (stack: Stack) => lambda.Function]>([
  ['without layers', stack => plainFunction(stack, 'Pay')],
  ['with a layer by ARN', stack => plainFunction(stack, 'Pay', { layers: [lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', ARN)] })],
  ['with Lambda Insights', stack => plainFunction(stack, 'Pay', { insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0 })],
  ['with a layer by ARN on the resource', stack => {
    const fn = plainFunction(stack, 'Pay');
    (fn.node.defaultChild as lambda.CfnFunction).layers = [ARN];
    return fn;
  }],
])('the id of a function %s is that of CDK, with and without the flag', (_, build) => {
  for (const context of [OFF, ON]) expect(versionOf(context, build)).toBe(versionOf(context, build, false));
});

test('a layer of a ProductionFunction publishes a version', () => {
  const id = (text: string) => {
    const stack = new Stack(new App(), 'Stack');
    new ProductionFunction(stack, 'Pay', { ...REQUIRED, layers: [layerOf(stack, text)] });
    return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'))[0];
  };
  expect(id('one')).not.toBe(id('two'));
});

test('a changed description of the function publishes no version with a layer either', () => {
  const id = (description: string) => versionOf(OFF, stack => plainFunction(stack, 'Pay', { description, layers: [layerOf(stack, 'one')] }));
  expect(id('one')).toBe(id('two'));
});
