import { App, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, ProductionFunction } from '../../src';
import { REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

const env = { account: '111122223333', region: 'us-east-1' };

function distribution(stack: Stack, lambdaFunctionArn?: string): cloudfront.CfnDistribution {
  return new cloudfront.CfnDistribution(stack, 'Site', {
    distributionConfig: {
      enabled: true,
      origins: [{ id: 'o', domainName: 'example.com' }],
      defaultCacheBehavior: {
        targetOriginId: 'o',
        viewerProtocolPolicy: 'https-only',
        lambdaFunctionAssociations: lambdaFunctionArn === undefined ? undefined : [{ eventType: 'viewer-request', lambdaFunctionArn }],
      },
    },
  });
}

function shop(use: (stack: Stack, fn: ProductionFunction, other: Stack) => void): Stack {
  const app = new App();
  const stack = new Stack(app, 'Shop', { env });
  use(stack, new ProductionFunction(stack, 'Pay', REQUIRED), new Stack(app, 'Other', { env }));
  return stack;
}

test.each<[string, string, Parameters<typeof shop>[0]]>([
  ['a version', 'Shop/Site', (stack, fn) => distribution(stack, fn.currentVersion.functionArn)],
  ['the alias', 'Shop/Site', (stack, fn) => distribution(stack, fn.functionArn)],
  ['a version, from another stack,', 'Other/Site', (_, fn, other) => distribution(other, fn.version.functionArn)],
  ['a version, by an override,', 'Shop/Site', (stack, fn) => distribution(stack).addPropertyOverride('DistributionConfig.CacheBehaviors', [{
    PathPattern: '/a', LambdaFunctionAssociations: [{ EventType: 'origin-request', LambdaFunctionARN: fn.version.functionArn }],
  }])],
])('fails when an L1 distribution invokes %s', (_, path, use) => {
  expect(() => warningsOf(shop(use))).toThrow(`'LambdaFunctionAssociations' of ${path} must not use a ProductionFunction, got Shop/Pay; `
    + 'Lambda@Edge supports no environment variables, aliases, tracing or arm64, use cloudfront.experimental.EdgeFunction or lambda.Function');
});

test('a distribution may invoke another function', () => {
  const stack = shop((own, _, other) => distribution(own, new lambda.Function(other, 'Edge', REQUIRED).currentVersion.functionArn));
  expect(() => warningsOf(stack)).not.toThrow();
});

test.each<[string, string, Parameters<typeof shop>[0]]>([
  ['addAlias()', 'Shop/Pay/Default/Aliaslive/Resource', (_, fn) => fn.definition.addAlias('live')],
  ['an L1 alias of another stack', 'Other/Live', (_, fn, other) => new lambda.CfnAlias(other, 'Live', { name: 'live', functionName: fn.definition.functionName, functionVersion: '1' })],
  ['a CanaryAlias', 'Shop/Canary/Resource', (stack, fn) => new CanaryAlias(stack, 'Canary', { function: fn.definition })],
])('fails when %s has the name of the alias', (_, path, use) => {
  expect(() => warningsOf(shop(use))).toThrow(`'Name' of ${path} must not be the name of the alias of Shop/Pay, got 'live', and Lambda would reject the alias; `
    + 'use the ProductionFunction, which is the alias, or choose another name');
});

test('warns of another alias without a canary', () => {
  expect(warningsOf(shop((_, fn) => fn.definition.addAlias('prod')))).toEqual([expect.stringContaining(
    'the alias prod of Shop/Pay sends all requests to a new version immediately, without a canary and a rollback')]);
  expect(warningsOf(shop((stack, fn) => new CanaryAlias(stack, 'Prod', { function: fn.definition, aliasName: 'prod' })))).toEqual([]);
});
