import { App, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expectNoFindings, expectNothingPastTheAlias, findings, replacements, snapshotOf, templateOf } from '../../../testing/src/template';

function shop(build: (fn: lambda.Function, alias: lambda.Alias, stack: Stack) => void = () => undefined): Stack {
  const stack = new Stack(new App(), 'Shop');
  const code = lambda.Code.fromInline('exports.handler = async () => 1');
  const fn = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
  build(fn, new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }), stack);
  return stack;
}

const consumed = (stack: Stack) => new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'));

test('expectNothingPastTheAlias accepts the alias and names each resource that passes it', () => {
  expectNothingPastTheAlias(shop((_fn, alias, stack) => alias.addEventSource(consumed(stack))));
  const stack = shop((fn, _alias, own) => fn.addEventSource(consumed(own)));
  expect(() => expectNothingPastTheAlias(stack)).toThrow(/^Shop must use the aliases of its functions, got 1 references to \$LATEST; pass the alias:\n {2}FnSqsEventSource\w+ \(AWS::Lambda::EventSourceMapping\) at \.FunctionName$/);
});

test('findings are data, with the path; an acknowledged finding is none', () => {
  const queueOf = (acknowledged: boolean) => {
    const stack = shop((_fn, alias, own) => alias.addEventSource(consumed(own)));
    const rules = [...new Set(findings(stack.node.root as App).filter(({ path }) => path.includes('Queue')).map(({ rule }) => rule))];
    const again = shop((_fn, alias, own) => alias.addEventSource(consumed(own)));
    if (acknowledged) for (const rule of rules) Validations.of(again).acknowledge({ id: `ProductionChecks::${rule}`, reason: 'a test' });
    return { rules, left: findings(again.node.root as App).filter(({ path }) => path.includes('Queue')) };
  };
  const open = queueOf(false);
  expect(open.rules.length).toBeGreaterThan(0);
  expect(open.left[0]).toEqual({ rule: expect.stringMatching(/^LP-/), severity: expect.any(String), message: expect.any(String), fix: expect.any(String), path: expect.stringMatching(/^Shop\/.*Queue/), logicalId: expect.any(String) });
  expect(queueOf(true).left).toEqual([]);
});

test('expectNoFindings lists what it found from a severity', () => {
  const stack = shop((_fn, alias, own) => alias.addEventSource(consumed(own)));
  expect(() => expectNoFindings(stack.node.root as App, { from: 'info' })).toThrow(/^the app must have no finding of severity info or above, got \d+:\n {2}LP-/);
});

test('a snapshot survives another hash of an asset and another version', () => {
  const of = (hash: string) => ({ Resources: { FnCurrentVersionABCDEF12: `FnCurrentVersionABCDEF12${hash.slice(0, 32)}`, Code: { S3Key: `${hash}.zip` } } });
  expect(snapshotOf(of('a'.repeat(64)))).toEqual(snapshotOf(of('b'.repeat(64))));
  expect(snapshotOf(of('a'.repeat(64))).Resources.Code.S3Key).toBe('<asset>.zip');
});

test('replacements name what a deployment would replace or delete, and why', () => {
  const named = (queueName: string) => shop((_fn, _alias, stack) => new sqs.Queue(stack, 'Queue', { queueName }));
  const committed = templateOf(named('a'));
  expect(replacements(named('a'), committed)).toEqual([]);
  expect(replacements(named('b'), committed)).toEqual([{ id: expect.stringMatching(/^Queue/), type: 'AWS::SQS::Queue', impact: 'replaced', properties: ['QueueName'] }]);
  expect(replacements(shop(), committed)).toEqual([expect.objectContaining({ type: 'AWS::SQS::Queue', impact: 'deleted' })]);
  expect(() => replacements(shop(), 'nowhere.json')).toThrow("'committed' must be a file, got 'nowhere.json'");
});

test('a nested stack has a template of its own', () => {
  const nested = new NestedStack(new Stack(new App(), 'Shop'), 'Orders');
  new sqs.Queue(nested, 'Queue');
  expect(Object.values(templateOf(nested).Resources)).toEqual([expect.objectContaining({ Type: 'AWS::SQS::Queue' })]);
});
