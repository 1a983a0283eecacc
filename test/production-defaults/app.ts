import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ProductionDefaults, type ProductionDefaultsOptions } from '../../src';

type Build = (stack: Stack) => unknown;

/** A stack with ProductionDefaults. */
export function withDefaults(build: Build, options?: ProductionDefaultsOptions, context?: Record<string, unknown>): Stack {
  const stack = new Stack(new App({ context }), 'Stack');
  ProductionDefaults.applyTo(stack, options);
  build(stack);
  return stack;
}

export function plain(build: Build): Stack {
  const stack = new Stack(new App(), 'Stack');
  build(stack);
  return stack;
}

/** The properties of the first resource of a type whose logical id starts with the text. */
export function propsOf(stack: Stack, type: string, id = ''): any {
  const found = Object.entries(Template.fromStack(stack).findResources(`AWS::${type}`)).find(([logicalId]) => logicalId.startsWith(id));
  return found?.[1].Properties;
}
