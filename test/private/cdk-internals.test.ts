import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Duration, Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { version as cdkVersion } from 'aws-cdk-lib/package.json';
import { peerDependencies } from '../../package.json';
import * as internals from '../../src/private/cdk-internals';

/*
 * One test for each reliance in src/private/cdk-internals.ts. `npx projen cdk:contracts` runs this file against the lowest
 * and the newest supported aws-cdk-lib, so it imports nothing of the library but that file.
 */

/** Fails with what CDK changed and which part of the library depends on it. */
function contract(holds: boolean, changed: string, dependsOnIt: string): void {
  if (!holds) throw new Error(`aws-cdk-lib changed: ${changed}. Depends on it: ${dependsOnIt}. Adapt src/private/cdk-internals.ts`);
}

const CODE = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1') };
let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
});
const newFunction = (props: Partial<lambda.FunctionProps> = {}, id = 'Fn') => new lambda.Function(stack, id, { ...CODE, ...props });
const cfn = <T extends CfnResource>(construct: { node: { defaultChild?: unknown } }) => construct.node.defaultChild as T;
const resourceOf = (type: string) => Object.values(Template.fromStack(stack).findResources(type))[0];

test('the tests run against the lowest supported version, or the one that scripts/cdk-contracts.mjs installed', () => {
  expect(cdkVersion).toBe(process.env.EXPECTED_CDK_VERSION ?? peerDependencies['aws-cdk-lib'].slice(1));
});

describe('rendering', () => {
  test('templateFragmentOf: CfnElement._toCloudFormation() returns the resource as the template has it, overrides included', () => {
    const resource = cfn<lambda.CfnFunction>(newFunction());
    resource.addPropertyOverride('Timeout', 60);
    const fragment = stack.resolve(internals.templateFragmentOf(resource));
    contract(fragment?.Resources?.[stack.resolve(resource.logicalId)]?.Properties?.Timeout === 60,
      'CfnElement._toCloudFormation() no longer returns { Resources: { <logical id>: … } } with overrides',
      'effectiveProperties() and with it every check of a value at synth, and the dependency cycle check');
  });

  test('overridesOf, propertyOverridesOf: CfnResource.rawOverrides holds what addOverride and addPropertyOverride set', () => {
    const resource = cfn<lambda.CfnFunction>(newFunction());
    resource.addPropertyOverride('Timeout', 60);
    resource.addOverride('UpdatePolicy.EnableVersionUpgrade', true);
    contract(internals.overridesOf(resource).UpdatePolicy?.EnableVersionUpgrade === true && internals.propertyOverridesOf(resource).Timeout === 60 && Object.keys(internals.propertyOverridesOf(cfn(newFunction({}, 'Other')))).length === 0,
      'CfnResource.rawOverrides no longer holds overrides',
      'effectiveProperty(): timeouts, visibility timeouts and retention that were overridden');
  });

  test('isBeingWritten: the document path says that CDK writes a template, metadata or tree.json', () => {
    const seen: { at: string; written: boolean; preparing: boolean }[] = [];
    new CfnResource(stack, 'Probe', {
      type: 'AWS::SQS::Queue',
      properties: {
        QueueName: Lazy.uncachedString({
          produce: context => {
            seen.push({ at: String(context.documentPath[0]), written: internals.isBeingWritten(context), preparing: context.preparing });
            return 'name';
          },
        }),
      },
    });
    app.synth();
    const writtenAt = new Set(seen.filter(({ written }) => written).map(({ at }) => at));
    contract(seen.some(({ preparing, written }) => preparing && !written) && writtenAt.has('Resources'),
      `CDK no longer resolves in a first pass with 'preparing' and then with 'Resources' in front of the document path; seen: ${JSON.stringify(seen)}`,
      'the logical id of a released version, which is computed once for everything that is written');
  });
});

describe('versions', () => {
  const idOf = (fn: lambda.Function) => {
    const version = cfn<lambda.CfnVersion>(fn.currentVersion);
    const computed = internals.computedLogicalIdOf(version);
    return internals.readWithoutDescriptionAndTags(cfn(fn), () => stack.resolve(computed));
  };

  test('computedLogicalIdOf: Function.currentVersion keeps the token of its logical id in _logicalIdOverride', () => {
    const fn = newFunction();
    const computed = internals.computedLogicalIdOf(cfn(fn.currentVersion));
    contract(computed !== undefined && /^FnCurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/.test(stack.resolve(computed)),
      'Function.currentVersion no longer keeps its computed logical id in CfnElement._logicalIdOverride',
      'ProductionFunction: changes of descriptions and tags would publish versions');
    contract(internals.computedLogicalIdOf(cfn(newFunction({}, 'Other'))) === undefined,
      'CfnElement._logicalIdOverride is set where no id was overridden', 'ProductionFunction: the id of released versions');
  });

  const idWith = (props: Partial<lambda.FunctionProps>, recognizeVersionProps = true, tag?: string) => {
    stack = new Stack(new App({ context: { '@aws-cdk/aws-lambda:recognizeVersionProps': recognizeVersionProps } }), 'Stack');
    const fn = newFunction(props);
    const { tags } = cfn<lambda.CfnFunction>(fn);
    if (tag) tags.setTag('cost-centre', tag);
    const id = idOf(fn);
    contract(cfn<lambda.CfnFunction>(fn).description === props.description && (tags.renderTags() !== undefined) === (tag !== undefined),
      'CfnFunction.description or CfnFunction.tags.renderTags can no longer be replaced and restored', 'ProductionFunction: descriptions and tags of functions');
    return id;
  };

  test.each([true, false])('readWithoutDescriptionAndTags: with recognizeVersionProps %s, the computed id does not depend on description and tags', flag => {
    const [plain, other] = [idWith({}, flag), idWith({ description: 'other words' }, flag, '4711')];
    contract(plain === other,
      `Function.currentVersion computes its id from something else than description and TagManager.renderTags(): ${plain}, ${other}`,
      'ProductionFunction: changes of descriptions and tags would publish versions');
  });

  test('readWithoutDescriptionAndTags: the computed id depends on the configuration', () => {
    contract(idWith({ timeout: Duration.seconds(9) }) !== idWith({}),
      'the id of Function.currentVersion no longer depends on the configuration', 'ProductionFunction: changes would publish no version');
  });

  test('layersOf, readWithLayersRecognized: Function._layers and the flag that is read through the node make the content of layers a part of the id', () => {
    const idOfLayered = (description: string) => {
      stack = new Stack(new App({ context: { [cxapi.LAMBDA_RECOGNIZE_LAYER_VERSION]: false } }), 'Stack');
      const layer = new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(__dirname), description });
      const fn = newFunction({ layers: [layer] });
      contract(internals.layersOf(fn)[0] === layer, 'Function._layers no longer holds the layers', 'CanaryAlias: versions of functions with layers');
      const id = internals.readWithLayersRecognized(fn, () => idOf(fn));
      contract(fn.node.tryGetContext(cxapi.LAMBDA_RECOGNIZE_LAYER_VERSION) === false, 'Node.tryGetContext is not restored', 'CanaryAlias');
      return id;
    };
    contract(idOfLayered('one') !== idOfLayered('two'), 'CDK no longer reads recognizeLayerVersion through Node.tryGetContext of the function', 'CanaryAlias');
  });
});

describe('functions', () => {
  test('unresolvedEnvironmentOf: the environment of CfnFunction resolves to its variables, and their values stay unresolved', () => {
    const late = Lazy.string({ produce: () => { throw new Error('resolved too early'); } });
    const fn = newFunction({ environment: { LATE: late } });
    fn.addEnvironment('NOW', 'value');
    let variables: unknown;
    try {
      variables = internals.unresolvedEnvironmentOf(fn);
    } catch (error) {
      variables = error;
    }
    contract(JSON.stringify(variables) === JSON.stringify({ LATE: late, NOW: 'value' }),
      `CfnFunction.environment no longer resolves to { variables } without its values: ${JSON.stringify(variables)}`,
      'database.connect(), which must not overwrite variables');
    contract(Object.keys(internals.unresolvedEnvironmentOf(newFunction({}, 'Other'))).length === 0,
      'CfnFunction.environment of a function without variables is something else than nothing', 'database.connect()');
  });

  test('permissionOf: addPermission creates a child of its id, below its scope or the permissionsNode', () => {
    const fn = newFunction();
    const principal = new iam.ServicePrincipal('codedeploy.amazonaws.com');
    fn.addPermission('Own', { principal });
    fn.addPermission('Elsewhere', { principal, scope: stack });
    lambda.Function.fromFunctionArn(stack, 'Imported', 'arn:aws:lambda:eu-west-1:999999999999:function:x').addPermission('None', { principal, scope: stack });
    const found = [internals.permissionOf(fn.permissionsNode, 'Own'), internals.permissionOf(stack.node, 'Elsewhere')];
    contract(found.every(permission => CfnResource.isCfnResource(permission) && permission.cfnResourceType === 'AWS::Lambda::Permission'),
      'Function.addPermission(id) no longer creates an AWS::Lambda::Permission of that id', 'CustomHook and load balancer entrances, which depend on the permission');
    contract(internals.permissionOf(stack.node, 'None') === undefined,
      'addPermission on a function of another account creates a permission', 'CustomHook and load balancer entrances');
  });

  test('eventInvokeConfigOf, removeEventInvokeConfig: configureAsyncInvoke creates the child EventInvokeConfig', () => {
    const fn = newFunction();
    fn.configureAsyncInvoke({ retryAttempts: 1 });
    contract(internals.eventInvokeConfigOf(fn)?.maximumRetryAttempts === 1,
      'configureAsyncInvoke no longer creates a child EventInvokeConfig', 'the expiry check of IdempotencyStore');
    internals.removeEventInvokeConfig(fn);
    fn.configureAsyncInvoke({ retryAttempts: 2 });
    contract(resourceOf('AWS::Lambda::EventInvokeConfig').Properties.MaximumRetryAttempts === 2,
      'configureAsyncInvoke cannot be called again after its child was removed', 'ProductionFunction.configureAsyncInvoke()');
  });

  test.each(['function', 'alias'])('eventSourceMappingsOf, addEventSource: event sources create mappings as children of the %s', kind => {
    const fn = kind === 'alias' ? newFunction().addAlias('live') : newFunction();
    const all: [string, lambda.IEventSource][] = [
      ['SqsEventSource', new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))],
      ['DynamoEventSource', new sources.DynamoEventSource(new dynamodb.Table(stack, 'Table', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, stream: dynamodb.StreamViewType.NEW_IMAGE,
      }), { startingPosition: lambda.StartingPosition.LATEST })],
      ['ManagedKafkaEventSource', new sources.ManagedKafkaEventSource({
        clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1', topic: 'orders', startingPosition: lambda.StartingPosition.LATEST,
      })],
    ];
    all.forEach(([name, source], index) => {
      const mapping = internals.addEventSource(fn, source);
      contract(mapping instanceof lambda.EventSourceMapping && internals.eventSourceMappingsOf(fn).length === index + 1,
        `${name} no longer creates one EventSourceMapping as a child of what it invokes`, 'QueueConsumer and StreamConsumer, and every check that reads event sources');
    });
  });

  test('subscriptions of a function to a topic are created below the function', () => {
    const fn = newFunction();
    new sns.Topic(stack, 'Topic').addSubscription(new subscriptions.LambdaSubscription(fn));
    contract(fn.node.findAll().some(child => child instanceof sns.CfnSubscription),
      'LambdaSubscription no longer creates the subscription below the function', 'the check of ProductionFunction for failed events that come back to the function');
  });

  test('logRetentionOf: logRetention creates LogRetention/Resource below the function', () => {
    const fn = newFunction({ logRetention: logs.RetentionDays.ONE_WEEK });
    contract(CfnResource.isCfnResource(internals.logRetentionOf(fn)) && internals.logRetentionOf(newFunction({}, 'Other')) === undefined,
      'logRetention no longer creates the child LogRetention/Resource', 'the warning of sandbox profiles about resources that outlive the stack');
  });

  test('logRetentionFunctionOf: LogRetention shares a function of a fixed id in the stack', () => {
    contract(internals.logRetentionFunctionOf(stack) === undefined, 'every stack has the function of LogRetention', 'the cdk-nag acknowledgements of databases');
    new logs.LogRetention(stack, 'Retention', { logGroupName: '/x', retention: logs.RetentionDays.ONE_WEEK });
    contract(internals.logRetentionFunctionOf(stack) !== undefined,
      'the function of LogRetention has another id', 'the cdk-nag acknowledgements of databases with cloudwatchLogsExports');
  });

  test('isScopeOfEdgeFunction: EdgeFunction creates its function below itself, or in a stack edge-lambda-stack-…', () => {
    new cloudfront.experimental.EdgeFunction(stack, 'Elsewhere', CODE);
    new cloudfront.experimental.EdgeFunction(new Stack(app, 'Near', { env: { region: 'us-east-1' } }), 'Near', CODE);
    const functions = app.node.findAll().filter(node => node instanceof lambda.Function);
    contract(functions.length === 2 && functions.every(fn => internals.isScopeOfEdgeFunction(fn.node.scope!)),
      'EdgeFunction has another PROPERTY_INJECTION_ID, or its support stack another name', 'ProductionDefaults, which must not change functions for Lambda@Edge');
    contract(!internals.isScopeOfEdgeFunction(stack), 'ordinary stacks look like those of EdgeFunction', 'ProductionDefaults');
  });
});

describe('roles', () => {
  test('isPrecreated: Role.customizeRoles replaces a role by the child PrecreatedRole<id>', () => {
    const usual = new iam.Role(stack, 'Usual', { assumedBy: new iam.AccountRootPrincipal() });
    contract(!internals.isPrecreated(usual), 'a role has a child PrecreatedRole without Role.customizeRoles', 'LeastPrivilegeRole');
    const custom = new Stack(app, 'Custom');
    iam.Role.customizeRoles(custom, { usePrecreatedRoles: { 'Custom/Role': 'precreated' } });
    const role = new iam.Role(custom, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    contract(internals.isPrecreated(role) && role.node.defaultChild === undefined,
      'Role.customizeRoles no longer replaces a role by the child PrecreatedRole<id>', 'LeastPrivilegeRole, whose statements would be missing from the report of roles');
  });
});

describe('other resources', () => {
  test('isEmptiedByCdk: autoDeleteObjects creates AutoDeleteObjectsCustomResource below the bucket', () => {
    const emptied = new s3.Bucket(stack, 'Emptied', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    contract(internals.isEmptiedByCdk(cfn(emptied)) && !internals.isEmptiedByCdk(cfn(new s3.Bucket(stack, 'Bucket'))),
      'autoDeleteObjects no longer creates the child AutoDeleteObjectsCustomResource', 'the warning of sandbox profiles about buckets that are not emptied');
  });

  test('hasResourcePolicy: the policy of a topic is its child Policy', () => {
    const topic = new sns.Topic(stack, 'Topic', { enforceSSL: true });
    contract(internals.hasResourcePolicy(topic) && !internals.hasResourcePolicy(new sns.Topic(stack, 'Other')),
      'addToResourcePolicy and enforceSSL no longer create the child Policy of a topic', 'AlarmActions, whose alarms could not publish to such a topic');
  });

  test('queueOfPolicy, removeQueuePolicy: the policy of a queue is created below the queue', () => {
    const queue = new sqs.Queue(stack, 'Queue', { enforceSSL: true });
    const policy = queue.node.findAll().find(child => child instanceof sqs.CfnQueuePolicy)!;
    contract(policy !== undefined && internals.queueOfPolicy(policy) === queue,
      'enforceSSL no longer creates an L1 QueuePolicy two levels below the queue', 'ProductionDefaults, which removes its policy if the queue has another one');
    internals.removeQueuePolicy(policy);
    contract(!queue.node.findAll().some(child => child instanceof sqs.CfnQueuePolicy), 'the policy of a queue cannot be removed', 'ProductionDefaults');
    Template.fromStack(stack).resourceCountIs('AWS::SQS::QueuePolicy', 0);
  });

  test('INJECTED: the ids of property injection are those of the classes', () => {
    const classes = {
      function: lambda.Function,
      version: lambda.Version,
      eventSourceMapping: lambda.EventSourceMapping,
      queue: sqs.Queue,
      httpStage: apigwv2.HttpStage,
      restApi: apigateway.RestApi,
      databaseProxy: rds.DatabaseProxy,
    };
    const expected = Object.fromEntries(Object.entries(classes).map(([name, { PROPERTY_INJECTION_ID }]) => [name, PROPERTY_INJECTION_ID]));
    contract(JSON.stringify(internals.INJECTED) === JSON.stringify(expected),
      `the ids of property injection are ${JSON.stringify(expected)}`, 'ProductionDefaults, which would not reach those constructs');
  });

  test('MANAGED_LOG_GROUP_FLAG: the feature flag exists and creates log groups', () => {
    stack = new Stack(new App({ context: { [internals.MANAGED_LOG_GROUP_FLAG]: true } }), 'Stack');
    newFunction();
    contract(internals.MANAGED_LOG_GROUP_FLAG in cxapi.FLAGS && resourceOf('AWS::Logs::LogGroup') !== undefined,
      `the feature flag ${internals.MANAGED_LOG_GROUP_FLAG} no longer creates a log group for each function`, 'ProductionDefaults, which would create a second one');
  });

  test('SNAP_START_WARNING: CDK warns of SnapStart under this id', () => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Packages', 'packages');
    const fn = newFunction({
      runtime: lambda.Runtime.JAVA_21, snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS, code: lambda.Code.fromBucket(bucket, 'package.jar'),
    });
    const warnings = () => app.synth({ force: true }).getStackArtifact('Stack').messages.map(({ entry }) => String(entry.data)).filter(text => text.includes(id));
    const id = internals.SNAP_START_WARNING.replace('Construct-Annotations::', '');
    contract(warnings().length > 0, `CDK no longer warns of SnapStart by ${id}`, 'ColdStart.snapStart(), which acknowledges the warning');
    Validations.of(fn).acknowledge({ id: internals.SNAP_START_WARNING, reason: 'an alias publishes it' });
    contract(warnings().length === 0, `acknowledging ${internals.SNAP_START_WARNING} no longer removes the warning`, 'ColdStart.snapStart()');
  });

  test('ACKNOWLEDGED_RULES: the assembly carries acknowledgements under this type, by rule', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    Validations.of(queue).acknowledge({ id: 'ProductionChecks::LP-F01', reason: 'a reason' });
    const { metadata } = app.synth().getStackArtifact('Stack');
    const found = metadata['/Stack/Queue']?.find(({ type }) => String(type) === internals.ACKNOWLEDGED_RULES)?.data;
    contract(JSON.stringify(found) === '{"ProductionChecks::LP-F01":"a reason"}',
      `the assembly no longer has entries of type ${internals.ACKNOWLEDGED_RULES} by path and rule: ${JSON.stringify(metadata['/Stack/Queue'])}`,
      'the command cdk-production-lambda check, and its exemptions');
  });

  test('PATH_METADATA: the metadata of a resource has the path of its construct', () => {
    contract(internals.PATH_METADATA === cxapi.PATH_METADATA_KEY, `the key of path metadata is ${cxapi.PATH_METADATA_KEY}`, 'the paths in findings of the checks');
  });

  test('withoutDefaults: the L1 of an L2 has the id Resource or Default', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    contract(internals.withoutDefaults(cfn(queue).node.path) === queue.node.path,
      'the L1 of an L2 no longer has the id Resource or Default', 'paths in messages and in the findings of the checks');
  });
});

/** Names of the CDK that only src/private/cdk-internals.ts may use, and look-ups of children by a literal id. */
const INTERNAL = /_toCloudFormation|rawOverrides|_logicalIdOverride|renderTags|_layers|PROPERTY_INJECTION_ID|[fF]indChild\(['`]|tryRemoveChild\(['`]|aws:cdk:(path|acknowledged-rules)/;

test('no other file of src/ relies on them', () => {
  const folder = join(__dirname, '..', '..', 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && file !== join('private', 'cdk-internals.ts'));
  expect(files.filter(file => INTERNAL.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
});
