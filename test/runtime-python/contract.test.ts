import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IdempotencyStore, ProductionFunction } from '../../src';
import { networkOf, newDatabase } from '../support/databases';
import { newStack, REQUIRED } from '../support/plain-function';
import { only } from '../support/production-function';

const PACKAGE = join(__dirname, '..', '..', 'runtime-python', 'src', 'cdk_production_lambda_runtime');
const read = (file: string) => readFileSync(join(PACKAGE, file), 'utf8');

test('the constructs set every variable that the Python package reads', () => {
  const names = [...read('variables.py').matchAll(/^[A-Z_]+ = "(\w+)"$/gm)].map(([, name]) => name);
  expect(names).toHaveLength(8);
  const stack = newStack();
  const fn = new ProductionFunction(stack, 'Pay', {
    ...REQUIRED, runtime: lambda.Runtime.PYTHON_3_13, vpc: networkOf(stack), reservedConcurrentExecutions: 5, idempotency: new IdempotencyStore(stack, 'Store'),
  });
  newDatabase(stack).connect(fn, { user: 'pay' });
  const { Environment } = only(stack, 'AWS::Lambda::Function', /^Pay/).Properties;
  expect(Object.keys(Environment.Variables)).toEqual(expect.arrayContaining(names));
});

test('the metrics have the dimensions that the alarms read', () => {
  const dimensions = /"FunctionName": context\.function_name, "ExecutedVersion": context\.function_version/;
  expect(read('handlers.py')).toMatch(dimensions);
});
