import { AspectPriority, CfnResource, type IAspect, Lazy, Stage } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { AppliedDefaults } from './applied-default';
import { isExcluded } from './defaults-injector';
import { addFailedEventsQueues } from './failed-events-queue';
import { functionsAtEdge, revertAtEdge } from './lambda-at-edge';
import { revertForManagedInstances } from './managed-instances';
import { warnNotApplied } from './not-applied-warning';
import { lowerTimeout } from './queue-defaults';
import { synchronousTimeoutSeconds } from '../aws';
import { DEFAULTS } from '../defaults';
import { withinStage } from '../private/across-stages';
import { queueOfPolicy, removeQueuePolicy } from '../private/cdk-internals';
import { statedEnvironmentOf } from '../private/function-definition';
import { FunctionReferences } from '../private/function-references';
import { withNamedReferences } from '../private/reference-text';
import { logLevelOf } from '../private/stated-props';

/** How much longer an integration waits than the function runs, so that the function ends first. */
const INTEGRATION_MARGIN_SECONDS = 1;

/** Applies and reverts the defaults that depend on several resources, which all exist at synth only. */
export class LateCorrections implements IAspect {
  /** Before the tags of CDK, so that they apply to the resources that are created here. */
  public static readonly PRIORITY = AspectPriority.MUTATING - 1;

  constructor(private readonly scope: IConstruct) {}

  public visit(node: IConstruct): void {
    if (node !== this.scope) return;
    const own = resourcesOf(node);
    // A caller may be in another stack of the stage, also outside of the scope.
    const all = resourcesOf(Stage.isStage(node) ? node : Stage.of(node) ?? node.node.root);
    const references = new FunctionReferences(all);
    const atEdge = functionsAtEdge(all, references);
    const resources = own.filter(resource => !atEdge.has(resource as lambda.CfnFunction));
    warnNotApplied(resources);
    for (const fn of atEdge) revertAtEdge(fn);
    for (const resource of all) lowerTimeoutForCaller(resource, references);
    for (const fn of resources.filter((resource): resource is lambda.CfnFunction => resource.cfnResourceType === 'AWS::Lambda::Function')) {
      revertForManagedInstances(fn, own);
      addTracing(fn);
      followLogLevel(fn);
    }
    addFailedEventsQueues(resources, all, references);
    removeSecondPolicies(resources);
  }
}

function resourcesOf(scope: IConstruct): CfnResource[] {
  return withinStage(scope).filter((c): c is CfnResource => CfnResource.isCfnResource(c) && !isExcluded(c));
}

function addTracing(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  if (resource.tracingConfig !== undefined || !AppliedDefaults.of(fn).has(fn.node.path, 'tracing')) return;
  resource.tracingConfig = { mode: lambda.Tracing.ACTIVE };
  fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }));
}

/**
 * With JSON logs, Lambda drops the lines below a level, which is INFO unless it is set: the level that the environment has at synth
 * applies, also if an Aspect or an override adds it.
 */
function followLogLevel(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  const applied = AppliedDefaults.of(fn);
  const config = resource.loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined;
  if (!applied.has(fn.node.path, 'loggingFormat') || config?.applicationLogLevel !== undefined) return;
  const applicationLogLevel = Lazy.uncachedString({
    produce: () => {
      const level = logLevelOf(statedEnvironmentOf(fn));
      if (level) applied.record(fn.node.path, 'applicationLogLevelV2', level, DEFAULTS.ProductionFunction.applicationLogLevel);
      return level;
    },
  });
  resource.loggingConfig = { ...config, applicationLogLevel };
}

/** Lowers the timeouts of the functions that a service or an API waits for. */
function lowerTimeoutForCaller(resource: CfnResource, references: FunctionReferences): void {
  const [target, maxSeconds] = callOf(resource);
  if (maxSeconds === undefined) return;
  for (const { node } of references.in(resource, target)) lowerTimeout(node.scope as lambda.Function, maxSeconds);
}

/** The function that a resource lets a caller invoke, and the longest timeout that suits the caller. */
function callOf(resource: CfnResource): [target?: unknown, maxSeconds?: number] {
  if (resource.cfnResourceType === 'AWS::Lambda::Permission') {
    const { functionName, principal } = resource as lambda.CfnPermission;
    return [functionName, synchronousTimeoutSeconds(principal)];
  }
  if (resource.cfnResourceType === 'AWS::Cognito::UserPool') return [(resource as cognito.CfnUserPool).lambdaConfig, synchronousTimeoutSeconds('cognito-idp.amazonaws.com')];
  const [uri, milliseconds] = integrationOf(resource);
  return typeof milliseconds === 'number' ? [uri, milliseconds / 1_000 - INTEGRATION_MARGIN_SECONDS] : [];
}

function integrationOf(resource: CfnResource): [uri?: unknown, milliseconds?: unknown] {
  if (resource.cfnResourceType === 'AWS::ApiGatewayV2::Integration') {
    const { integrationUri, timeoutInMillis } = resource as apigwv2.CfnIntegration;
    return [integrationUri, timeoutInMillis];
  }
  if (resource.cfnResourceType !== 'AWS::ApiGateway::Method') return [];
  const { uri, timeoutInMillis } = withNamedReferences(resource, (resource as apigateway.CfnMethod).integration) ?? {};
  return [uri, timeoutInMillis];
}

/** A queue has one policy: a second policy resource for the same queue would overwrite the first. */
function removeSecondPolicies(resources: CfnResource[]): void {
  const policies = resources.filter((resource): resource is sqs.CfnQueuePolicy => resource.cfnResourceType === 'AWS::SQS::QueuePolicy');
  const queuesOf = (policy: sqs.CfnQueuePolicy): string[] => policy.queues.map(queue => JSON.stringify(policy.stack.resolve(queue)));
  for (const policy of policies) {
    const owner = queueOfPolicy(policy);
    const isApplied = owner && AppliedDefaults.of(owner).has(owner.node.path, 'enforceSSL');
    const statements: unknown[] = policy.stack.resolve(policy.policyDocument).Statement;
    if (!isApplied || statements.length > 1) continue;
    if (policies.some(other => other !== policy && other.stack === policy.stack && queuesOf(other).some(queue => queuesOf(policy).includes(queue)))) {
      removeQueuePolicy(policy);
      AppliedDefaults.of(owner).remove(owner.node.path, 'enforceSSL');
    }
  }
}
