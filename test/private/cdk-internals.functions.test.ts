import { App, CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as internals from '../../src/private/cdk-internals';

/* Contracts like those of cdk-internals.test.ts, of functions, their code and unresolved values. */

const stackWith = (props: Partial<lambda.FunctionProps> = {}) => {
  const stack = new Stack(new App(), 'Stack');
  const fn = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('1'), ...props });
  return { stack, fn };
};

test('imageAssetOf: AssetImageCode holds its directory and its options', () => {
  expect(internals.imageAssetOf(lambda.Code.fromAssetImage(__dirname, { cmd: ['a'] }))).toEqual({ directory: __dirname, props: { cmd: ['a'] } });
  expect(internals.imageAssetOf(lambda.Code.fromInline('1'))).toBeUndefined();
  expect(internals.imageAssetOf(lambda.Code.fromAsset(__dirname))).toBeUndefined();
});

test('onUseAtEdge: Version.edgeArn calls Function._checkEdgeCompatibility()', () => {
  let used = 0;
  const { stack, fn } = stackWith();
  internals.onUseAtEdge(fn, () => used++);
  stack.resolve(fn.currentVersion.edgeArn);
  expect(used).toBe(1);
});

test('unresolvedPropertiesOf: CfnResource.cfnProperties has the tokens of each property, in resources with and without a class', () => {
  const name = Lazy.uncachedString({ produce: () => 'name' });
  const { stack, fn } = stackWith({ functionName: name });
  expect(internals.unresolvedPropertiesOf(fn.node.defaultChild as CfnResource).functionName).toBe(name);
  expect(internals.unresolvedPropertiesOf(new CfnResource(stack, 'Untyped', { type: 'AWS::SQS::Queue', properties: { QueueName: name } })).QueueName).toBe(name);
});

test('TOKEN_MARK: a text with a token contains the mark', () => {
  expect(`${Token.asString({ Ref: 'A' })} and text`).toContain(internals.TOKEN_MARK);
});
