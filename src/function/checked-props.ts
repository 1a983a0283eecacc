import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { FunctionEnvironment } from './function-environment';
import type { ProductionFunctionProps } from './production-function';
import { LAMBDA } from '../limits';
import { IDEMPOTENCY_VARIABLES } from '../private/idempotency-variables';
import { refuse, requireRange } from '../private/validation';

/** Props of which nothing contradicts itself or would fail in production. */
export class CheckedProps {
  /** Refuses the rest, before the first resource is made. */
  public static check(owner: IConstruct, props: ProductionFunctionProps): void {
    FunctionEnvironment.check(owner, props);
    checkIdempotency(owner.node.path, props);
    checkLog(owner.node.path, props);
    checkRanges(owner.node.path, props);
    checkNetwork(owner.node.path, props);
    checkPackage(owner.node.path, props);
    checkDeadLetters(owner.node.path, props);
    checkDurable(owner.node.path, props);
    checkVersion(owner.node.path, props);
    props.coldStart?._check(owner.node.path, props);
  }
}

function checkIdempotency(path: string, props: ProductionFunctionProps): void {
  for (const variable of Object.values(IDEMPOTENCY_VARIABLES)) {
    if (props.idempotency && props.environment?.[variable] !== undefined) {
      refuse(path, `'${variable}' must not be in 'environment' beside 'idempotency', which sets it; leave it out`);
    }
  }
}

function checkLog(path: string, props: ProductionFunctionProps): void {
  const own = { logRetention: props.logRetention, logRemovalPolicy: props.logRemovalPolicy, logEncryptionKey: props.logEncryptionKey };
  for (const [prop, value] of Object.entries(own)) {
    if (props.logGroup && value !== undefined) refuse(path, `'${prop}' must not go with 'logGroup', got both; set it on the log group`);
  }
  const customResource = { logRetentionRole: props.logRetentionRole, logRetentionRetryOptions: props.logRetentionRetryOptions };
  for (const [prop, value] of Object.entries(customResource)) {
    if (value !== undefined) refuse(path, `'${prop}' has nothing to configure, because the log group is no custom resource here; leave it out`);
  }
}

function checkRanges(path: string, props: ProductionFunctionProps): void {
  if (props.timeout && !props.timeout.isUnresolved()) {
    requireRange(path, 'timeout', props.timeout.toSeconds(), 1, LAMBDA.timeoutMaxSeconds, 'split longer work into steps, for example with Step Functions');
  }
  requireRange(path, 'memorySize', props.memorySize, LAMBDA.memoryMinMiB, LAMBDA.memoryMaxMiB, 'it is a number of MiB');
  requireRange(path, 'reservedConcurrentExecutions', props.reservedConcurrentExecutions, 0, Infinity, 'it is a number of environments');
}

function checkNetwork(path: string, props: ProductionFunctionProps): void {
  if (!props.vpc) return;
  const zones = zonesOf(props.vpc.selectSubnets(props.vpcSubnets));
  if (zones && zones.size < 2) {
    const got = [...zones].map(zone => Token.isUnresolved(zone) ? 'a single one' : zone).join(', ') || 'none';
    refuse(path, `'vpcSubnets' must span at least 2 availability zones, got ${got}; select subnets of more zones`);
  }
}

/** The zones of a selection, or undefined where they are not known before the deployment. */
function zonesOf(selection: ec2.SelectedSubnets): ReadonlySet<string> | undefined {
  if (selection.isPendingLookup || Token.isUnresolved(selection.subnetIds)) return undefined;
  try {
    const { availabilityZones } = selection;
    return Token.isUnresolved(availabilityZones) ? undefined : new Set(availabilityZones);
  } catch {
    // A subnet imported by its id alone does not know its zone, and says so by throwing.
    return undefined;
  }
}

function checkPackage(path: string, props: ProductionFunctionProps): void {
  const architecture = props.architecture ?? lambda.Architecture.ARM_64;
  for (const layer of props.layers ?? []) {
    const built = (layer.node.defaultChild as lambda.CfnLayerVersion | undefined)?.compatibleArchitectures;
    if (built && !Token.isUnresolved(built) && !built.includes(architecture.name)) {
      refuse(path, `'layers' must run on ${architecture.name}, got ${layer.node.path} for ${built.join(', ')}; build the layer for ${architecture.name} or set 'architecture'`);
    }
  }
  if (props.codeSigningConfig && props.runtime === lambda.Runtime.FROM_IMAGE) {
    refuse(path, "'codeSigningConfig' does not apply to container images, got one with an image; sign the image in ECR or deploy a ZIP package");
  }
}

function checkDeadLetters(path: string, props: ProductionFunctionProps): void {
  for (const prop of ['deadLetterQueue', 'deadLetterTopic'] as const) {
    if (props[prop]?.fifo) refuse(path, `'${prop}' must be a standard one, got a FIFO one, to which Lambda delivers nothing; take a standard one`);
  }
}

function checkDurable(path: string, props: ProductionFunctionProps): void {
  if (!props.durableConfig) return;
  for (const prop of ['onFailure', 'onSuccess'] as const) {
    if (props[prop]) refuse(path, `'${prop}' must not go with 'durableConfig', because durable functions do not support destinations; use 'deadLetterQueue'`);
  }
  if (props.functionName !== undefined) {
    refuse(path, "'functionName' must not go with 'durableConfig', because a change that replaces the function would find its name taken; leave it out");
  }
}

function checkVersion(path: string, props: ProductionFunctionProps): void {
  if (props.currentVersionOptions?.provisionedConcurrentExecutions !== undefined) {
    refuse(path, "'currentVersionOptions.provisionedConcurrentExecutions' must not be set, because every retained version would keep and bill its environments; provision the alias instead");
  }
}
