import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as internals from '../../src/private/cdk-internals';

/* Contracts like those of cdk-internals.test.ts, of functions and their code. */

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
