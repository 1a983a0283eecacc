import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ProductionFunction, type ProductionFunctionProps, StreamConsumer, type StreamConsumerProps, StreamSource } from '../../src';
import { statementsOfRole } from '../support/role-statements';

export const newStack = (id = 'Stack') => new Stack(new App(), id);

export function newFunction(stack: Stack, props: Partial<ProductionFunctionProps> = {}, id = 'Settle'): ProductionFunction {
  return new ProductionFunction(stack, id, { ...CODE, timeout: Duration.seconds(10), ...props });
}

export const newTable = (stack: Stack, id = 'Table') => new dynamodb.TableV2(stack, id, {
  partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
});

/** A function that reads the stream of a table, unless another source is given. */
export function consumeStream(props: Partial<StreamConsumerProps> = {}, stack = newStack()) {
  const fn = props.function ?? newFunction(stack, {}, 'Report');
  const consumer = new StreamConsumer(stack, 'Changes', { source: props.source ?? StreamSource.dynamoDb(newTable(stack)), ...props, function: fn });
  return { stack, fn, consumer };
}

export const CODE = {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => 1'),
};

/** The only resource of a type whose properties satisfy the test. */
export function only(stack: Stack, type: string, matches: (properties: any, id: string) => boolean = () => true) {
  const found = Object.entries(Template.fromStack(stack).findResources(type)).filter(([id, r]) => matches(r.Properties, id));
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.map(([id]) => id).join(', ') || 'none'}`);
  return { id: found[0][0], ...found[0][1] } as { id: string; Properties: any };
}

/** Everything that the role may do whose logical id begins so. */
export function statementsOf(stack: Stack, role: string): any[] {
  return statementsOfRole(Template.fromStack(stack).toJSON().Resources, only(stack, 'AWS::IAM::Role', (_, id) => id.startsWith(role)).id).all;
}

/** What is warned of in a stack, also by those who look at synth. */
export function warningsOf(stack: Stack): string[] {
  Template.fromStack(stack);
  return stack.node.findAll().flatMap(c => c.node.metadata).filter(m => m.type === 'aws:cdk:warning').map(m => String(m.data));
}
