import { expandEvents } from './events';
import { release } from './release';
import { isJson, textOf } from '../graph/value';
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
  if (!Object.values(resources).some(resource => isJson(resource) && textOf(resource.Type).startsWith(SAM))) return template;
  const globals = isJson(template.Globals) ? template.Globals : {};
  const expanded: Json = {};
  for (const [id, resource] of Object.entries(resources)) {
    if (!isJson(resource) || typeof resource.Type !== 'string' || !resource.Type.startsWith(SAM)) {
      expanded[id] = resource;
      continue;
    }
    const kind = resource.Type.slice(SAM.length);
    const properties = merge(isJson(globals[kind]) ? globals[kind] : {}, isJson(resource.Properties) ? resource.Properties : {});
    const made = Object.hasOwn(EXPANDERS, kind) ? EXPANDERS[kind](id, properties) : { [id]: resource };
    for (const [newId, plain] of Object.entries(made)) expanded[newId] = inherit(plain, resource);
  }
  // implicit APIs stand beside what the template names
  return { ...template, Resources: { ...implicitApis(expanded), ...expanded } };
}

type Expander = (id: string, properties: Json) => Record<string, Json>;

const EXPANDERS: Record<string, Expander> = {
  Function: expandFunction,
  Api: (id, properties) => ({
    [id]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: defined({
        EndpointConfiguration: endpoint(properties.EndpointConfiguration),
        Policy: isJson(properties.Auth) ? properties.Auth.ResourcePolicy : undefined,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: defined({
        RestApiId: { Ref: id }, AccessLogSetting: properties.AccessLogSetting, MethodSettings: properties.MethodSettings,
      }),
    },
  }),
  HttpApi: (id, properties) => ({
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: defined({
        ProtocolType: 'HTTP',
        CorsConfiguration: properties.CorsConfiguration === true ? { AllowOrigins: ['*'] } : properties.CorsConfiguration,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: defined({
        ApiId: { Ref: id },
        StageName: properties.StageName ?? '$default',
        AccessLogSettings: properties.AccessLogSettings,
        DefaultRouteSettings: properties.DefaultRouteSettings,
      }),
    },
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

function expandFunction(id: string, properties: Json): Record<string, Json> {
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
  return { ...made, ...expandEvents(id, properties.Events, target.arn) };
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
    ManagedPolicyArns: policies.filter(policy => typeof policy === 'string'),
    Policies: policies.filter(policy => isJson(policy) && policy.Statement !== undefined).map(policy => ({ PolicyName: 'inline', PolicyDocument: policy })),
    PermissionsBoundary: properties.PermissionsBoundary,
  });
}

/** A bare type, or the type under a name of its own, as SAM takes them. */
function endpoint(configuration: unknown): unknown {
  if (typeof configuration === 'string') return { Types: [configuration] };
  return isJson(configuration) && configuration.Type !== undefined ? { Types: [configuration.Type] } : configuration;
}

function implicitApis(resources: Json): Json {
  const used = JSON.stringify(resources);
  return {
    ...(used.includes('"ServerlessRestApi"') && !resources.ServerlessRestApi ? EXPANDERS.Api('ServerlessRestApi', {}) : {}),
    ...(used.includes('"ServerlessHttpApi"') && !resources.ServerlessHttpApi ? EXPANDERS.HttpApi('ServerlessHttpApi', {}) : {}),
  };
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
