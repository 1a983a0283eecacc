import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import { aliasedFunctions, aliasReferences, expectNothingPastTheAlias, unqualifiedReferences } from '../../testing/src/template';
import { typesThatTakeFunctions } from '../support/consumers';
import { EVENT_CONSUMERS } from '../support/consumers-of-events';
import { PLATFORM_CONSUMERS } from '../support/consumers-of-platform';
import { REQUEST_CONSUMERS } from '../support/consumers-of-requests';
import { newStack, plainFunction } from '../support/plain-function';
import { production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const CONSUMERS = [...EVENT_CONSUMERS, ...REQUEST_CONSUMERS, ...PLATFORM_CONSUMERS];

/** Types that take a function and invoke none through it, or that can't take an alias. */
const NO_CONSUMERS: Record<string, string> = {
  'aws_appconfig.LambdaValidator': 'takes the class lambda.Function only, which an alias is not: pass `definition`',
  'triggers.TriggerProps': 'takes the class lambda.Function only, and invokes its current version: pass `definition`',
  'aws_cloudfront.EdgeLambda': 'Lambda@Edge takes versions only: pass `version`, of a function that fits the edge',
  'aws_cloudfront.LambdaFunctionAssociation': 'as EdgeLambda, for the older distribution',
  'aws_cloudfront.experimental.EdgeFunction': 'a function of its own, whose versions it grants',
  'aws_codedeploy.CfnApplicationProps': 'a name that the generator takes for a function',
  'aws_codeguruprofiler.CfnProfilingGroupProps': 'a name that the generator takes for a function',
  'aws_logs.CfnLogGroupProps': 'a name that the generator takes for a function',
  'aws_lambda.AliasAttributes': 'makes an alias of a version',
  'aws_lambda.AliasProps': 'makes an alias of a version',
  'aws_lambda.CapacityProvider': 'configures the function underneath and invokes nothing',
  'aws_lambda.CfnAlias': 'reads the ARN of what it is given',
  'aws_lambda.CfnAliasProps': 'is made of the function underneath',
  'aws_lambda.CfnEventInvokeConfigProps': 'takes the function underneath and a qualifier: use configureAsyncInvoke',
  'aws_lambda.CfnFunction': 'reads the ARN of what it is given',
  'aws_lambda.CfnUrlProps': 'takes the function underneath and a qualifier: use addFunctionUrl',
  'aws_lambda.CfnVersionProps': 'is made of the function underneath',
  'aws_lambda.EventInvokeConfigProps': 'takes the function underneath and a qualifier: use configureAsyncInvoke',
  'aws_lambda.FunctionBase': 'grants versions: see grants.test.ts',
  'aws_lambda.VersionAttributes': 'makes a version of the function underneath',
  'aws_lambda.VersionProps': 'makes a version of the function underneath',
  'aws_lambda.VersionWeight': 'CodeDeploy sets the weights of the alias',
};

test('only the version, the alias and resources with a qualifier refer to the function', () => {
  const stack = newStack();
  production(stack);

  expectNothingPastTheAlias(stack);
});

test.each(CONSUMERS)('$name refers to the alias, without a cycle', ({ attach }) => {
  const alone = newStack();
  production(alone);
  const stack = newStack();
  attach(stack, production(stack));
  const resources = resourcesOf(stack);

  const [pay] = aliasedFunctions(resources).filter(id => id.startsWith('Pay'));
  expect(unqualifiedReferences(resources, [pay])).toEqual([]);
  expect(aliasReferences(resources, [pay])).toBeGreaterThan(aliasReferences(resourcesOf(alone), [pay]));
  expectNoCycle(stack);
});

test('detects a reference to the function', () => {
  const stack = newStack();
  const sqs = EVENT_CONSUMERS.find(({ name }) => name === 'SQS')!;
  sqs.attach(stack, plainFunction(stack, 'Pay') as never);

  const resources = resourcesOf(stack);
  const [pay] = Object.keys(resources).filter(id => resources[id].Type === 'AWS::Lambda::Function');
  expect(unqualifiedReferences(resources, [pay])).toEqual([expect.objectContaining({ type: 'AWS::Lambda::EventSourceMapping', path: '.FunctionName' })]);
});

test('covers every type of aws-cdk-lib that accepts and invokes a function', () => {
  const tried = CONSUMERS.flatMap(({ types }) => types);
  const callbacks = tried.filter(type => type.startsWith('aws_lambda_event_sources.'));

  expect([...new Set([...tried, ...Object.keys(NO_CONSUMERS)])].filter(type => !callbacks.includes(type)).sort()).toEqual(typesThatTakeFunctions());
});

test('covers every event source, dead-letter target and schema registry of aws-cdk-lib', () => {
  const classes = Object.entries(sources).filter(([, value]) => typeof value === 'function' && 'bind' in value.prototype).map(([name]) => name);
  const tried = EVENT_CONSUMERS.flatMap(({ types }) => types);

  expect(classes.filter(name => !tried.includes(`aws_lambda_event_sources.${name}`))).toEqual([]);
  expect(classes).toContain('SqsEventSource');
});
