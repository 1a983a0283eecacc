import { App, Aspects, Duration, Lazy, Size, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import * as fc from 'fast-check';
import { CanaryAlias, ProductionFunction } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';

type Props = Partial<lambda.FunctionProps>;
type Build = (stack: Stack, props: Props) => lambda.Function;
type Change = (fn: lambda.Function, stack: Stack) => void;

const plain: Build = (stack, props) => {
  const fn = plainFunction(stack, 'Pay', props);
  new CanaryAlias(stack, 'Live', { function: fn });
  return fn;
};
const production: Build = (stack, props) => new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...props }).definition;
const KINDS: [string, Build, object][] = [
  ['a plain function and a CanaryAlias, recommended flags', plain, RECOMMENDED],
  ['a plain function and a CanaryAlias, no flags', plain, {}],
  ['a plain function and a CanaryAlias, flags of CDK 1', plain, { '@aws-cdk/aws-lambda:recognizeVersionProps': false }],
  ['a ProductionFunction, recommended flags', production, RECOMMENDED],
  ['a ProductionFunction, no flags', production, {}],
  ['a ProductionFunction, flags of CDK 1', production, { '@aws-cdk/aws-lambda:recognizeVersionProps': false }],
];

function synthesise(build: Build, context: object, props: Props = {}, change: Change = () => {}) {
  const stack = new Stack(new App({ context: { ...context } }), 'Stack');
  const fn = build(stack, props);
  change(fn, stack);
  const template = Template.fromStack(stack);
  const [version, ...others] = Object.keys(template.findResources('AWS::Lambda::Version'));
  expect(others).toEqual([]);
  return { version, template: JSON.stringify(template.toJSON()) };
}

const CHANGES: [string, { props?: Props; change?: Change }][] = [
  ['code', { props: { code: lambda.Code.fromInline('exports.handler = async () => 2;') } }],
  ['handler', { props: { handler: 'other.handler' } }],
  ['runtime', { props: { runtime: lambda.Runtime.NODEJS_22_X } }],
  ['environment', { props: { environment: { RATE: '2' } } }],
  ['environment added later', { change: fn => fn.addEnvironment('RATE', '2') }],
  ['memory', { props: { memorySize: 2_048 } }],
  ['timeout', { props: { timeout: Duration.seconds(29) } }],
  ['/tmp', { props: { ephemeralStorageSize: Size.gibibytes(1) } }],
  ['a layer', { change: (fn, stack) => fn.addLayers(lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:123456789012:layer:x:1')) }],
  ['an invalidated version', { change: fn => fn.invalidateVersionBasedOn('2') }],
];

const NO_CHANGES: [string, { props?: Props; change?: Change }][] = [
  ['a description', { props: { description: 'charges cards' } }],
  ['a description set on the resource', { change: fn => { (fn.node.defaultChild as lambda.CfnFunction).description = 'charges cards'; } }],
  ['a description known late', { props: { description: Lazy.string({ produce: () => 'charges cards' }) } }],
  ['tags', { change: (_, stack) => Tags.of(stack).add('cost-centre', '42') }],
  ['tags set by an Aspect', {
    change: (_, stack) => Aspects.of(stack).add({
      visit: node => node instanceof lambda.CfnFunction && node.tags.setTag('owner', 'payments'),
    }),
  }],
];

describe.each(KINDS)('%s', (_, build, flags) => {
  test('equal inputs have an equal version and template, byte by byte', () => {
    const props: Props = { description: 'charges cards', environment: { RATE: '2', MODE: '1' } };
    const tag: Change = (_fn, stack) => Tags.of(stack).add('cost-centre', '42');
    expect(synthesise(build, flags, props, tag)).toEqual(synthesise(build, flags, props, tag));
  });

  test.each(CHANGES)('%s publishes a new version', (_what, { props, change }) => {
    expect(synthesise(build, flags, props, change).version).not.toBe(synthesise(build, flags).version);
  });

  test.each(NO_CHANGES)('%s publishes no version, and is in the template', (_what, { props, change }) => {
    const before = synthesise(build, flags);
    const after = synthesise(build, flags, props, change);
    expect(after.version).toBe(before.version);
    expect(after.template).not.toBe(before.template);
    expect(after.template).toMatch(/"Description":"charges cards"|cost-centre|owner/);
  });
});

test('only differences of code and configuration publish another version', () => {
  const configuration = fc.record({
    memorySize: fc.constantFrom(128, 512, 1_024),
    handler: fc.constantFrom('index.handler', 'index.other'),
    environment: fc.dictionary(fc.constantFrom('RATE', 'REGION', 'MODE'), fc.constantFrom('1', '2'), { maxKeys: 3 }),
  });
  const words = fc.record({ description: fc.constantFrom(undefined, 'a', 'b'), tag: fc.constantFrom(undefined, 'x', 'y') });
  fc.assert(fc.property(configuration, configuration, words, words, fc.constantFrom({}, RECOMMENDED), (one, two, some, other, flags) => {
    const [first, second] = [[one, some], [two, other]].map(([props, { description, tag }]: any) => synthesise(
      plain, flags, { ...props, description }, (_fn, stack) => { if (tag) Tags.of(stack).add('team', tag); }).version);
    const sorted = (props: any) => JSON.stringify([props.memorySize, props.handler, Object.entries(props.environment).sort()]);
    expect(first === second).toBe(sorted(one) === sorted(two));
  }), {
    numRuns: 25,
    seed: 1,
    examples: [
      [{ memorySize: 128, handler: 'index.handler', environment: {} }, { memorySize: 128, handler: 'index.handler', environment: {} },
        { description: 'a', tag: 'x' }, { description: 'b', tag: 'y' }, {}],
    ],
  });
});
