import type { AppGraph } from './app-graph';
import { targetOf } from './lambda';
import type { Target } from './lambda';
import type { Resource } from './resource';
import { asList, member } from './value';
import type { Value } from './value';

export type CallerKind = 's3' | 'sns' | 'events' | 'scheduler' | 'logs' | 'iot' | 'ses' | 'rest' | 'http' | 'authorizer' | 'alb' | 'appsync' | 'cognito';

/** Something that invokes a function, other than a mapping from a queue or stream and a function URL. */
export interface Caller {
  readonly kind: CallerKind;
  readonly resource: Resource;
  readonly property: string;
  readonly target: Target;
  readonly async: boolean;
  /** The bucket, topic or rule whose events these are. */
  readonly origin?: Resource;
}

interface Place { property: string; value: Value; origin?: Resource }
interface Kind { kind: CallerKind; async: boolean; places(resource: Resource): Place[] }

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
  'AWS::SES::ReceiptRule': many('ses', true, 'Rule.Actions', 'LambdaAction.FunctionArn'),
  'AWS::ApiGateway::Method': one('rest', false, 'Integration.Uri', 'RestApiId'),
  'AWS::ApiGateway::Authorizer': one('authorizer', false, 'AuthorizerUri', 'RestApiId'),
  'AWS::ApiGatewayV2::Integration': one('http', false, 'IntegrationUri', 'ApiId'),
  'AWS::ApiGatewayV2::Authorizer': one('authorizer', false, 'AuthorizerUri', 'ApiId'),
  'AWS::ElasticLoadBalancingV2::TargetGroup': many('alb', false, 'Targets', 'Id'),
  'AWS::AppSync::DataSource': one('appsync', false, 'LambdaConfig.LambdaFunctionArn'),
  'AWS::Cognito::UserPool': {
    kind: 'cognito',
    async: false,
    places: resource => resource.entries('LambdaConfig').map(([key, value]) => ({ property: `LambdaConfig.${key}`, value, origin: resource })),
  },
};

export function callersOf(app: AppGraph): Caller[] {
  return Object.entries(KINDS).flatMap(([type, { kind, async, places }]) => app.ofType(type).flatMap(resource =>
    places(resource).map(({ property, value, origin }) => ({ kind, async, resource, property, origin, target: targetOf(app, value, resource) }))
      .filter(caller => caller.target.function !== undefined)));
}

function deep(value: Value, path: string): Value {
  return path.split('.').reduce(member, asList(value)[0]);
}
