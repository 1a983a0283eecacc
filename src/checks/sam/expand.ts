import { expandApi, expandHttpApi } from './apis';
import type { ApiOf } from './apis';
import { connectorPolicies } from './connectors';
import { eventSettings } from './event-settings';
import { expandEvents, expandMachineEvents } from './events';
import { IMPLICIT_API, IMPLICIT_HTTP_API, underCondition } from './implicit-apis';
import { expandGraphQlApi, expandWebSocketApi } from './other-apis';
import { eachBranch, managedPolicy, policyDocument } from './policies';
import { isIntrinsic, merge, withoutUndefined } from './properties';
import { addRelease } from './release';
import { SERVERLESS } from '../graph/lambda-function';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

const SAM = 'AWS::Serverless::';
/** The properties that have the same name in CloudFormation. */
const FUNCTION_PROPERTIES = [
  'FunctionName', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Description', 'Role', 'Layers', 'Architectures',
  'EphemeralStorage', 'SnapStart', 'ReservedConcurrentExecutions', 'VpcConfig', 'FileSystemConfigs',
  'CodeSigningConfigArn', 'PackageType', 'RuntimeManagementConfig', 'LoggingConfig', 'RecursiveLoop', 'TenancyConfig',
  'DurableConfig', 'CapacityProviderConfig', 'Environment', 'KmsKeyArn',
];

/** The properties that decide when SAM publishes a version, which no property of CloudFormation states. */
const RELEASE_PROPERTIES = [
  'AutoPublishAlias', 'AutoPublishAliasAllProperties', 'AutoPublishCodeSha256', 'DeploymentPreference',
];

/** Replaces `AWS::Serverless::*` by the resources that SAM creates, with the properties that the rules read. */
export function expandSam(template: Json): Json {
  const resources = template.Resources as Json;
  if (!Object.values(resources).some(isServerless)) return template;
  const globals = isJson(template.Globals) ? template.Globals : {};
  const settings = (kind: string, own: unknown, ignored?: unknown) => (
    merge(withoutIgnored(asJson(globals[kind]), ignored), asJson(own)));
  const apiOf: ApiOf = (reference, implicit) => {
    if (reference === undefined) return settings(implicit.replace(/^Serverless(Rest)?/, ''), {});
    const name = isJson(reference) ? reference.Ref : reference;
    const api = typeof name === 'string' && Object.hasOwn(resources, name) ? resources[name] : undefined;
    return isServerless(api)
      ? settings(api.Type.slice(SAM.length), api.Properties, api.IgnoreGlobals)
      : undefined;
  };
  const ofEvents = eventSettings(Object.values(resources).filter(isServerless));
  const withEvents = (id: string, api: Json) => merge(api, ofEvents.get(id) ?? {});
  const expanded: Json = {};
  for (const [id, resource] of Object.entries(resources)) {
    if (!isServerless(resource)) {
      expanded[id] = resource;
      continue;
    }
    const kind = resource.Type.slice(SAM.length);
    const own = settings(kind, resource.Properties, resource.IgnoreGlobals);
    const created = Object.hasOwn(EXPANDERS, kind)
      ? EXPANDERS[kind](id, withEvents(id, own), apiOf)
      : { [id]: resource };
    for (const [newId, plain] of Object.entries(created)) expanded[newId] = inherit(plain, resource);
  }
  Object.assign(expanded, connectorPolicies(resources, expanded));
  // an API of the template has precedence over an implicit API
  const text = JSON.stringify(expanded);
  const isImplicit = (id: string) => expanded[id] === undefined && text.includes(`"${id}"`);
  const implicit = [
    [IMPLICIT_API, () => withEvents(IMPLICIT_API, settings('Api', {})), expandApi] as const,
    [IMPLICIT_HTTP_API, () => withEvents(IMPLICIT_HTTP_API, settings('HttpApi', {})), expandHttpApi] as const,
  ].filter(([id]) => isImplicit(id)).map(([id, own, expand]) => underCondition(resources, id, expand(id, own())));
  return withReferences({
    ...template,
    Conditions: Object.assign({}, template.Conditions, ...implicit.map(({ conditions }) => conditions)),
    Resources: Object.assign({}, ...implicit.map(({ created }) => created), expanded),
  });
}

function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

function isServerless(resource: unknown): resource is Json & { Type: string } {
  return isJson(resource) && typeof resource.Type === 'string' && resource.Type.startsWith(SAM);
}

type Expander = (id: string, properties: Json, apiOf: ApiOf) => Record<string, Json>;

const EXPANDERS: Record<string, Expander> = {
  Function: expandFunction,
  Api: expandApi,
  HttpApi: expandHttpApi,
  WebSocketApi: expandWebSocketApi,
  GraphQLApi: expandGraphQlApi,
  StateMachine: expandStateMachine,
  Application: (id, { Location, Parameters }) => ({
    [id]: { Type: 'AWS::CloudFormation::Stack', Properties: withoutUndefined({ TemplateURL: Location, Parameters }) },
  }),
  Connector: () => ({}), // its policy needs the other resources
  CapacityProvider: (id, properties) => ({ [id]: { Type: 'AWS::Lambda::CapacityProvider', Properties: properties } }),
  SimpleTable: (id, { TableName, PrimaryKey, PointInTimeRecoverySpecification }) => ({
    [id]: {
      Type: 'AWS::DynamoDB::Table',
      Properties: withoutUndefined({
        TableName,
        KeySchema: [{ AttributeName: isJson(PrimaryKey) ? PrimaryKey.Name : 'id', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification,
      }),
    },
  }),
  LayerVersion: (id, properties) => ({ [id]: { Type: 'AWS::Lambda::LayerVersion', Properties: properties } }),
};

function expandFunction(id: string, properties: Json, apiOf: ApiOf): Record<string, Json> {
  const created: Record<string, Json> = {};
  const same = Object.fromEntries(FUNCTION_PROPERTIES.map(key => [key, properties[key]]));
  const role = properties.Role === undefined ? `${id}Role` : undefined;
  if (role) created[role] = { Type: 'AWS::IAM::Role', Properties: executionRole(properties) };
  const deadLetters = properties.DeadLetterQueue;
  created[id] = {
    Type: 'AWS::Lambda::Function',
    [SERVERLESS]: Object.fromEntries(RELEASE_PROPERTIES.map(key => [key, properties[key]])),
    Properties: withoutUndefined({
      ...same,
      Role: properties.Role ?? { 'Fn::GetAtt': [role, 'Arn'] },
      Code: codeOf(properties),
      TracingConfig: isTraced(properties) ? { Mode: properties.Tracing } : undefined,
      DeadLetterConfig: isJson(deadLetters) ? { TargetArn: deadLetters.TargetArn } : undefined,
    }),
  };
  const target = addRelease(id, properties, created);
  if (isJson(properties.EventInvokeConfig)) {
    const config = asyncConfig(id, properties.EventInvokeConfig, created);
    created[`${id}EventInvokeConfig`] = {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { ...config, FunctionName: { Ref: id }, Qualifier: target.qualifier },
    };
  }
  if (isJson(properties.FunctionUrlConfig)) {
    created[`${id}Url`] = {
      Type: 'AWS::Lambda::Url', Properties: { ...properties.FunctionUrlConfig, TargetFunctionArn: target.arn },
    };
  }
  return { ...created, ...expandEvents(id, properties.Events, target.arn, apiOf) };
}

function expandStateMachine(id: string, properties: Json, apiOf: ApiOf): Record<string, Json> {
  const { Definition, DefinitionString, DefinitionUri, DefinitionSubstitutions, Type, Logging, Tracing } = properties;
  return {
    [id]: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: withoutUndefined({
        Definition,
        DefinitionString,
        DefinitionUri,
        DefinitionSubstitutions,
        StateMachineType: Type,
        LoggingConfiguration: Logging,
        TracingConfiguration: Tracing,
        RoleArn: properties.Role,
      }),
    },
    ...expandMachineEvents(id, properties.Events, apiOf),
  };
}

/** A destination of SAM has a type, and an ARN only if SAM does not create it; CloudFormation has the ARN only. */
function asyncConfig(id: string, config: Json, created: Record<string, Json>): Json {
  const both = asJson(config.DestinationConfig);
  const destination = (outcome: string) => {
    const { Type, Destination } = asJson(both[outcome]);
    if (both[outcome] === undefined) return undefined;
    const isGiven = Destination !== undefined && !hasNoValue(Destination);
    if (isGiven || (Type !== 'SQS' && Type !== 'SNS')) return { Destination };
    const name = `${id}EventInvokeConfig${outcome}${Type === 'SQS' ? 'Queue' : 'Topic'}`;
    created[name] = { Type: Type === 'SQS' ? 'AWS::SQS::Queue' : 'AWS::SNS::Topic', Properties: {} };
    const own = Type === 'SQS' ? { 'Fn::GetAtt': [name, 'Arn'] } : { Ref: name };
    return { Destination: Destination === undefined ? own : withoutNoValue(Destination, own) };
  };
  const destinations = { OnFailure: destination('OnFailure'), OnSuccess: destination('OnSuccess') };
  const DestinationConfig = Object.keys(both).length === 0 ? undefined : withoutUndefined(destinations);
  return withoutUndefined({ ...config, DestinationConfig });
}

/** Whether a branch of a condition is `AWS::NoValue`. */
function hasNoValue(value: unknown): boolean {
  return isJson(value) && (value.Ref === 'AWS::NoValue'
    || (Array.isArray(value['Fn::If']) && value['Fn::If'].slice(1).some(hasNoValue)));
}

/** The value with another one for `AWS::NoValue`. */
function withoutNoValue(value: unknown, other: Json): unknown {
  if (!isJson(value) || !hasNoValue(value)) return value;
  const branch = value['Fn::If'];
  if (!Array.isArray(branch)) return other;
  return { 'Fn::If': [branch[0], ...branch.slice(1).map(item => withoutNoValue(item, other))] };
}

function executionRole(properties: Json): Json {
  const policies = [properties.Policies ?? []].flat() as unknown[];
  const document = (policy: unknown) => {
    const PolicyDocument = policyDocument(policy);
    return PolicyDocument && { PolicyName: 'inline', PolicyDocument };
  };
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  return withoutUndefined({
    AssumeRolePolicyDocument: { Statement: [trust] },
    // SAM adds the first three
    ManagedPolicyArns: [
      'AWSLambdaBasicExecutionRole',
      ...(properties.VpcConfig === undefined ? [] : ['AWSLambdaVPCAccessExecutionRole']),
      ...(isTraced(properties) ? ['AWSXRayDaemonWriteAccess'] : []),
      ...eachBranch(policies, managedPolicy),
    ],
    Policies: eachBranch(policies, document),
    PermissionsBoundary: properties.PermissionsBoundary,
  });
}

function isTraced({ Tracing }: Json): boolean {
  return Tracing !== undefined && Tracing !== 'Disabled';
}

/** The code of the function, as far as its place is known before the packaging. */
function codeOf({ ImageUri, CodeUri, InlineCode }: Json): Json {
  if (ImageUri !== undefined) return { ImageUri };
  if (InlineCode !== undefined) return { ZipFile: InlineCode };
  if (isJson(CodeUri) && !isIntrinsic(CodeUri)) {
    return withoutUndefined({ S3Bucket: CodeUri.Bucket, S3Key: CodeUri.Key, S3ObjectVersion: CodeUri.Version });
  }
  const [, S3Bucket, S3Key] = /^s3:\/\/([^/]+)\/([^?]+)/.exec(textOf(CodeUri)) ?? [];
  return withoutUndefined({ S3Bucket, S3Key, S3ObjectVersion: /[?&]versionId=([^&]+)/.exec(textOf(CodeUri))?.[1] });
}

function withoutIgnored(globals: Json, ignored: unknown): Json {
  if (ignored === '*') return {};
  if (!Array.isArray(ignored)) return globals;
  return Object.fromEntries(Object.entries(globals).filter(([name]) => !ignored.includes(name)));
}

/** Resolves `!Ref Fn.Alias` and `!Ref Fn.Version` to the alias and the version that SAM creates. */
function withReferences(template: Json): Json {
  const text = JSON.stringify(template);
  if (!/[".{][\w]+\.(Alias|Version)["}]/.test(text)) return template;
  const ids = Object.keys(template.Resources as Json);
  const resolve = (whole: string, quote: string, id: string, kind: string, end: string) => {
    const found = ids.find(candidate => (
      kind === 'Alias' ? candidate.startsWith(`${id}Alias`) : candidate === `${id}Version`));
    return found === undefined ? whole : `${quote}${found}${end}`;
  };
  return JSON.parse(text.replace(/("Ref":"|\$\{)(\w+)\.(Alias|Version)("|\})/g, resolve)) as Json;
}

function inherit(created: Json, source: Json): Json {
  const { Condition, Metadata, DeletionPolicy = created.DeletionPolicy } = source;
  return withoutUndefined({ Condition, Metadata, ...created, DeletionPolicy });
}
