import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ProductionFunction, type ProductionFunctionProps } from '../../src';
import { statementsOfRole } from '../support/role-statements';

export const newStack = (id = 'Stack') => new Stack(new App(), id);

export function newFunction(stack: Stack, props: Partial<ProductionFunctionProps> = {}, id = 'Settle'): ProductionFunction {
  return new ProductionFunction(stack, id, { ...CODE, timeout: Duration.seconds(10), ...props });
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

export const warningsOf = (stack: Stack): string[] => stack.node.findAll()
  .flatMap(c => c.node.metadata).filter(m => m.type === 'aws:cdk:warning').map(m => String(m.data));
