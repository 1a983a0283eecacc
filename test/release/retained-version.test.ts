import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias } from '../../src';
import { plainFunction } from '../support/plain-function';

let app: App;
let stack: Stack;
let fn: lambda.Function;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
  fn = plainFunction(stack, 'Pay');
  new CanaryAlias(stack, 'Live', { function: fn });
});

/** The version of the template, which the alias and both alarms name too. */
function written(of = stack): string {
  const { template } = app.synth({ force: true }).getStackArtifact(of.artifactId);
  const ids = JSON.stringify(template).match(/PayCurrentVersion\w+/g)!;
  expect(ids).toHaveLength(8);
  expect(new Set(ids).size).toBe(1);
  return ids[0];
}

test('a change between two syntheses publishes a version, and its revert the previous one', () => {
  const first = written();
  fn.addEnvironment('FEE', '1');
  const second = written();
  expect(second).not.toBe(first);
  (fn.node.defaultChild as lambda.CfnFunction).environment = undefined;
  expect(written()).toBe(first);
});

test('the id is computed from the function at the time of the resolution', () => {
  const id = () => stack.resolve((fn.currentVersion.node.defaultChild as lambda.CfnVersion).ref).Ref;
  const before = id();
  expect(written()).toBe(before);
  fn.addEnvironment('FEE', '1');
  expect(id()).not.toBe(before);
  expect(written()).toBe(id());
});

test('references to another stack are part of the id', () => {
  const value = (name: string) => new Stack(app, name).exportValue('x', { name });
  const ids = ['One', 'Two'].map(name => {
    fn.addEnvironment('FEE', value(name));
    return written();
  });
  expect(ids[0]).not.toBe(ids[1]);
});

test('supports a function of a nested stack', () => {
  const nested = new NestedStack(stack, 'Nested');
  const inside = plainFunction(nested, 'Inside');
  new CanaryAlias(nested, 'Live', { function: inside });
  const id = () => nested.resolve((inside.currentVersion.node.defaultChild as lambda.CfnVersion).ref).Ref;
  const ids = () => new Set(readFileSync(join(app.synth({ force: true }).directory, nested.templateFile), 'utf8').match(/InsideCurrentVersion\w+/g));
  const before = id();
  expect(ids()).toEqual(new Set([before]));
  inside.addEnvironment('FEE', '1');
  expect(ids()).toEqual(new Set([id()]));
  expect(id()).not.toBe(before);
});

test('a synthesis computes the id once', () => {
  let resolved = 0;
  fn.addEnvironment('FEE', Lazy.uncachedString({
    produce: context => {
      if (!context.preparing) resolved++;
      return '1';
    },
  }));
  written();
  // for the template, for the tree of constructs, for the id, and for the warnings about its values
  expect(resolved).toBe(4);
});
