import { authorization, invocation, keyRequired } from './apis';
import type { ApiOf } from './apis';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

type Maker = (name: string, event: Json, arn: Json, apiOf: ApiOf) => Record<string, Json>;

const mapping = (source: string): Maker => (name, event, arn) => {
  const { [source]: origin, Enabled: _enabled, ...rest } = event;
  return { [name]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, EventSourceArn: origin, FunctionName: arn } } };
};
const rule = (name: string, arn: Json): Record<string, Json> => ({ [name]: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: arn, Id: name }] } } });

const MAKERS: Record<string, Maker> = {
  SQS: mapping('Queue'),
  Kinesis: mapping('Stream'),
  DynamoDB: mapping('Stream'),
  MSK: mapping('Stream'),
  Schedule: (name, _, arn) => rule(name, arn),
  ScheduleV2: (name, event, arn) => ({ [name]: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: event.ScheduleExpression, Target: { Arn: arn } } } }),
  EventBridgeRule: (name, _, arn) => rule(name, arn),
  CloudWatchEvent: (name, _, arn) => rule(name, arn),
  MQ: mapping('Broker'),
  DocumentDB: mapping('Cluster'),
  SelfManagedKafka: (name, { KafkaBootstrapServers, Enabled: _enabled, ...rest }, arn) => ({
    [name]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers } }, FunctionName: arn } },
  }),
  SNS: (name, event, arn) => (event.SqsSubscription === undefined || event.SqsSubscription === false
    ? { [name]: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'lambda', TopicArn: event.Topic, Endpoint: arn } } } : buffered(name, event.SqsSubscription, arn)),
  IoTRule: (name, _, arn) => ({ [name]: { Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: arn } }] } } } }),
  CloudWatchLogs: (name, event, arn) => ({ [name]: { Type: 'AWS::Logs::SubscriptionFilter', Properties: { LogGroupName: event.LogGroupName, DestinationArn: arn } } }),
  // beside the pool itself, which is another resource of the template
  Cognito: (name, event, arn) => ({ [name]: { Type: 'AWS::Cognito::UserPool', Properties: { LambdaConfig: Object.fromEntries([event.Trigger].flat().map(trigger => [textOf(trigger), arn])) } } }),
  S3: (name, event, arn) => ({
    [`${name}Notification`]: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: event.Bucket, NotificationConfiguration: { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn }] },
      },
    },
  }),
  Api: (name, event, arn, apiOf) => ({
    [name]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: event.RestApiId ?? { Ref: 'ServerlessRestApi' },
        HttpMethod: textOf(event.Method).toUpperCase(),
        ...authorization(event, apiOf(event.RestApiId, 'ServerlessRestApi')),
        ApiKeyRequired: keyRequired(event, apiOf(event.RestApiId, 'ServerlessRestApi')),
        Integration: { Type: 'AWS_PROXY', Uri: invocation(arn), TimeoutInMillis: event.TimeoutInMillis },
      },
    },
  }),
  HttpApi: (name, event, arn, apiOf) => ({
    [`${name}Integration`]: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: event.ApiId ?? { Ref: 'ServerlessHttpApi' }, IntegrationUri: invocation(arn), TimeoutInMillis: event.TimeoutInMillis } },
    [name]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: event.ApiId ?? { Ref: 'ServerlessHttpApi' },
        RouteKey: event.Path === undefined ? '$default' : `${textOf(event.Method).toUpperCase()} ${textOf(event.Path)}`,
        ...authorization(event, apiOf(event.ApiId, 'ServerlessHttpApi')),
      },
    },
  }),
};

/** The triggers of a function, under the ids that its other resources do not use. */
export function expandEvents(id: string, events: unknown, arn: Json, apiOf: ApiOf): Record<string, Json> {
  if (!isJson(events)) return {};
  return Object.fromEntries(Object.entries(events).flatMap(([key, event]) => {
    if (!isJson(event) || typeof event.Type !== 'string' || !Object.hasOwn(MAKERS, event.Type)) return [];
    return Object.entries(MAKERS[event.Type](`${id}${key}`, isJson(event.Properties) ? event.Properties : {}, arn, apiOf));
  }));
}

/** A queue between the topic and the function, which SAM makes where none is given. */
function buffered(name: string, subscription: unknown, arn: Json): Record<string, Json> {
  const { QueueArn, QueueUrl: _url, Enabled: _enabled, ...rest }: Json = isJson(subscription) ? subscription : {};
  const own = QueueArn === undefined ? { [`${name}Queue`]: { Type: 'AWS::SQS::Queue', Properties: {} } } : {};
  const EventSourceArn = QueueArn ?? { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] };
  return { ...own, [`${name}EventSourceMapping`]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, EventSourceArn, FunctionName: arn } } };
}
