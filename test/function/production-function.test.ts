import { Stack, aws_iam as iam, aws_lambda as lambda, aws_sns as sns, aws_sqs as sqs, Duration } from 'aws-cdk-lib';
import { LeastPrivilegeRole } from '../../src';
import { newStack } from '../support/plain-function';
import { type Json, only, production, roleStatements } from '../support/production-function';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

const layer = (id: string, compatibleArchitectures?: lambda.Architecture[]) =>
  new lambda.LayerVersion(stack, id, { code: lambda.Code.fromAsset(__dirname), compatibleArchitectures });

const versionOf = (of: Stack) => only(of, 'AWS::Lambda::Alias').Properties.FunctionVersion['Fn::GetAtt'][0];

describe('addLayers()', () => {
  test('adds layers after the layers of the props, and publishes another version', () => {
    const without = newStack();
    production(without, { layers: [new lambda.LayerVersion(without, 'First', { code: lambda.Code.fromAsset(__dirname) })] });
    const fn = production(stack, { layers: [layer('First')] });
    fn.addLayers(layer('Second'), layer('Third', [lambda.Architecture.ARM_64]));

    expect(only(stack, 'AWS::Lambda::Function').Properties.Layers.map((l: Json) => l.Ref.replace(/[0-9A-F]{8}.*/, ''))).toEqual(['First', 'Second', 'Third']);
    expect(versionOf(stack)).not.toBe(versionOf(without));
  });

  test('fails when a layer is built for another architecture, before any layer is added', () => {
    const fn = production(stack);

    expect(() => fn.addLayers(layer('Arm'), layer('Intel', [lambda.Architecture.X86_64]))).toThrow(
      "'layers' must run on arm64, got Stack/Intel for x86_64; build the layer for arm64 or set 'architecture' (at Stack/Pay)");
    expect(only(stack, 'AWS::Lambda::Function').Properties.Layers).toBeUndefined();
  });
});

test('currentVersion is the version of the alias', () => {
  const fn = production(stack);

  expect(fn.currentVersion).toBe(fn.version);
  expect(only(stack, 'AWS::Lambda::Alias').Properties.FunctionVersion).toEqual(stack.resolve(fn.currentVersion.version));
});

test('functionName is the name with the alias, and that of the definition the name alone', () => {
  const fn = production(stack);

  expect(stack.resolve(fn.definition.functionName)).toEqual({ Ref: expect.stringMatching(/^Pay[0-9A-F]{8}$/) });
  expect(JSON.stringify(stack.resolve(fn.functionName))).toMatch(/"Ref":"PayLive/);
});

describe('deadLetterQueue and deadLetterTopic', () => {
  test('are undefined by default', () => {
    const fn = production(stack);

    expect([fn.deadLetterQueue, fn.deadLetterTopic]).toEqual([undefined, undefined]);
  });

  test('are the queue and the topic of the props', () => {
    const queue = new sqs.Queue(stack, 'Dead');
    const topic = new sns.Topic(stack, 'Topic');

    expect(production(stack, { deadLetterQueue: queue }, 'A').deadLetterQueue).toBe(queue);
    expect(production(stack, { deadLetterTopic: topic }, 'B').deadLetterTopic).toBe(topic);
  });

  test('are the FailureQueue of the stack for a durable function', () => {
    const fn = production(stack, { durableConfig: { executionTimeout: Duration.minutes(5) } });

    expect(fn.deadLetterQueue!.node.path).toBe('Stack/ProductionLambda/FailureQueue');
  });
});

describe('allowWildcard()', () => {
  const statement = () => new iam.PolicyStatement({ actions: ['ssm:GetParametersByPath'], resources: ['*'] });

  test('adds the statement to the role of the function', () => {
    production(stack).allowWildcard(statement(), 'the paths are not known before the deployment');

    expect(roleStatements(stack)).toContainEqual({ Effect: 'Allow', Action: 'ssm:GetParametersByPath', Resource: '*' });
  });

  test('adds it to a LeastPrivilegeRole of the props', () => {
    production(stack, { role: new LeastPrivilegeRole(stack, 'Own') }).allowWildcard(statement(), 'the paths are not known before the deployment');

    expect(JSON.stringify(only(stack, 'AWS::IAM::Role', /^Own/))).toContain('ssm:GetParametersByPath');
  });

  test('fails when the role of the props is another one', () => {
    const role = new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

    expect(() => production(stack, { role }).allowWildcard(statement(), 'reason')).toThrow(
      "'role' must be a LeastPrivilegeRole for allowWildcard(), got Stack/Own; add the statement by 'addToRolePolicy()', or leave out 'role' (at Stack/Pay)");
  });

  test('fails when the reason is empty', () => {
    expect(() => production(stack).allowWildcard(statement(), ' ')).toThrow("'reason'");
  });
});
