import { operationsOf } from './api-operations';
import type { AppGraph } from './app-graph';
import { findTarget } from './function-target';
import type { Target } from './function-target';
import type { Resource } from './resource';
import { isSwitchedOff } from './switches';
import { asList, asString, isRecord, member, Reference, Text } from './value';
import type { Value } from './value';
import { HTTP_API, REST_API } from '../../aws';

export type CallerKind = 's3' | 'sns' | 'events' | 'scheduler' | 'logs' | 'iot' | 'ses' | 'rest' | 'http' | 'authorizer'
  | 'alb' | 'appsync' | 'cognito' | 'states' | 'pipes' | 'firehose' | 'secrets';

/** A resource that invokes a function, other than an event source mapping or a function URL. */
export interface Caller {
  readonly kind: CallerKind;
  readonly resource: Resource;
  readonly property: string;
  readonly target: Target;
  /** Undefined if it is not known. */
  readonly async: boolean | undefined;
  /**
   * The bucket, topic or rule that sends the events.
   *
   * @default - not part of the app
   */
  readonly origin?: Resource;
  /**
   * How long the caller waits, in seconds.
   *
   * @default - by the kind of the caller
   */
  readonly waitsSeconds?: number;
}

/** A property that may refer to a function. */
interface Candidate {
  readonly property: string;
  readonly value: Value;
  readonly origin?: Resource;
  /** @default - as for the resource type */
  readonly async?: boolean | undefined;
  /** @default - the kind of the resource type */
  readonly kind?: CallerKind;
  /** @default - by the kind of the caller */
  readonly waitsSeconds?: number;
}

/** How resources of one type invoke functions. */
interface Invoker {
  readonly kind: CallerKind;
  readonly async: boolean;
  candidates(resource: Resource): Candidate[];
}

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];
const ERROR_ACTION = 'TopicRulePayload.ErrorAction.Lambda.FunctionArn';
const PROCESSING = 'ExtendedS3DestinationConfiguration.ProcessingConfiguration';

const INVOKERS: Record<string, Invoker> = {
  'AWS::S3::Bucket': inList('s3', true, 'NotificationConfiguration.LambdaConfigurations', 'Function'),
  'Custom::S3BucketNotifications': {
    kind: 's3',
    async: true,
    candidates: resource => {
      const list = 'NotificationConfiguration.LambdaFunctionConfigurations';
      return resource.list(list).map((item, i) => ({
        property: `${list}.${i}.LambdaFunctionArn`,
        value: member(item, 'LambdaFunctionArn'),
        origin: resource.target('BucketName'),
      }));
    },
  },
  'AWS::SNS::Subscription': inProperty('sns', true, 'Endpoint', 'TopicArn'),
  'AWS::SNS::Topic': inList('sns', true, 'Subscription', 'Endpoint'),
  'AWS::Events::Rule': inList('events', true, 'Targets', 'Arn'),
  'AWS::Scheduler::Schedule': inProperty('scheduler', true, 'Target.Arn'),
  'AWS::Logs::SubscriptionFilter': inProperty('logs', true, 'DestinationArn', 'LogGroupName'),
  'AWS::IoT::TopicRule': {
    kind: 'iot',
    async: true,
    candidates: rule => [
      ...inList('iot', true, 'TopicRulePayload.Actions', 'Lambda.FunctionArn').candidates(rule),
      { property: ERROR_ACTION, value: rule.get(ERROR_ACTION), origin: rule },
    ],
  },
  'AWS::SES::ReceiptRule': {
    kind: 'ses',
    async: true,
    candidates: resource => resource.list('Rule.Actions').map((item, i) => ({
      property: `Rule.Actions.${i}.LambdaAction.FunctionArn`,
      value: deepMember(item, 'LambdaAction.FunctionArn'),
      origin: resource,
      async: equals(deepMember(item, 'LambdaAction.InvocationType'), 'Event', true),
    })),
  },
  'AWS::ApiGateway::Method': {
    kind: 'rest',
    async: false,
    candidates: resource => [{
      property: 'Integration.Uri',
      value: resource.get('Integration.Uri'),
      origin: resource.target('RestApiId'),
      async: isEventInvocation(resource.get('Integration.RequestParameters')),
    }],
  },
  'AWS::ApiGateway::Authorizer': inProperty('authorizer', false, 'AuthorizerUri', 'RestApiId'),
  'AWS::ApiGatewayV2::Integration': {
    kind: 'http',
    async: false,
    candidates: resource => [{
      property: 'IntegrationUri',
      value: resource.get('IntegrationUri'),
      origin: resource.target('ApiId'),
      async: isEventInvocation(resource.get('RequestParameters')),
    }],
  },
  'AWS::ApiGatewayV2::Authorizer': inProperty('authorizer', false, 'AuthorizerUri', 'ApiId'),
  'AWS::ApiGateway::RestApi': { kind: 'rest', async: false, candidates: api => inDocument(api, 'rest') },
  'AWS::ApiGatewayV2::Api': {
    kind: 'http',
    async: false,
    candidates: api => [
      ...inDocument(api, 'http'),
      // a target creates a route and an integration
      ...api.lacks('Target') ? [] : [{
        property: 'Target', value: api.get('Target'), origin: api, waitsSeconds: HTTP_API.integrationTimeoutMaxSeconds,
      }],
    ],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': inList('alb', false, 'Targets', 'Id'),
  'AWS::AppSync::DataSource': inProperty('appsync', false, 'LambdaConfig.LambdaFunctionArn'),
  'AWS::AppSync::GraphQLApi': {
    kind: 'appsync',
    async: false,
    candidates: api => {
      const uri = 'LambdaAuthorizerConfig.AuthorizerUri';
      const others = api.list('AdditionalAuthenticationProviders').map((provider, i) => (
        { property: `AdditionalAuthenticationProviders.${i}.${uri}`, value: deepMember(provider, uri), origin: api }));
      return [{ property: uri, value: api.get(uri), origin: api }, ...others];
    },
  },
  'AWS::SecretsManager::RotationSchedule': inProperty('secrets', false, 'RotationLambdaARN'),
  'AWS::KinesisFirehose::DeliveryStream': {
    kind: 'firehose',
    async: false,
    candidates: resource => asList(resource.get(`${PROCESSING}.Processors`))
      .flatMap(processor => asList(member(processor, 'Parameters')))
      .filter(parameter => asString(member(parameter, 'ParameterName')) === 'LambdaArn')
      .map(parameter => ({ property: PROCESSING, value: member(parameter, 'ParameterValue'), origin: resource })),
  },
  'AWS::Pipes::Pipe': {
    kind: 'pipes',
    async: false,
    candidates: resource => {
      const type = resource.get('TargetParameters.LambdaFunctionParameters.InvocationType');
      return [
        { property: 'Enrichment', value: resource.get('Enrichment') },
        { property: 'Target', value: resource.get('Target'), async: equals(type, 'FIRE_AND_FORGET', false) },
      ];
    },
  },
  'AWS::StepFunctions::StateMachine': {
    kind: 'states',
    async: false,
    candidates: resource => ['DefinitionString', 'Definition', 'DefinitionSubstitutions'].flatMap(property => (
      functionsIn(resource.get(property)).map(value => ({ property, value })))),
  },
  'AWS::Cognito::UserPool': {
    kind: 'cognito',
    async: false,
    candidates: resource => resource.entries('LambdaConfig').map(([key, value]) => ({
      property: `LambdaConfig.${key}`,
      value: isRecord(value) ? member(value, 'LambdaArn') : value,
      origin: resource,
      // Cognito waits for all triggers but the custom senders
      ...key.endsWith('Sender') && { async: undefined },
    })),
  },
};

export function callersOf(app: AppGraph): Caller[] {
  return Object.entries(INVOKERS).flatMap(([type, invoker]) => (
    app.ofType(type)
      .filter(resource => !isSwitchedOff(resource))
      .flatMap(resource => callersIn(app, resource, invoker))));
}

/** The functions of the operations and authorizers in the OpenAPI document of an API. */
function inDocument(api: Resource, kind: 'rest' | 'http'): Candidate[] {
  if (api.lacks('Body')) return [];
  const most = kind === 'rest' ? REST_API.integrationTimeoutDefaultSeconds : HTTP_API.integrationTimeoutMaxSeconds;
  const operations = operationsOf(api.template.app).filter(operation => operation.api === api);
  const schemes = [
    member(member(api.get('Body'), 'components'), 'securitySchemes'), member(api.get('Body'), 'securityDefinitions'),
  ].flatMap(map => (isRecord(map) ? Object.entries(map) : []));
  return [
    ...operations.map(({ property, integration, timeoutSeconds }) => ({
      kind,
      property,
      value: member(integration, 'uri'),
      origin: api,
      async: isEventInvocation(member(integration, 'requestParameters')),
      waitsSeconds: timeoutSeconds ?? most,
    })),
    ...schemes.map(([name, scheme]) => ({
      kind: 'authorizer' as const,
      property: `Body.components.securitySchemes.${name}`,
      value: member(member(scheme, 'x-amazon-apigateway-authorizer'), 'authorizerUri'),
      origin: api,
    })),
  ];
}

function callersIn(app: AppGraph, resource: Resource, { kind, async, candidates }: Invoker): Caller[] {
  return candidates(resource)
    .map(({ value, ...rest }) => ({ async, kind, ...rest, resource, target: findTarget(app, value, resource) }))
    .filter(caller => caller.target.function !== undefined);
}

function inProperty(kind: CallerKind, async: boolean, property: string, origin?: string): Invoker {
  return {
    kind,
    async,
    candidates: resource => [
      { property, value: resource.get(property), origin: origin ? resource.target(origin) : resource },
    ],
  };
}

function inList(kind: CallerKind, async: boolean, list: string, key: string): Invoker {
  return {
    kind,
    async,
    candidates: resource => resource.list(list).map((item, i) => (
      { property: `${list}.${i}.${key}`, value: deepMember(item, key), origin: resource })),
  };
}

function deepMember(value: Value, path: string): Value {
  return path.split('.').reduce(member, asList(value)[0]);
}

/** Whether a setting has the value; undefined if the setting is not known. */
function equals(setting: Value, value: string, whenAbsent: boolean): boolean | undefined {
  if (setting === undefined || setting === null) return whenAbsent;
  const known = asString(setting);
  return known === undefined ? undefined : known === value;
}

/** Whether API Gateway invokes the function asynchronously. */
function isEventInvocation(parameters: Value): boolean | undefined {
  if (parameters === undefined || parameters === null) return false;
  if (!isRecord(parameters)) return undefined;
  const [, type] = Object.entries(parameters)
    .find(([key]) => /\.header\.X-Amz-Invocation-Type$/i.test(key)) ?? [];
  return equals(type, "'Event'", false);
}

/** The functions that a state machine definition refers to, each with the qualifier that follows the reference. */
function functionsIn(definition: Value): Value[] {
  if (definition instanceof Text) {
    return definition.parts.flatMap((part, i) => {
      const next = definition.parts[i + 1];
      const qualifier = typeof next === 'string' ? /^:[\w$-]+/.exec(next)?.[0] : undefined;
      if (!(part instanceof Reference) || !FUNCTIONS.includes(part.resource.type)) return [];
      return [qualifier === undefined ? part : new Text([part, qualifier])];
    });
  }
  if (definition instanceof Reference) return FUNCTIONS.includes(definition.resource.type) ? [definition] : [];
  return Array.isArray(definition) || isRecord(definition) ? Object.values(definition).flatMap(functionsIn) : [];
}
