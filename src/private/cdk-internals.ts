import type { CfnElement, CfnResource, IResolvable, IResolveContext } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';

/*
 * Everything of aws-cdk-lib that this library uses and that CDK does not promise: private fields, internal methods, ids of
 * child constructs. Each reliance is one function here and has a contract test in test/private/cdk-internals.test.ts, which
 * runs against the lowest and the newest supported aws-cdk-lib (`npx projen cdk:contracts`).
 */

type Json = Record<string, any>;

/** What an element writes into the template now, unresolved: `{ Resources: { <logical id>: { … } } }`. `CfnElement._toCloudFormation` is internal. */
export function templateFragmentOf(element: CfnElement): unknown {
  return (element as unknown as { _toCloudFormation(): unknown })._toCloudFormation();
}

/** The values of `addOverride` on a resource, by attribute of the resource. `CfnResource.rawOverrides` is private. */
export function overridesOf(resource: CfnElement): Json {
  return (resource as unknown as { rawOverrides?: Json }).rawOverrides ?? {};
}

/** The values of `addPropertyOverride` on a resource, by CloudFormation property. */
export function propertyOverridesOf(resource: CfnElement): Json {
  return overridesOf(resource).Properties ?? {};
}

/** The properties of a resource as its fields have them, unresolved and without overrides. `CfnResource.cfnProperties` is protected. */
export function unresolvedPropertiesOf(resource: CfnResource): Json {
  return (resource as unknown as { cfnProperties: Json }).cfnProperties;
}

/** What each text that contains a token has in it. */
export const TOKEN_MARK = '${Token[';

/** The token of the logical id that `Function.currentVersion` computes from the function. `CfnElement._logicalIdOverride` is private. */
export function computedLogicalIdOf(version: CfnElement): string | undefined {
  return (version as unknown as { _logicalIdOverride?: string })._logicalIdOverride;
}

/**
 * Reads a value while the function has no description and no tags. `Function.currentVersion` computes its logical id from
 * the rendered properties of the function, and reads the tags through `TagManager.renderTags`.
 */
export function readWithoutDescriptionAndTags<T>(fn: lambda.CfnFunction, read: () => T): T {
  const { description, tags } = fn;
  const { renderTags } = tags;
  fn.description = undefined;
  tags.renderTags = () => undefined;
  try {
    return read();
  } finally {
    fn.description = description;
    tags.renderTags = renderTags;
  }
}

/** The layers that were passed to a function or added to it. `Function._layers` is internal. */
export function layersOf(fn: lambda.Function): lambda.ILayerVersion[] {
  return [...(fn as unknown as { _layers?: lambda.ILayerVersion[] })._layers ?? []];
}

/**
 * Reads a value while the flag of CDK that makes the content of a function's layers a part of its version is on. `Function.currentVersion`
 * reads the flag through the node of the function when it computes its logical id.
 */
export function readWithLayersRecognized<T>(fn: lambda.Function, read: () => T): T {
  const { node } = fn;
  const { tryGetContext } = node;
  const own = Object.getOwnPropertyDescriptor(node, 'tryGetContext');
  node.tryGetContext = key => key === LAYER_VERSION_FLAG ? true : tryGetContext.call(node, key);
  try {
    return read();
  } finally {
    if (own) Object.defineProperty(node, 'tryGetContext', own);
    else Reflect.deleteProperty(node, 'tryGetContext');
  }
}

/**
 * Whether CDK resolves a value to write it: into a template, the metadata of a resource or `tree.json`. CDK first resolves
 * everything once to find references (`preparing`); the document path says what it resolves now.
 */
export function isBeingWritten({ preparing, documentPath }: IResolveContext): boolean {
  return !preparing && /^(Resources|data|aws:cdk:cloudformation:.*)$/.test(documentPath[0]);
}

/**
 * The environment variables of a function, each value unresolved. `Function` holds them in a token, and resolving the token
 * through the stack would also resolve lazy values of other constructs, too early.
 */
export function unresolvedEnvironmentOf(definition: lambda.Function): Record<string, unknown> {
  const context: IResolveContext = {
    scope: definition, preparing: false, documentPath: [], registerPostProcessor: () => undefined, resolve: value => value,
  };
  let { environment } = definition.node.defaultChild as lambda.CfnFunction;
  while (isResolvable(environment)) environment = environment.resolve(context);
  return environment?.variables as Record<string, unknown> ?? {};
}

/** The directory and the options of an image that is built from a Dockerfile; undefined for other code. `AssetImageCode` holds them in private fields. */
export function imageAssetOf(code: lambda.Code): { readonly directory: string; readonly props: lambda.AssetImageCodeProps } | undefined {
  const { directory, props } = code as unknown as { directory?: string; props?: lambda.AssetImageCodeProps };
  return code.constructor.name === 'AssetImageCode' && directory !== undefined && props ? { directory, props } : undefined;
}

/**
 * Calls a function when a distribution uses a version of the function at Lambda@Edge: `Version.edgeArn` then calls
 * `Function._checkEdgeCompatibility`, which is internal.
 */
export function onUseAtEdge(fn: lambda.Function, react: () => void): void {
  (fn as unknown as { _checkEdgeCompatibility(): void })._checkEdgeCompatibility = react;
}

/** The permission that `addPermission(id, …)` added, below its `scope` or else the `permissionsNode` of the function; none for imported functions. */
export function permissionOf(node: Construct['node'], id: string): IConstruct | undefined {
  return node.tryFindChild(id);
}

const EVENT_INVOKE_CONFIG = 'EventInvokeConfig';

/** The configuration that `configureAsyncInvoke` created for a function, an alias or a version. */
export function eventInvokeConfigOf(fn: IConstruct): lambda.CfnEventInvokeConfig | undefined {
  return fn.node.tryFindChild(EVENT_INVOKE_CONFIG)?.node.defaultChild as lambda.CfnEventInvokeConfig | undefined;
}

/** Removes that configuration, so that `configureAsyncInvoke` can be called once more. */
export function removeEventInvokeConfig(fn: IConstruct): void {
  fn.node.tryRemoveChild(EVENT_INVOKE_CONFIG);
}

/** The event source mappings of this function, alias or version: `addEventSource` creates them as its children. */
export function eventSourceMappingsOf(fn: lambda.IFunction): lambda.EventSourceMapping[] {
  return fn.node.children.filter((child): child is lambda.EventSourceMapping =>
    (child.node.defaultChild as Partial<CfnResource> | undefined)?.cfnResourceType === 'AWS::Lambda::EventSourceMapping');
}

/** Adds an event source and returns the mapping, which `addEventSource` does not return. */
export function addEventSource(fn: lambda.IFunction, source: lambda.IEventSource): lambda.EventSourceMapping {
  const before = eventSourceMappingsOf(fn);
  fn.addEventSource(source);
  return eventSourceMappingsOf(fn).find(mapping => !before.includes(mapping))!;
}

/** Whether `Role.customizeRoles` applies to a role: CDK then replaces it by a child of this id, and creates no role. */
export function isPrecreated(role: iam.Role): boolean {
  return role.node.tryFindChild(`PrecreatedRole${role.node.id}`) !== undefined;
}

/** The custom resource that `logRetention` creates for the log group of a function; none without `logRetention`. */
export function logRetentionOf(fn: lambda.Function): IConstruct | undefined {
  return fn.node.tryFindChild('LogRetention')?.node.tryFindChild('Resource');
}

/** The function that sets the retention of log groups for all `LogRetention` constructs of a stack. */
export function logRetentionFunctionOf(stack: IConstruct): IConstruct | undefined {
  return stack.node.tryFindChild('LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a');
}

/** Whether CDK empties a bucket before its deletion, by the custom resource of `autoDeleteObjects`. */
export function isEmptiedByCdk(bucket: s3.CfnBucket): boolean {
  return bucket.node.scope!.node.tryFindChild('AutoDeleteObjectsCustomResource') !== undefined;
}

/** Whether `addToResourcePolicy` or `enforceSSL` created a policy for a topic, which replaces the topic's default policy. */
export function hasResourcePolicy(topic: sns.Topic): boolean {
  return topic.node.tryFindChild('Policy') !== undefined;
}

/** The queue whose `addToResourcePolicy` or `enforceSSL` created a queue policy: L1, `QueuePolicy`, `Queue`. */
export function queueOfPolicy(policy: sqs.CfnQueuePolicy): IConstruct | undefined {
  return policy.node.scope?.node.scope;
}

/** Removes a policy that a queue created. */
export function removeQueuePolicy(policy: sqs.CfnQueuePolicy): void {
  queueOfPolicy(policy)?.node.tryRemoveChild(policy.node.scope!.node.id);
}

/**
 * Whether functions created in a scope are for Lambda@Edge: `EdgeFunction` creates its function below itself, or in another
 * region in a support stack of this name.
 */
export function isScopeOfEdgeFunction(scope: IConstruct): boolean {
  const { PROPERTY_INJECTION_ID: id } = scope.constructor as { PROPERTY_INJECTION_ID?: string };
  return id === 'aws-cdk-lib.aws-cloudfront.experimental.EdgeFunction' || scope.node.scopes.some(at => at.node.id.startsWith('edge-lambda-stack-'));
}

/** The ids by which a property injector is registered for a construct of CDK; the classes are loaded only where they are used. */
export const INJECTED = {
  function: 'aws-cdk-lib.aws-lambda.Function',
  version: 'aws-cdk-lib.aws-lambda.Version',
  eventSourceMapping: 'aws-cdk-lib.aws-lambda.EventSourceMapping',
  queue: 'aws-cdk-lib.aws-sqs.Queue',
  httpStage: 'aws-cdk-lib.aws-apigatewayv2.HttpStage',
  restApi: 'aws-cdk-lib.aws-apigateway.RestApi',
  databaseProxy: 'aws-cdk-lib.aws-rds.DatabaseProxy',
} as const;

/** The feature flag by which the layers of a function are a part of its version. cx-api is not imported: the checks do not load aws-cdk-lib. */
const LAYER_VERSION_FLAG = '@aws-cdk/aws-lambda:recognizeLayerVersion';

/** The feature flag by which CDK creates a log group for each function. */
export const MANAGED_LOG_GROUP_FLAG = '@aws-cdk/aws-lambda:useCdkManagedLogGroup';

/** The warning that CDK adds to every function with SnapStart, as the id under which it is acknowledged. */
export const SNAP_START_WARNING = 'Construct-Annotations::@aws-cdk/aws-lambda:snapStartRequirePublish';

/** The type of the metadata entry in which the assembly carries `Validations.of(…).acknowledge(…)`: rule id → reason. */
export const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** The metadata key of a resource with the path of its construct. */
export const PATH_METADATA = 'aws:cdk:path';

/** The path of a construct as its user wrote it, without the ids of the L1s that an L2 creates. */
export function withoutDefaults(path: string): string {
  return path.replace(/(\/(Resource|Default))+$/, '');
}

function isResolvable(value: unknown): value is IResolvable {
  return typeof (value as Partial<IResolvable> | undefined)?.resolve === 'function';
}
