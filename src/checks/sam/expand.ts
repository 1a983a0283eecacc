import { expandApi, expandHttpApi } from './apis';
import type { ApiOf } from './apis';
import { expandEvents } from './events';
import { release } from './release';
import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

const SAM = 'AWS::Serverless::';
/** What a property of a function is called once it is a plain resource, where that is the same name. */
const FUNCTION_PROPERTIES = [
  'FunctionName', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Description', 'Role', 'Layers', 'Architectures', 'EphemeralStorage', 'SnapStart',
  'ReservedConcurrentExecutions', 'VpcConfig', 'FileSystemConfigs', 'CodeSigningConfigArn', 'PackageType', 'RuntimeManagementConfig', 'LoggingConfig',
  'RecursiveLoop', 'TenancyConfig', 'DurableConfig', 'CapacityProviderConfig', 'Environment', 'KmsKeyArn',
];

/** Resources as CloudFormation will see them: what SAM makes of `AWS::Serverless::*`, as far as the rules look. */
export function expandSam(template: Json): Json {
  const resources = template.Resources as Json;
  if (!Object.values(resources).some(isServerless)) return template;
  const globals = isJson(template.Globals) ? template.Globals : {};
  const settings = (kind: string, own: unknown) => merge(isJson(globals[kind]) ? globals[kind] : {}, isJson(own) ? own : {});
  const apiOf: ApiOf = (reference, implicit) => {
    if (reference === undefined) return settings(implicit.replace(/^Serverless(Rest)?/, ''), {});
    const api = isJson(reference) && typeof reference.Ref === 'string' && Object.hasOwn(resources, reference.Ref) ? resources[reference.Ref] : undefined;
    return isServerless(api) ? settings(api.Type.slice(SAM.length), api.Properties) : undefined;
  };
  const expanded: Json = {};
  for (const [id, resource] of Object.entries(resources)) {
    if (!isServerless(resource)) {
      expanded[id] = resource;
      continue;
    }
    const kind = resource.Type.slice(SAM.length);
    const made = Object.hasOwn(EXPANDERS, kind) ? EXPANDERS[kind](id, settings(kind, resource.Properties), apiOf) : { [id]: resource };
    for (const [newId, plain] of Object.entries(made)) expanded[newId] = inherit(plain, resource);
  }
  // implicit APIs stand beside what the template names
  return referable({ ...template, Resources: { ...implicitApis(expanded, settings), ...expanded } });
}

function isServerless(resource: unknown): resource is Json & { Type: string } {
  return isJson(resource) && typeof resource.Type === 'string' && resource.Type.startsWith(SAM);
}

type Expander = (id: string, properties: Json, apiOf: ApiOf) => Record<string, Json>;

const EXPANDERS: Record<string, Expander> = {
  Function: expandFunction,
  Api: expandApi,
  HttpApi: expandHttpApi,
  StateMachine: (id, { Definition, DefinitionString, DefinitionSubstitutions }) => ({
    [id]: { Type: 'AWS::StepFunctions::StateMachine', Properties: defined({ Definition, DefinitionString, DefinitionSubstitutions }) },
  }),
  SimpleTable: (id, properties) => ({
    [id]: {
      Type: 'AWS::DynamoDB::Table',
      Properties: defined({
        TableName: properties.TableName,
        KeySchema: [{ AttributeName: isJson(properties.PrimaryKey) ? properties.PrimaryKey.Name : 'id', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: properties.PointInTimeRecoverySpecification,
      }),
    },
  }),
  LayerVersion: (id, properties) => ({ [id]: { Type: 'AWS::Lambda::LayerVersion', Properties: properties } }),
};

function expandFunction(id: string, properties: Json, apiOf: ApiOf): Record<string, Json> {
  const made: Record<string, Json> = {};
  const kept = Object.fromEntries(FUNCTION_PROPERTIES.filter(key => properties[key] !== undefined).map(key => [key, properties[key]]));
  const role = properties.Role === undefined ? `${id}Role` : undefined;
  if (role) made[role] = { Type: 'AWS::IAM::Role', Properties: executionRole(properties) };
  made[id] = {
    Type: 'AWS::Lambda::Function',
    Properties: defined({
      ...kept,
      Role: properties.Role ?? { 'Fn::GetAtt': [role, 'Arn'] },
      Code: properties.ImageUri === undefined ? {} : { ImageUri: properties.ImageUri },
      TracingConfig: properties.Tracing === undefined ? undefined : { Mode: properties.Tracing },
      DeadLetterConfig: isJson(properties.DeadLetterQueue) ? { TargetArn: properties.DeadLetterQueue.TargetArn } : undefined,
    }),
  };
  const target = release(id, properties, made);
  if (isJson(properties.EventInvokeConfig)) {
    made[`${id}EventInvokeConfig`] = { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { ...destinations(properties.EventInvokeConfig), FunctionName: { Ref: id }, Qualifier: target.qualifier } };
  }
  if (isJson(properties.FunctionUrlConfig)) {
    made[`${id}Url`] = { Type: 'AWS::Lambda::Url', Properties: { ...properties.FunctionUrlConfig, TargetFunctionArn: target.arn } };
  }
  return { ...made, ...expandEvents(id, properties.Events, target.arn, apiOf) };
}

/** SAM writes a type beside the ARN of a destination; CloudFormation knows the ARN alone. */
function destinations(config: Json): Json {
  const both = isJson(config.DestinationConfig) ? config.DestinationConfig : {};
  const only = (value: unknown) => (isJson(value) ? { Destination: value.Destination ?? 'made by SAM' } : undefined);
  const named = defined({ OnFailure: only(both.OnFailure), OnSuccess: only(both.OnSuccess) });
  const DestinationConfig = Object.keys(both).length === 0 ? undefined : named;
  return defined({ ...config, DestinationConfig });
}

function executionRole(properties: Json): Json {
  const policies = Array.isArray(properties.Policies) ? properties.Policies : properties.Policies === undefined ? [] : [properties.Policies];
  return defined({
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] },
    // what SAM adds of its own accord
    ManagedPolicyArns: [
      'AWSLambdaBasicExecutionRole', ...(properties.VpcConfig === undefined ? [] : ['AWSLambdaVPCAccessExecutionRole']),
      ...(properties.Tracing === undefined ? [] : ['AWSXRayDaemonWriteAccess']), ...policies.filter(policy => typeof policy === 'string'),
    ],
    Policies: policies.filter(policy => isJson(policy) && policy.Statement !== undefined).map(policy => ({ PolicyName: 'inline', PolicyDocument: policy })),
    PermissionsBoundary: properties.PermissionsBoundary,
  });
}

function implicitApis(resources: Json, settings: (kind: string, own: unknown) => Json): Json {
  const used = JSON.stringify(resources);
  return {
    ...(used.includes('"ServerlessRestApi"') && !resources.ServerlessRestApi ? expandApi('ServerlessRestApi', settings('Api', {})) : {}),
    ...(used.includes('"ServerlessHttpApi"') && !resources.ServerlessHttpApi ? expandHttpApi('ServerlessHttpApi', settings('HttpApi', {})) : {}),
  };
}

/** `!Ref Fn.Alias` and `!Ref Fn.Version` name what SAM makes of the function. */
function referable(template: Json): Json {
  const text = JSON.stringify(template);
  if (!/[".{][\w]+\.(Alias|Version)["}]/.test(text)) return template;
  const ids = Object.keys(template.Resources as Json);
  const made = (whole: string, quote: string, id: string, what: string, end: string) => {
    const found = ids.find(candidate => (what === 'Alias' ? candidate.startsWith(`${id}Alias`) : candidate === `${id}Version`));
    return found === undefined ? whole : `${quote}${found}${end}`;
  };
  return JSON.parse(text.replace(/("Ref":"|\$\{)(\w+)\.(Alias|Version)("|\})/g, made)) as Json;
}

function inherit(made: Json, source: Json): Json {
  return defined({ Condition: source.Condition, Metadata: source.Metadata, ...made });
}

/** As SAM merges: maps by key, lists by adding, the rest by replacing. */
function merge(base: Json, over: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = base[key];
    if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
    else result[key] = isJson(before) && isJson(value) && !isIntrinsic(value) ? merge(before, value) : value;
  }
  return result;
}

function isIntrinsic(value: Json): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

export function defined(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
