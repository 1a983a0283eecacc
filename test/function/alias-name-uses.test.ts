import { App, CfnOutput, CustomResource, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { CanaryAlias, ProductionDashboard, ProductionFunction } from '../../src';
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
  ['a log group of a nested stack', "'LogGroupName' of Shop/Nested/Log/Resource", (stack, name) => new logs.LogGroup(new NestedStack(stack, 'Nested'), 'Log', { logGroupName: Fn.join('/', ['/aws/lambda', name]) })],
  ['a log stream', "'LogGroupName' of Shop/Stream", (stack, name) => new logs.CfnLogStream(stack, 'Stream', { logGroupName: `/aws/lambda/${name}` })],
  ['the configuration of asynchronous invocation', "'FunctionName' of Shop/Async", (stack, name) => new lambda.CfnEventInvokeConfig(stack, 'Async', { functionName: name, qualifier: 'live' })],
  ['a retention', "'LogGroupName' of Shop/Retention/Resource", (stack, name) => new logs.LogRetention(stack, 'Retention', { logGroupName: `/aws/lambda/${name}`, retention: 7 })],
])('fails when %s is named after the alias', (_, where, use) => {
  const { byName, byAlias } = using(use);
  expect(byAlias).toThrow(`${where} must not contain the name of an alias, got <function>:<alias>, and the deployment would fail; use the name of the function`);
  expect(byName()).toEqual([]);
});

test.each<[string, string, (stack: Stack, fn: ProductionFunction) => void]>([
  ['a version', 'Shop/V/Resource', (stack, fn) => new lambda.Version(stack, 'V', { lambda: fn })],
  ['a version, by its ARN,', 'Shop/V', (stack, fn) => new lambda.CfnVersion(stack, 'V', { functionName: fn.functionArn })],
  ['a version, by an attribute of the alias,', 'Shop/V', (stack, fn) => new lambda.CfnVersion(stack, 'V', { functionName: (fn.live.node.defaultChild as lambda.CfnAlias).attrAliasArn })],
  ['a version, by an override,', 'Shop/V', (stack, fn) => new lambda.CfnVersion(stack, 'V', { functionName: 'Pay' }).addPropertyOverride('FunctionName', fn.functionArn)],
  ['an alias', 'Shop/A', (stack, fn) => new lambda.CfnAlias(stack, 'A', { functionName: fn.functionName, functionVersion: '1', name: 'blue' })],
])('fails when %s of the alias is created', (_, path, use) => {
  const stack = new Stack(new App(), 'Shop');
  use(stack, new ProductionFunction(stack, 'Pay', REQUIRED));
  expect(() => warningsOf(stack)).toThrow(`'FunctionName' of ${path} must not contain the name of an alias`);
});

test.each<[string, string, Use]>([
  ['an alarm on its dimension', 'aliasAsDimension', (stack, name) => new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName: name } })
    .createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })],
  ['an alarm on an expression', 'aliasAsDimension', (stack, name) => new cloudwatch.MathExpression({
    expression: 'a * 2', usingMetrics: { a: new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName: name } }) },
  }).createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })],
  ['an anomaly detector', 'aliasAsDimension', (stack, name) => new cloudwatch.CfnAnomalyDetector(stack, 'Detector', {
    namespace: 'AWS/Lambda', metricName: 'Errors', stat: 'Sum', dimensions: [{ name: 'FunctionName', value: name }],
  })],
  ['a widget on its dimension', 'aliasAsDimension', (stack, name) => new cloudwatch.Dashboard(stack, 'Dashboard', {
    widgets: [[new cloudwatch.GraphWidget({ left: [new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap: { FunctionName: name } })] })]],
  })],
  ['a widget on its log group', 'aliasAsLogGroup', (stack, name) => new cloudwatch.Dashboard(stack, 'Dashboard', {
    widgets: [[new cloudwatch.LogQueryWidget({ logGroupNames: [`/aws/lambda/${name}`], queryLines: ['fields @message'] })]],
  })],
  ['a widget that searches for its metrics', 'aliasAsDimension', (stack, name) => new cloudwatch.Dashboard(stack, 'Dashboard', {
    widgets: [[new cloudwatch.GraphWidget({ left: [new cloudwatch.SearchExpression({ expression: `SEARCH('{AWS/Lambda,FunctionName} FunctionName="${name}"', 'Sum')` })] })]],
  })],
  ['an alarm on a query of its metrics', 'aliasAsDimension', (stack, name) => new cloudwatch.MathExpression({
    expression: `SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) WHERE FunctionName = '${name}'`,
  }).createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 })],
  ['an environment with its log group', 'aliasAsLogGroup', (stack, name) => plainFunction(stack, 'Reader', { environment: { LOGS: `/aws/lambda/${name}` } })],
  ['a parameter with its log group', 'aliasAsLogGroup', (stack, name) => new ssm.StringParameter(stack, 'Logs', { stringValue: `/aws/lambda/${name}` })],
  ['a rule of Contributor Insights', 'aliasAsLogGroup', (stack, name) => new cloudwatch.CfnInsightRule(stack, 'Rule', {
    ruleName: 'r', ruleState: 'ENABLED', ruleBody: JSON.stringify({ LogGroupNames: [`/aws/lambda/${name}`] }),
  })],
  ['a link to its log group', 'aliasAsLogGroup', (stack, name) => new CfnOutput(stack, 'Console', { value: `https://x.console.aws.amazon.com/cloudwatch/home#logsV2:log-groups/log-group/$252Faws$252Flambda$252F${name}` })],
  ['a query on its log group', 'aliasAsLogGroup', (stack, name) => new logs.CfnQueryDefinition(stack, 'Query', {
    name: 'errors', queryString: 'fields @message', logGroupNames: [`/aws/lambda/${name}`],
  })],
  ['an alarm on its log group', 'aliasAsLogGroup', (stack, name) => new cloudwatch.Metric({ namespace: 'AWS/Logs', metricName: 'IncomingBytes', dimensionsMap: { LogGroupName: `/aws/lambda/${name}` } })
    .createAlarm(stack, 'Bytes', { threshold: 1, evaluationPeriods: 1 })],
  ['a scalable target', 'aliasQualifiedTwice', (stack, name) => new CfnScalableTarget(stack, 'Target', {
    resourceId: `function:${name}:live`, scalableDimension: 'lambda:function:ProvisionedConcurrency', serviceNamespace: 'lambda', minCapacity: 1, maxCapacity: 2,
  })],
  ['an ARN of its versions', 'aliasQualifiedTwice', (stack, name) => new iam.ManagedPolicy(stack, 'Caller', {
    statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [`arn:aws:lambda:eu-west-1:111122223333:function:${name}:*`] })],
  })],
  ['a link to the console', 'aliasInConsoleLink', (stack, name) => new CfnOutput(stack, 'Console', { value: `https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/${name}` })],
  ['a permission on its log group', 'aliasAsLogGroup', (stack, name) => new iam.ManagedPolicy(stack, 'Reader', {
    statements: [new iam.PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [`arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/${name}:*`] })],
  })],
])('warns of %s that has the name of the alias', (_, id, use) => {
  const { byName, byAlias } = using(use);
  expect(byAlias().filter(text => text.includes(`ProductionFunction.${id}`))).toHaveLength(1);
  expect(byName()).toEqual([]);
});

test('warns of a qualifier behind the ARN of an alias, and of no grant', () => {
  const { byAlias } = using((stack, _, fn) => {
    const caller = new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() });
    fn.grantInvoke(caller);
    fn.grantInvokeUrl(caller);
    fn.grantInvokeLatestVersion(caller);
    new ProductionDashboard(stack, 'Dashboard', { functions: [fn] });
    new CfnOutput(stack, 'Name', { value: fn.functionName });
  });
  expect(byAlias()).toEqual([]);
  const { byAlias: qualified } = using((stack, _, fn) => new iam.ManagedPolicy(stack, 'Caller', {
    statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [`${fn.functionArn}:blue`] })],
  }));
  expect(qualified()).toEqual([expect.stringContaining('ProductionFunction.aliasQualifiedTwice')]);
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
