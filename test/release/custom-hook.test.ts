import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CanaryAlias, LeastPrivilegeRole, ProductionFunction, TrafficHook } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

let stack: Stack;
let fn: lambda.Function;
let hook: lambda.Function;
beforeEach(() => {
  stack = newStack();
  fn = plainFunction(stack, 'Pay');
  hook = plainFunction(stack, 'Probe');
});

const logicalId = (construct: lambda.IFunction) => stack.getLogicalId(construct.node.defaultChild as lambda.CfnFunction);
const template = () => {
  const found = Template.fromStack(stack);
  expectNoCycle(found);
  return found;
};

describe('a custom hook', () => {
  test('is invoked before or after the traffic shifts', () => {
    const after = plainFunction(stack, 'After');
    new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook), postTraffic: TrafficHook.fromFunction(after) });
    template().hasResource('AWS::Lambda::Alias', {
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: Match.anyValue(),
          DeploymentGroupName: Match.anyValue(),
          BeforeAllowTrafficHook: { Ref: logicalId(hook) },
          AfterAllowTrafficHook: { Ref: logicalId(after) },
        },
      },
    });
  });

  test('may only report for its deployment group and read its revision', () => {
    const live = new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
    const name = stack.getLogicalId(live.node.defaultChild as lambda.CfnAlias);
    const [policy] = Object.values(template().findResources('AWS::IAM::Policy'));
    const statements = policy.Properties.PolicyDocument.Statement;
    expect(statements.map((s: any) => [s.Action, s.Resource['Fn::Join'][1].slice(-2)])).toEqual([
      [['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'], [{ Ref: expect.stringContaining('ReleaseApplication') }, `/${stack.resolve(name)}`]],
      ['codedeploy:GetApplicationRevision', [':application:', { Ref: expect.stringContaining('ReleaseApplication') }]],
    ]);
    template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentGroupName: stack.resolve(name) });
  });

  test('may be invoked by CodeDeploy before the alias changes', () => {
    new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
    const [[id, permission]] = Object.entries(template().findResources('AWS::Lambda::Permission'));
    expect(permission.Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [logicalId(hook), 'Arn'] },
      Principal: { 'Fn::GetAtt': [expect.stringContaining('ReleaseRole'), 'Arn'] },
    });
    template().hasResource('AWS::Lambda::Alias', { DependsOn: [id] });
  });

  test('may be the hook of several aliases, of which one function depends on another', () => {
    const first = new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
    const other = plainFunction(stack, 'Refund', { environment: { PAY: first.functionArn } });
    new CanaryAlias(stack, 'RefundLive', { function: other, preTraffic: TrafficHook.fromFunction(hook) });
    template().resourceCountIs('AWS::Lambda::Permission', 1);
  });

  test('may invoke the new version', () => {
    const live = new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
    hook.addEnvironment('VERSION', live.version.functionArn);
    live.version.grantInvoke(hook);
    template();
  });

  test('may be a ProductionFunction', () => {
    const own = new ProductionFunction(stack, 'Own', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
    new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(own) });
    expect(own.role).toBeInstanceOf(LeastPrivilegeRole);
    template().hasResourceProperties('AWS::Lambda::Permission', { FunctionName: { Ref: stack.resolve(stack.getLogicalId(own.live.node.defaultChild as lambda.CfnAlias)) } });
  });

  test('may be imported; CDK warns about the missing permission', () => {
    const imported = lambda.Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:eu-central-1:123456789012:function:CodeDeployHook_probe');
    new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(imported) });
    template().hasResource('AWS::Lambda::Alias', { UpdatePolicy: { CodeDeployLambdaAliasUpdate: { BeforeAllowTrafficHook: 'CodeDeployHook_probe' } } });
    expect(warningsOf(stack)).toEqual([
      expect.stringContaining('codedeploy:PutLifecycleEventHookExecutionStatus'),
      expect.stringContaining('codedeploy:GetApplicationRevision'),
      expect.stringContaining('addPermission() has no effect'),
    ]);
  });
});

test('without hooks the deployment group has a generated name and the alias depends on no hook', () => {
  new CanaryAlias(stack, 'Live', { function: fn });
  template().hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentGroupName: Match.absent() });
  template().hasResource('AWS::Lambda::Alias', { DependsOn: Match.absent() });
});

test('the name of the deployment group has at most 100 characters, with its hash', () => {
  const id = 'Live'.padEnd(150, 'x');
  const live = new CanaryAlias(stack, id, { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
  const full: string = stack.resolve(stack.getLogicalId(live.node.defaultChild as lambda.CfnAlias));
  const [group] = Object.values(template().findResources('AWS::CodeDeploy::DeploymentGroup'));
  expect(group.Properties.DeploymentGroupName).toBe(full.slice(0, 92) + full.slice(-8));
  expect(group.Properties.DeploymentGroupName).toHaveLength(100);
});

describe('failures', () => {
  test.each([
    ['preTraffic', 'environment'], ['postTraffic', 'environment'], ['preTraffic', 'grant'], ['postTraffic', 'grant'],
  ] as const)('fails when the %s hook depends on the alias by its %s', (prop, how) => {
    const live = new CanaryAlias(stack, 'Live', { function: fn, [prop]: TrafficHook.fromFunction(hook) });
    if (how === 'environment') hook.addEnvironment('LIVE', live.functionArn);
    else live.grantInvoke(hook);
    expect(() => Template.fromStack(stack)).toThrow(new RegExp(
      `'${prop}' must not depend on the alias, which depends on its hook, got Stack/Probe in the cycle Stack/Live/Resource → .*Stack/Probe/.* → Stack/Live/Resource; `
      + "use 'version' of the alias in the hook instead of the alias"));
  });

  test('fails when the hook depends on the alias through another function', () => {
    const live = new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(hook) });
    const between = plainFunction(stack, 'Between', { environment: { LIVE: live.functionArn } });
    hook.addEnvironment('BETWEEN', between.functionName);
    expect(() => Template.fromStack(stack)).toThrow('Stack/Between/Resource');
  });

  test('fails when the hook is the released function', () => {
    expect(() => new CanaryAlias(stack, 'Live', { function: fn, preTraffic: TrafficHook.fromFunction(fn) })).toThrow(
      "'preTraffic' must be another function than the one that is released, got Stack/Pay; use a separate function that invokes 'version' (at Stack/Live)");
  });

  test('fails when the hook is in another stack', () => {
    const elsewhere = plainFunction(new Stack(stack.node.root as any, 'Other'), 'Probe');
    expect(() => new CanaryAlias(stack, 'Live', { function: fn, postTraffic: TrafficHook.fromFunction(elsewhere) })).toThrow(
      "'postTraffic' must be a function of the alias's stack Stack, got Other/Probe; the alias depends on its hook and the hook's permissions depend on the alias's CodeDeploy application, so the two stacks would depend on each other (at Stack/Live)");
  });
});
