import { Duration, type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { newStack } from './plain-function';
import { production } from './production-function';
import { type ProductionFunction, type ProductionFunctionProps, StreamConsumer, type StreamConsumerProps, StreamSource } from '../../src';

export function settleFunction(stack: Stack, props: Partial<ProductionFunctionProps> = {}, id = 'Settle'): ProductionFunction {
  return production(stack, { timeout: Duration.seconds(10), ...props }, id);
}

export function tableWithStream(stack: Stack, id = 'Table'): dynamodb.TableV2 {
  return new dynamodb.TableV2(stack, id, {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
  });
}

/** A function that reads the stream of a table, unless another source is given. */
export function consumeStream(props: Partial<StreamConsumerProps> = {}, stack = newStack()) {
  const fn = props.function ?? settleFunction(stack, {}, 'Report');
  const consumer = new StreamConsumer(stack, 'Changes', { source: props.source ?? StreamSource.dynamoDb(tableWithStream(stack)), ...props, function: fn });
  return { stack, fn, consumer };
}
