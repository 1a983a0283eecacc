import { App, CustomResource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CanaryAlias, ProductionFunction } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

type Use = (stack: Stack, name: string, fn: ProductionFunction) => void;

/** The names that a use may have: of the function, and of the function and its alias. */
function using(use: Use): { byName: () => string[]; byAlias: () => string[] } {
  const warningsFor = (nameOf: (fn: ProductionFunction) => string) => {
    const stack = new Stack(new App(), 'Shop');
    const fn = new ProductionFunction(stack, 'Pay', REQUIRED);
    use(stack, nameOf(fn), fn);
    return warningsOf(stack);
  };
  return { byName: () => warningsFor(fn => fn.definition.functionName), byAlias: () => warningsFor(fn => fn.functionName) };
}

test.each<[string, string, Use]>([
  ['a log group', "'LogGroupName' of Shop/Log/Resource", (stack, name) => new logs.LogGroup(stack, 'Log', { logGroupName: `/aws/lambda/${name}` })],
  ['a metric filter', "'LogGroupName' of Shop/Filter/Resource", (stack, name) => new logs.MetricFilter(stack, 'Filter', {
    logGroup: logs.LogGroup.fromLogGroupName(stack, 'Log', `/aws/lambda/${name}`), filterPattern: logs.FilterPattern.allTerms('x'), metricNamespace: 'n', metricName: 'm',
  })],
])('fails when %s is named after the alias', (_, where, use) => {
  const { byName, byAlias } = using(use);
  expect(byAlias).toThrow(`${where} must not contain the name of an alias, got <function>:<alias>, and the deployment would fail; use the name of the function`);
  expect(byName()).toEqual([]);
});

test('fails when a version of the alias is published', () => {
  const stack = new Stack(new App(), 'Shop');
  new lambda.Version(stack, 'V', { lambda: new ProductionFunction(stack, 'Pay', REQUIRED) });
  expect(() => warningsOf(stack)).toThrow("'FunctionName' of Shop/V/Resource must not contain the name of an alias");
});

test.each<[string, string, Use]>([
  ['an alarm on its dimension', 'aliasAsDimension', (stack, name) => new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName: name } })
    .createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })],
  ['an alarm on an expression', 'aliasAsDimension', (stack, name) => new cloudwatch.MathExpression({
    expression: 'a * 2', usingMetrics: { a: new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName: name } }) },
  }).createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })],
  ['a permission on its log group', 'aliasAsLogGroup', (stack, name) => new iam.ManagedPolicy(stack, 'Reader', {
    statements: [new iam.PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [`arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/${name}:*`] })],
  })],
])('warns of %s that has the name of the alias', (_, id, use) => {
  const { byName, byAlias } = using(use);
  expect(byAlias().filter(text => text.includes(`ProductionFunction.${id}`))).toHaveLength(1);
  expect(byName()).toEqual([]);
});

test('warns of a custom resource whose token is an alias', () => {
  const { byAlias } = using((stack, _, fn) => new CustomResource(stack, 'Data', { serviceToken: fn.functionArn }));
  expect(byAlias().join()).toContain("'serviceToken' is the ARN of an alias, and CloudFormation rejects a change of the token of a deployed custom resource; use 'definition.functionArn'");
  const { byAlias: byDefinition } = using((stack, _, fn) => new CustomResource(stack, 'Data', { serviceToken: fn.definition.functionArn }));
  expect(byDefinition()).toEqual([]);
});

test('the metrics of the library and of other aliases have the name of the function', () => {
  const { byAlias } = using((stack, _, fn) => {
    fn.metricErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });
    new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Plain') }).metricErrors().createAlarm(stack, 'Others', { threshold: 1, evaluationPeriods: 1 });
  });
  expect(byAlias()).toEqual([]);
});
