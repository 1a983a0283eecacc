import { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { exempt } from '../../src/private/template-metadata';

test('a reason is added to the reasons in the metadata of a resource', () => {
  const stack = new Stack();
  const resource = new CfnResource(stack, 'Route', { type: 'AWS::ApiGatewayV2::Route' });
  exempt(resource, 'LP-H09', 'a price list');
  exempt(resource, 'LP-H22', 'the same');
  Template.fromStack(stack).hasResource('AWS::ApiGatewayV2::Route', {
    Metadata: { 'cdk-production-lambda': { exempt: { 'LP-H09': 'a price list', 'LP-H22': 'the same' } } },
  });
});
