import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { propsOf } from './app';
import { ProductionDefaults, ProductionFunction } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

describe('warns of a function without defaults', () => {
  const NOT_REACHED = "defaults were not applied: the function was created before 'applyTo', or a closer scope has its own property injector; "
    + "call 'applyTo' first, and also for the scope of that injector";
  const injector = (props: object) => ({
    constructUniqueId: lambda.Function.PROPERTY_INJECTION_ID,
    inject: (given: object) => ({ ...props, ...given }),
  });

  test('because it was created before', () => {
    const stack = new Stack(new App(), 'Stack');
    plainFunction(stack, 'Early');
    ProductionDefaults.applyTo(stack);
    plainFunction(stack, 'Pay');
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^\/Stack\/Early: /)]);
    expect(warningsOf(stack)[0]).toContain(NOT_REACHED);
  });

  test('because CDK calls the injector of a closer scope, until the defaults are applied there too', () => {
    const app = new App();
    ProductionDefaults.applyTo(app);
    const [one, both] = ['One', 'Both'].map(id => new Stack(app, id, { propertyInjectors: [injector({ memorySize: 2048 })] }));
    ProductionDefaults.applyTo(both);
    for (const stack of [one, both]) plainFunction(stack, 'Pay');
    expect(warningsOf(one).join()).toContain(NOT_REACHED);
    expect(warningsOf(both)).toEqual([]);
    expect(propsOf(both, 'Lambda::Function')).toMatchObject({ MemorySize: 2048, Timeout: 10 });
  });

  test('but not of a function that is excluded, has its own values, or is of this library', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    plainFunction(stack, 'Own', { memorySize: 128, timeout: Duration.seconds(3) });
    new ProductionFunction(stack, 'Ours', REQUIRED);
    const theirs = new Construct(stack, 'Theirs');
    plainFunction(theirs, 'Left');
    ProductionDefaults.exclude(theirs);
    ProductionDefaults.applyTo(app);
    expect(warningsOf(stack)).toEqual([]);
  });
});
