import { Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { architectureOf, imagePlatformOf } from './definition-props';
import { validateEnvironment } from './function-environment';
import type { ProductionFunctionProps } from './production-function-props';
import { ASYNC_INVOKE, LAMBDA } from '../aws';
import { IDEMPOTENCY_VARIABLES } from '../idempotency/idempotency-variables';
import { durationText } from '../private/duration-text';
import { accountOfArn, isElsewhere } from '../private/region-of-arn';
import { refuse, requireDuration, requireProps, requireRange, requireWhole } from '../private/validation';
import { zonesFix } from '../private/zones-fix';

const SPLIT = 'split longer work into steps, for example with Step Functions';

/** Props of NodejsFunction, PythonFunction, GoFunction, RustFunction, SingletonFunction, EdgeFunction and TriggerFunction, and where the value belongs. */
const PROPS_OF_OTHER_CLASSES: Record<string, string> = {
  entry: "pass it to NodejsCode.fromEntry(entry) in 'code'",
  bundling: "pass the options to NodejsCode.fromEntry(entry, options) in 'code'",
  depsLockFilePath: "NodejsCode finds the lock file; set 'projectRoot' of NodejsCode.fromEntry() if it is elsewhere",
  projectRoot: 'pass it to NodejsCode.fromEntry(entry, { projectRoot })',
  awsSdkConnectionReuse: 'the AWS SDK v3 reuses connections without it',
  moduleDir: "build the code and pass it as 'code'",
  manifestPath: "build the code and pass it as 'code'",
  index: "set 'handler' to <file>.<function>",
  uuid: 'create the function once, and pass it to the constructs that use it',
  stackId: 'use cloudfront.experimental.EdgeFunction for Lambda@Edge',
  executeOnHandlerChange: "run the function of the deployment with triggers.Trigger and 'definition'",
  executeAfter: "run the function of the deployment with triggers.Trigger and 'definition'",
  executeBefore: "run the function of the deployment with triggers.Trigger and 'definition'",
  invocationType: "run the function of the deployment with triggers.Trigger and 'definition'",
};

/** Validates the props of a ProductionFunction, before its first child is created. */
export function validateProductionFunctionProps(owner: IConstruct, props: ProductionFunctionProps): void {
  const { path } = owner.node;
  validateKnownProps(path, props);
  requireProps(path, props, 'runtime', 'handler', 'code');
  validateEnvironment(owner, props);
  validateIdempotency(path, props);
  validateLog(path, props);
  validateRanges(path, props);
  validateNetwork(path, props);
  validateRole(owner, props);
  validatePackage(path, props);
  validateDeadLetters(path, props);
  validateDurable(path, props);
  validateVersion(path, props);
  props.coldStart?._validate(path, props);
}

/** Requires layers that are built for the function's architecture, or do not state one. */
export function requireArchitecture(path: string, layers: lambda.ILayerVersion[], { name }: lambda.Architecture): void {
  for (const layer of layers) {
    const built = (layer.node.defaultChild as lambda.CfnLayerVersion | undefined)?.compatibleArchitectures;
    if (built && !Token.isUnresolved(built) && !built.includes(name)) {
      refuse(path, `'layers' must run on ${name}, got ${layer.node.path} for ${built.join(', ')}; build the layer for ${name} or set 'architecture'`);
    }
  }
}

/** Props of other classes, which ride along in a spread: TypeScript accepts them, and they would have no effect. */
function validateKnownProps(path: string, props: ProductionFunctionProps): void {
  for (const [prop, fix] of Object.entries(PROPS_OF_OTHER_CLASSES)) {
    if ((props as unknown as Record<string, unknown> | undefined)?.[prop] !== undefined) refuse(path, `'${prop}' must not be set, because a ProductionFunction does not have the prop; ${fix}`);
  }
}

function validateIdempotency(path: string, props: ProductionFunctionProps): void {
  for (const variable of Object.values(IDEMPOTENCY_VARIABLES)) {
    if (props.idempotency && props.environment?.[variable] !== undefined) {
      refuse(path, `'${variable}' must not be in 'environment' beside 'idempotency', which sets it; leave it out`);
    }
  }
}

function validateLog(path: string, props: ProductionFunctionProps): void {
  const own = { logRetention: props.logRetention, logRemovalPolicy: props.logRemovalPolicy, logEncryptionKey: props.logEncryptionKey };
  for (const [prop, value] of Object.entries(own)) {
    if (props.logGroup && value !== undefined) refuse(path, `'${prop}' must not be set with 'logGroup', got both; set it on the log group`);
  }
  const customResource = { logRetentionRole: props.logRetentionRole, logRetentionRetryOptions: props.logRetentionRetryOptions };
  for (const [prop, value] of Object.entries(customResource)) {
    if (value !== undefined) {
      refuse(path, `'${prop}' must not be set, because it configures a custom resource that this construct does not create; leave it out`);
    }
  }
}

/** Problems with the timeout and the memory of a synthesised function, whose limits depend on its capacity provider. */
export function findLimitProblems(timeoutSeconds: unknown, memoryMiB: unknown, hasCapacityProvider: boolean): string[] {
  const timeoutMax = hasCapacityProvider ? LAMBDA.managedInstancesTimeoutMaxSeconds : LAMBDA.timeoutMaxSeconds;
  const [least, most] = hasCapacityProvider
    ? [LAMBDA.managedInstancesMemoryMinMiB, LAMBDA.managedInstancesMemoryMaxMiB] : [LAMBDA.memoryMinMiB, LAMBDA.memoryMaxMiB];
  const problems: string[] = [];
  if (typeof timeoutSeconds === 'number' && timeoutSeconds > timeoutMax) {
    problems.push(`'timeout' must be at most ${durationText(timeoutMax)}, got ${durationText(timeoutSeconds)}; ${SPLIT}`);
  }
  if (typeof memoryMiB === 'number' && (memoryMiB < least || memoryMiB > most)) {
    problems.push(`'memorySize' must be between ${least} and ${most} ${hasCapacityProvider ? 'with' : 'without'} a capacity provider, got ${memoryMiB}; `
      + 'it is a number of MiB');
  }
  return problems;
}

function validateRanges(path: string, props: ProductionFunctionProps): void {
  // The limits of Managed Instances: whether the function has a capacity provider is known at synth.
  requireDuration(path, 'timeout', props.timeout, 1, LAMBDA.managedInstancesTimeoutMaxSeconds, { above: SPLIT });
  requireDuration(path, 'maxEventAge', props.maxEventAge, ASYNC_INVOKE.eventAgeMinSeconds, ASYNC_INVOKE.eventAgeMaxSeconds);
  requireRange(path, 'memorySize', props.memorySize, LAMBDA.memoryMinMiB, LAMBDA.managedInstancesMemoryMaxMiB, 'it is a number of MiB');
  requireWhole(path, 'memorySize', props.memorySize);
  requireWhole(path, 'reservedConcurrentExecutions', props.reservedConcurrentExecutions);
  requireRange(path, 'reservedConcurrentExecutions', props.reservedConcurrentExecutions, 0, Infinity, 'it is a number of environments');
}

function validateNetwork(path: string, props: ProductionFunctionProps): void {
  if (!props.vpc) return;
  const zones = zonesOf(props.vpc.selectSubnets(props.vpcSubnets));
  if (zones && zones.size < 2) {
    if (!props.vpcSubnets) {
      refuse(path, `'vpc' must have subnets in at least 2 Availability Zones, got ${zones.size || 'none'}; `
        + zonesFix(props.vpc, 2));
    }
    const got = [...zones].map(zone => Token.isUnresolved(zone) ? 'one' : zone).join(', ') || 'none';
    refuse(path, `'vpcSubnets' must span at least 2 Availability Zones, got ${got}; select subnets in more zones`);
  }
}

function validateRole(owner: IConstruct, { role }: ProductionFunctionProps): void {
  const { account } = Stack.of(owner);
  const other = accountOfArn(role?.roleArn);
  if (!isElsewhere(other, account)) return;
  refuse(owner.node.path, `'role' must be in ${account}, the account of the function, got ${other}, whose roles the function cannot have; `
    + 'create a role in this account, and let it assume the other one');
}

/** The zones of a selection; undefined if they are not known before the deployment. */
function zonesOf(selection: ec2.SelectedSubnets): ReadonlySet<string> | undefined {
  if (selection.isPendingLookup || Token.isUnresolved(selection.subnetIds)) return undefined;
  try {
    const { availabilityZones } = selection;
    return Token.isUnresolved(availabilityZones) ? undefined : new Set(availabilityZones);
  } catch {
    // The getter throws an error for a subnet that is imported by its id only.
    return undefined;
  }
}

function validatePackage(path: string, props: ProductionFunctionProps): void {
  requireArchitecture(path, props.layers ?? [], architectureOf(props));
  requireImagePlatform(path, props);
  if (props.codeSigningConfig && props.runtime === lambda.Runtime.FROM_IMAGE) {
    refuse(path, "'codeSigningConfig' does not apply to container images, got one with an image; sign the image in ECR or deploy a ZIP package");
  }
}

/** An image runs on the processor that it is built for only. */
function requireImagePlatform(path: string, props: ProductionFunctionProps): void {
  const built = imagePlatformOf(props.code);
  const { name, dockerPlatform } = architectureOf(props);
  if (built === undefined || built === dockerPlatform || !/^linux\/(amd64|arm64)$/.test(built)) return;
  refuse(path, `'architecture' must be the processor of the image, got ${name} with an image for ${built}; set both to the same, or leave one out`);
}

function validateDeadLetters(path: string, props: ProductionFunctionProps): void {
  for (const prop of ['deadLetterQueue', 'deadLetterTopic'] as const) {
    if (props[prop]?.fifo) {
      refuse(path, `'${prop}' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to it, use a standard one`);
    }
  }
}

function validateDurable(path: string, props: ProductionFunctionProps): void {
  if (!props.durableConfig) return;
  for (const prop of ['onFailure', 'onSuccess'] as const) {
    if (props[prop]) {
      refuse(path, `'${prop}' must not be set with 'durableConfig', because durable functions do not support destinations; use 'deadLetterQueue'`);
    }
  }
  if (props.functionName !== undefined) {
    refuse(path, "'functionName' must not be set with 'durableConfig', "
      + 'because a change that replaces the function would conflict with its own name; leave it out');
  }
}

function validateVersion(path: string, props: ProductionFunctionProps): void {
  if (props.currentVersionOptions?.provisionedConcurrentExecutions !== undefined) {
    refuse(path, "'currentVersionOptions.provisionedConcurrentExecutions' must not be set, "
      + "because the environments of every retained version would be billed; use 'coldStart' instead");
  }
}
