import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Lazy, Size, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ColdStart, ProductionFunction, type ProductionFunctionProps } from '../../src';
import { newStack, REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

let stack: Stack;
beforeEach(() => {
  stack = newStack();
});

const jar = fs.mkdtempSync(path.join(os.tmpdir(), 'jar-'));
fs.writeFileSync(path.join(jar, 'fn.jar'), 'jar');
afterAll(() => fs.rmSync(jar, { recursive: true }));

const production = (props: Partial<ProductionFunctionProps>) => new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...props });
const java = (props: Partial<ProductionFunctionProps>) => production({ runtime: lambda.Runtime.JAVA_21, handler: 'Pay::handle', code: lambda.Code.fromAsset(jar), ...props });
const properties = () => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0].Properties;

test.each([undefined, ColdStart.onDemand()])('onDemand() is the default and adds nothing', coldStart => {
  const fn = production({ coldStart });
  expect(properties().SnapStart).toBeUndefined();
  expect(fn.provisionedConcurrency).toBeUndefined();
  Template.fromStack(stack).resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
});

test.each([lambda.Runtime.JAVA_11, lambda.Runtime.JAVA_21, lambda.Runtime.PYTHON_3_12, lambda.Runtime.DOTNET_8])('snapStart() takes snapshots of published versions of %s', runtime => {
  java({ runtime, coldStart: ColdStart.snapStart() });
  expect(properties().SnapStart).toEqual({ ApplyOn: 'PublishedVersions' });
});

test('snapStart() has no warning about versions, because the live alias publishes them', () => {
  java({ coldStart: ColdStart.snapStart() });
  expect(warningsOf(stack)).toEqual([]);
});

test('snapStart() warns about secrets, which must not be read before the snapshot', () => {
  java({ coldStart: ColdStart.snapStart(), secrets: { DB: new secretsmanager.Secret(stack, 'Db'), API: new secretsmanager.Secret(stack, 'Api') } });
  expect(warningsOf(stack)).toEqual([expect.stringContaining(
    'DB, API: a secret that is read during initialization is stored in the snapshot, and the old value is used after a rotation; read it in the handler or in an after-restore hook')]);
});

test('provisioned() provisions environments of the live alias', () => {
  const fn = production({ coldStart: ColdStart.provisioned({ min: 3, max: 6, targetUtilization: 0.5 }) });
  expect(fn.provisionedConcurrency!.spilloverAlarm.node.path).toBe('Stack/Pay/Warm/SpilloverAlarm');
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Alias', { Name: 'live', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 }, RoutingConfig: Match.absent() });
  Template.fromStack(stack).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 6 });
});

test('snapStart of lambda.Function still works', () => {
  java({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS });
  expect(properties().SnapStart).toEqual({ ApplyOn: 'PublishedVersions' });
});

describe('snapStart() accepts', () => {
  test('512 MB of /tmp, and a token', () => {
    expect(() => java({ coldStart: ColdStart.snapStart(), ephemeralStorageSize: Size.mebibytes(512) })).not.toThrow();
  });

  test('an image, whose runtime is not known', () => {
    expect(() => production({
      coldStart: ColdStart.snapStart(),
      runtime: lambda.Runtime.FROM_IMAGE,
      handler: lambda.Handler.FROM_IMAGE,
      code: lambda.Code.fromEcrImage({ repositoryUriForTag: () => 'u', repositoryUriForTagOrDigest: () => 'u', grantPull: () => undefined, repositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/r', addToResourcePolicy: () => ({ statementAdded: false }) } as any),
    })).not.toThrow();
  });
});

describe('failures', () => {
  test('fails when both snapStart and coldStart are set', () => {
    expect(() => java({ coldStart: ColdStart.onDemand(), snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }))
      .toThrow("'snapStart' must not be set with 'coldStart', got both; use ColdStart.snapStart() alone (at Stack/Pay)");
  });

  test.each([lambda.Runtime.NODEJS_24_X, lambda.Runtime.RUBY_3_4, lambda.Runtime.PROVIDED_AL2023])('fails when SnapStart does not support %s', runtime => {
    expect(() => java({ runtime, coldStart: ColdStart.snapStart() })).toThrow(
      `'coldStart' must not be snapStart() for ${runtime.name}, which SnapStart does not support; use ColdStart.provisioned() or a smaller bundle (at Stack/Pay)`);
  });

  test.each([
    [lambda.Runtime.PYTHON_3_11, 'python3.12'], [lambda.Runtime.JAVA_8_CORRETTO, 'java11'],
    [lambda.Runtime.DOTNET_6, 'dotnet8'], [lambda.Runtime.DOTNET_CORE_3_1, 'dotnet8'],
  ])('names the oldest runtime with SnapStart instead of %s', (runtime, oldest) => {
    expect(() => java({ runtime, coldStart: ColdStart.snapStart() })).toThrow(
      `'coldStart' must not be snapStart() for ${runtime.name}, which SnapStart does not support; move to ${oldest} or later, or use ColdStart.provisioned() (at Stack/Pay)`);
  });

  test('fails when SnapStart is set with more than 512 MB of /tmp', () => {
    expect(() => java({ coldStart: ColdStart.snapStart(), ephemeralStorageSize: Size.mebibytes(513) })).toThrow(
      "'ephemeralStorageSize' must be at most 512 MiB with snapStart(), got 513; store less in /tmp or use ColdStart.provisioned() (at Stack/Pay)");
  });

  test('fails when SnapStart is set with a file system', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const accessPoint = new efs.FileSystem(stack, 'Files', { vpc }).addAccessPoint('Access');
    expect(() => java({ coldStart: ColdStart.snapStart(), vpc, filesystem: lambda.FileSystem.fromEfsAccessPoint(accessPoint, '/mnt/files') })).toThrow(
      "'coldStart' must not be snapStart() with 'filesystem', which SnapStart does not support; use ColdStart.provisioned() (at Stack/Pay)");
  });

  test('fails with provisioned concurrency and tenant isolation', () => {
    expect(() => java({ coldStart: ColdStart.provisioned({ min: 1, max: 2 }), tenancyConfig: lambda.TenancyConfig.PER_TENANT })).toThrow(
      "'coldStart' must not be provisioned() with 'tenancyConfig', got both, and Lambda provisions no environments for tenants; leave one out (at Stack/Pay)");
  });

  test('fails before any resource is created when more is provisioned than reserved', () => {
    expect(() => production({ reservedConcurrentExecutions: 5, coldStart: ColdStart.provisioned({ min: 1, max: 6 }) })).toThrow(
      "'max' must be at most the reserved concurrency 5, got 6; lower 'max' or raise 'reservedConcurrentExecutions' (at Stack/Pay)");
    expect(stack.node.findChild('Pay').node.children).toEqual([]);
  });

  test('accepts a token as reserved concurrency', () => {
    const reservedConcurrentExecutions = Lazy.number({ produce: () => 1 });
    expect(() => production({ reservedConcurrentExecutions, coldStart: ColdStart.provisioned({ min: 1, max: 6 }) })).not.toThrow();
  });
});
