import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { documentedExamples, runExample } from './support/examples';
import { findingsOf, type Finding } from './support/findings';
import { createApp } from '../sample/app';
import * as library from '../src';

/** What aws-cdk-lib itself acknowledges in every VPC and stack, whether the validator finds it or not. */
const BY_CDK = /^CloudFormation-Validate::(W3010|F3002|F3003)$/;

/** Findings at constructs of this library and below; the other constructs of an example, and of an EphemeralStack, are the user's. */
function ours(app: App, findings: Finding[]): Finding[] {
  const classes = Object.values(library).filter(value => typeof value === 'function') as (abstract new (...args: never[]) => unknown)[];
  return findings.filter(({ path }) => {
    const steps = path.split('/');
    return steps.some((step, i) => {
      const construct = steps.slice(0, i + 1).reduce<App | undefined>((node, id) => node?.node.tryFindChild(id) as App | undefined, app);
      return step === 'ProductionLambda' || (!Stack.isStack(construct) && classes.some(c => construct instanceof c));
    });
  });
}

test('the sample has no open finding in strict validation, AwsSolutions, Serverless and ProductionChecks', () => {
  const strict = { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true };
  const findings = findingsOf(createApp, strict);
  expect(findings.open).toEqual([]);
  // A misspelt id suppresses nothing, and CDK does not report it: each acknowledgement must have suppressed a finding.
  expect(findings.made.filter(a => !BY_CDK.test(a.id) && !findings.used.some(u => u.id === a.id && u.path === a.path))).toEqual([]);
  expect(findings.used).toHaveLength(32);
});

const examples = documentedExamples();

test('the documentation has examples', () => {
  const count = (place: string) => examples.filter(({ name }) => name.startsWith(place)).length;
  expect({ readme: count('README.md'), guides: count('docs/guides/'), docComments: count('src/') }).toEqual({ readme: 2, guides: 52, docComments: 41 });
});

afterEach(() => jest.restoreAllMocks());

test.each(examples.map(e => [e.name, e] as const))('%s runs and has no open finding of ours, no error and no exemption in vain', (_, example) => {
  jest.spyOn(console, 'table').mockImplementation(); // an example prints the defaults
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01')); // the sandboxes of the examples expire in 2027
  let app!: App;
  const findings = findingsOf(props => (app = runExample(example, props)));
  expect(ours(app, findings.open)).toEqual([]);
  expect(findings.rejected).toEqual([]);
});

test('a plain construct beside ours is still reported', () => {
  const findings = findingsOf(props => {
    const app = createApp(props);
    const stack = app.node.findChild('Payments') as Stack;
    new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1') });
    return app;
  });
  const rules = findings.open.filter(f => f.path.startsWith('Payments/Plain/')).map(f => f.rule);
  expect(rules).toEqual(expect.arrayContaining([expect.stringContaining('IAM4'), expect.stringContaining('LambdaDLQ'), expect.stringContaining('LambdaTracing'), 'LP-F01', 'LP-F86']));
});
