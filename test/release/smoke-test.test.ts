import { Aws, CfnParameter, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, type CanaryAliasOptions, ExpectedValue, SmokeTest, type SmokeTestOptions } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

function release(id: string, options: CanaryAliasOptions, environment?: Record<string, string>): CanaryAlias {
  return new CanaryAlias(stack, `${id}Live`, { function: plainFunction(stack, id, { environment }), ...options });
}
const tested = (id: string, options: SmokeTestOptions = {}) => release(id, { preTraffic: SmokeTest.invoke(options) });
const nameOf = (alias: CanaryAlias): string => stack.resolve(stack.getLogicalId(alias.node.defaultChild as lambda.CfnAlias));

function template(): Template {
  const found = Template.fromStack(stack);
  expectNoCycle(found);
  return found;
}

/** The hooks, by logical id, and what each tests. */
function hooks(): Record<string, any> {
  const found = template().findResources('AWS::Lambda::Function', { Properties: { Environment: { Variables: { SMOKE_TESTS: Match.anyValue() } } } });
  return Object.fromEntries(Object.entries(found).map(([id, { Properties }]) => [id, JSON.parse(Properties.Environment.Variables.SMOKE_TESTS)]));
}

describe('defaults', () => {
  test('sends an empty event at most five times, and accepts any response without an error', () => {
    const live = tested('Pay');
    expect(Object.values(hooks())).toEqual([{ [nameOf(live)]: { payload: {}, attempts: 5 } }]);
  });

  test('the hook is a function of the current runtime with its own log group and a timeout of five minutes', () => {
    tested('Pay');
    template().hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 300,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('PreTrafficTestLogs') } },
    });
    template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('the alias depends on both permissions of the hook', () => {
    const live = tested('Pay');
    const [hook] = Object.keys(hooks());
    const permissions = Object.keys(template().findResources('AWS::Lambda::Permission'));
    template().templateMatches({
      Resources: {
        [nameOf(live)]: {
          DependsOn: permissions.sort(),
          UpdatePolicy: { CodeDeployLambdaAliasUpdate: { BeforeAllowTrafficHook: { Ref: hook }, AfterAllowTrafficHook: Match.absent() } },
        },
      },
    });
  });
});

describe('permissions of the hook', () => {
  test('it may invoke the new version by its qualified ARN, and no alias', () => {
    const live = tested('Pay');
    template().hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: stack.resolve(live.version.functionArn),
      Principal: { 'Fn::GetAtt': [Match.stringLikeRegexp('PreTrafficTestRole'), 'Arn'] },
    });
    expect(stack.resolve(live.version.functionArn)).toEqual({ Ref: expect.stringMatching(/^PayCurrentVersion/) });
  });

  test('its role may write its log and traces, and read and report the deployments of its groups', () => {
    const live = tested('Pay');
    const [role] = Object.values(template().findResources('AWS::IAM::Role', { Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] }, Policies: Match.anyValue() } }));
    const statements = role.Properties.Policies[0].PolicyDocument.Statement;
    expect(statements.map((s: any) => s.Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      ['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'],
      'codedeploy:GetApplicationRevision',
    ]);
    expect(JSON.stringify(statements.filter((s: any) => !s.Action.includes('xray:PutTraceSegments')))).not.toContain('*');
    expect(statements[2].Resource['Fn::Join'][1].at(-1)).toBe(`/${nameOf(live)}`);
  });
});

describe('sharing', () => {
  test('one hook tests all functions of a stack, also if one depends on another', () => {
    const pay = tested('Pay', { payload: { n: 1 } });
    const refund = release('Refund', { preTraffic: SmokeTest.invoke({ payload: { n: 2 } }) }, { PAY: pay.functionArn });
    expect(Object.values(hooks())).toEqual([{
      [nameOf(pay)]: { payload: { n: 1 }, attempts: 5 },
      [nameOf(refund)]: { payload: { n: 2 }, attempts: 5 },
    }]);
  });

  test('separate hooks test before and after the traffic shifts, because the event of CodeDeploy does not distinguish them', () => {
    release('Pay', { preTraffic: SmokeTest.invoke({ payload: 'before' }), postTraffic: SmokeTest.invoke({ payload: 'after' }) });
    expect(Object.values(hooks()).map(tests => (Object.values(tests)[0] as any).payload).sort()).toEqual(['after', 'before']);
  });

  test('a second hook tests what exceeds the environment of the first', () => {
    const payload = 'x'.repeat(1_500);
    for (const id of ['A', 'B', 'C', 'D', 'E']) tested(id, { payload });
    expect(Object.entries(hooks()).map(([id, tests]) => [id.replace(/Function.*/, ''), Object.keys(tests).length])).toEqual([
      ['ProductionLambdaPreTrafficTest', 2], ['ProductionLambdaPreTrafficTest2', 2], ['ProductionLambdaPreTrafficTest3', 1],
    ]);
    for (const { Properties } of Object.values(template().findResources('AWS::Lambda::Function'))) {
      expect(JSON.stringify(Properties.Environment?.Variables ?? {}).length).toBeLessThan(4_096 + 200);
      expect(Object.entries(Properties.Environment?.Variables ?? {}).flat().join('').length).toBeLessThanOrEqual(4_096);
    }
  });
});

test('payload, expect and attempts are in the environment of the hook, expected values by their type', () => {
  const live = tested('Pay', {
    payload: { path: '/health', list: [1, null] },
    expect: {
      statusCode: 200,
      body: {
        id: ExpectedValue.STRING,
        items: [ExpectedValue.NUMBER, ExpectedValue.BOOLEAN],
        tags: ExpectedValue.LIST,
        owner: ExpectedValue.OBJECT,
        at: ExpectedValue.PRESENT,
      },
    },
    attempts: 10,
  });
  expect(Object.values(hooks())[0][nameOf(live)]).toEqual({
    payload: { path: '/health', list: [1, null] },
    expect: {
      statusCode: 200,
      body: {
        id: { $shape: 'string' },
        items: [{ $shape: 'number' }, { $shape: 'boolean' }],
        tags: { $shape: 'list' },
        owner: { $shape: 'object' },
        at: { $shape: 'present' },
      },
    },
    attempts: 10,
  });
});

describe('failures', () => {
  test.each([0, 11])('fails when attempts is %d', attempts => {
    expect(() => tested('Pay', { attempts })).toThrow(`'attempts' must be between 1 and 10, got ${attempts}; ${attempts < 1 ? 'raise it' : 'more attempts exceed the timeout of the hook'} (at Stack/PayLive)`);
  });

  test.each<[string, (s: Stack) => SmokeTestOptions]>([
    ['payload', () => ({ payload: { region: Aws.REGION } })],
    ['payload', s => ({ payload: [new CfnParameter(s, 'Number', { type: 'Number' }).valueAsNumber] })],
    ['expect', () => ({ expect: { body: [`in ${Aws.REGION}`] } })],
  ])('fails when %s has a token', (prop, options) => {
    expect(() => tested('Pay', options(stack))).toThrow(`'${prop}' must be literal JSON, got a token; the hook tests all functions of the stack and must not depend on any of them (at Stack/PayLive)`);
  });

  test('fails when a test exceeds the environment of a hook', () => {
    const empty = JSON.stringify({ [nameOf(tested('Probe'))]: { payload: '', attempts: 5 } }).length + 'Pay'.length - 'Probe'.length;
    const room = 3_800 - empty;
    expect(() => tested('Pay', { payload: 'x'.repeat(room) })).not.toThrow();
    expect(() => tested('Big', { payload: 'x'.repeat(room + 1) })).toThrow(
      "'payload' and 'expect' must be at most 3800 bytes together, got 3801; send a smaller event, or use TrafficHook.fromFunction() (at Stack/BigLive)");
  });
});
