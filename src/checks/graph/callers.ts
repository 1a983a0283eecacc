import type { AppGraph } from './app-graph';
import { targetOf } from './lambda';
import type { Target } from './lambda';
import type { Resource } from './resource';
import { asList, asString, isRecord, member, Reference, Text } from './value';
import type { Value } from './value';

export type CallerKind = 's3' | 'sns' | 'events' | 'scheduler' | 'logs' | 'iot' | 'ses' | 'rest' | 'http' | 'authorizer' | 'alb' | 'appsync' | 'cognito'
  | 'states' | 'pipes' | 'firehose' | 'secrets';

/** Something that invokes a function, other than a mapping from a queue or stream and a function URL. */
export interface Caller {
  readonly kind: CallerKind;
  readonly resource: Resource;
  readonly property: string;
  readonly target: Target;
  /** Nothing when the template does not tell. */
  readonly async: boolean | undefined;
  /**
   * The bucket, topic or rule whose events these are.
   *
   * @default - none of the app
   */
  readonly origin?: Resource;
}

interface Place { property: string; value: Value; origin?: Resource; async?: boolean | undefined }
interface Kind { kind: CallerKind; async: boolean; places(resource: Resource): Place[] }

const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

const one = (kind: CallerKind, async: boolean, property: string, origin?: string): Kind => ({
  kind, async, places: resource => [{ property, value: resource.get(property), origin: origin ? resource.target(origin) : resource }],
});
const many = (kind: CallerKind, async: boolean, list: string, key: string): Kind => ({
  kind, async, places: resource => resource.list(list).map((item, i) => ({ property: `${list}.${i}.${key}`, value: deep(item, key), origin: resource })),
});

const KINDS: Record<string, Kind> = {
  'AWS::S3::Bucket': many('s3', true, 'NotificationConfiguration.LambdaConfigurations', 'Function'),
  'Custom::S3BucketNotifications': {
    kind: 's3',
    async: true,
    places: resource => resource.list('NotificationConfiguration.LambdaFunctionConfigurations').map((item, i) => ({
      property: `NotificationConfiguration.LambdaFunctionConfigurations.${i}.LambdaFunctionArn`,
      value: member(item, 'LambdaFunctionArn'),
      origin: resource.target('BucketName'),
    })),
  },
  'AWS::SNS::Subscription': one('sns', true, 'Endpoint', 'TopicArn'),
  'AWS::SNS::Topic': many('sns', true, 'Subscription', 'Endpoint'),
  'AWS::Events::Rule': many('events', true, 'Targets', 'Arn'),
  'AWS::Scheduler::Schedule': one('scheduler', true, 'Target.Arn'),
  'AWS::Logs::SubscriptionFilter': one('logs', true, 'DestinationArn', 'LogGroupName'),
  'AWS::IoT::TopicRule': many('iot', true, 'TopicRulePayload.Actions', 'Lambda.FunctionArn'),
  'AWS::SES::ReceiptRule': {
    kind: 'ses',
    async: true,
    places: resource => resource.list('Rule.Actions').map((item, i) => ({
      property: `Rule.Actions.${i}.LambdaAction.FunctionArn`,
      value: deep(item, 'LambdaAction.FunctionArn'),
      origin: resource,
      async: is(deep(item, 'LambdaAction.InvocationType'), 'Event', true),
    })),
  },
  'AWS::ApiGateway::Method': {
    kind: 'rest',
    async: false,
    places: resource => [{ property: 'Integration.Uri', value: resource.get('Integration.Uri'), origin: resource.target('RestApiId'), async: asEvent(resource.get('Integration.RequestParameters')) }],
  },
  'AWS::ApiGateway::Authorizer': one('authorizer', false, 'AuthorizerUri', 'RestApiId'),
  'AWS::ApiGatewayV2::Integration': {
    kind: 'http',
    async: false,
    places: resource => [{ property: 'IntegrationUri', value: resource.get('IntegrationUri'), origin: resource.target('ApiId'), async: asEvent(resource.get('RequestParameters')) }],
  },
  'AWS::ApiGatewayV2::Authorizer': one('authorizer', false, 'AuthorizerUri', 'ApiId'),
  'AWS::ElasticLoadBalancingV2::TargetGroup': many('alb', false, 'Targets', 'Id'),
  'AWS::AppSync::DataSource': one('appsync', false, 'LambdaConfig.LambdaFunctionArn'),
  'AWS::SecretsManager::RotationSchedule': one('secrets', false, 'RotationLambdaARN'),
  'AWS::KinesisFirehose::DeliveryStream': {
    kind: 'firehose',
    async: false,
    places: resource => asList(resource.get('ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors')).flatMap(processor => asList(member(processor, 'Parameters')))
      .filter(parameter => asString(member(parameter, 'ParameterName')) === 'LambdaArn')
      .map(parameter => ({ property: 'ExtendedS3DestinationConfiguration.ProcessingConfiguration', value: member(parameter, 'ParameterValue'), origin: resource })),
  },
  'AWS::Pipes::Pipe': {
    kind: 'pipes',
    async: false,
    places: resource => [
      { property: 'Enrichment', value: resource.get('Enrichment') },
      { property: 'Target', value: resource.get('Target'), async: is(resource.get('TargetParameters.LambdaFunctionParameters.InvocationType'), 'FIRE_AND_FORGET', false) },
    ],
  },
  'AWS::StepFunctions::StateMachine': {
    kind: 'states',
    async: false,
    places: resource => ['DefinitionString', 'Definition', 'DefinitionSubstitutions'].flatMap(property => named(resource.get(property)).map(value => ({ property, value }))),
  },
  'AWS::Cognito::UserPool': {
    kind: 'cognito',
    async: false,
    places: resource => resource.entries('LambdaConfig').map(([key, value]) => ({ property: `LambdaConfig.${key}`, value, origin: resource })),
  },
};

export function callersOf(app: AppGraph): Caller[] {
  return Object.entries(KINDS).flatMap(([type, { kind, async, places }]) => app.ofType(type).flatMap(resource =>
    places(resource).map(({ value, ...place }) => ({ async, ...place, kind, resource, target: targetOf(app, value, resource) }))
      .filter(caller => caller.target.function !== undefined)));
}

function deep(value: Value, path: string): Value {
  return path.split('.').reduce(member, asList(value)[0]);
}

/** Whether a setting has the value, or what holds where it is left out; nothing when it is not known. */
function is(setting: Value, value: string, whenAbsent: boolean): boolean | undefined {
  if (setting === undefined || setting === null) return whenAbsent;
  const known = asString(setting);
  return known === undefined ? undefined : known === value;
}

/** API Gateway does not wait for the function: it hands the request over as an event. */
function asEvent(parameters: Value): boolean | undefined {
  if (parameters === undefined || parameters === null) return false;
  if (!isRecord(parameters)) return undefined;
  const [, type] = Object.entries(parameters).find(([key]) => /\.header\.X-Amz-Invocation-Type$/i.test(key)) ?? [];
  return is(type, "'Event'", false);
}

/** The functions that a definition names, each with the qualifier that is written behind it. */
function named(definition: Value): Value[] {
  if (definition instanceof Text) {
    return definition.parts.flatMap((part, i) => {
      const next = definition.parts[i + 1];
      const qualifier = typeof next === 'string' ? /^:[\w$-]+/.exec(next)?.[0] : undefined;
      if (!(part instanceof Reference) || !FUNCTIONS.includes(part.resource.type)) return [];
      return [qualifier === undefined ? part : new Text([part, qualifier])];
    });
  }
  if (definition instanceof Reference) return FUNCTIONS.includes(definition.resource.type) ? [definition] : [];
  return Array.isArray(definition) || isRecord(definition) ? Object.values(definition).flatMap(named) : [];
}
