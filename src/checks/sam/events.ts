import { authorization, invocation, keyRequired } from './apis';
import type { ApiOf } from './apis';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

type Expander = (name: string, event: Json, arn: Json, apiOf: ApiOf) => Record<string, Json>;

const EXPANDERS: Record<string, Expander> = {
  SQS: mapping('Queue'),
  Kinesis: mapping('Stream'),
  DynamoDB: mapping('Stream'),
  MSK: mapping('Stream'),
  Schedule: rule,
  ScheduleV2: (name, { ScheduleExpression }, arn) => ({
    [name]: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression, Target: { Arn: arn } } },
  }),
  EventBridgeRule: rule,
  CloudWatchEvent: rule,
  MQ: mapping('Broker'),
  DocumentDB: mapping('Cluster'),
  SelfManagedKafka: (name, { KafkaBootstrapServers, Enabled: _enabled, ...rest }, arn) => ({
    [name]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { ...rest, SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers } }, FunctionName: arn },
    },
  }),
  SNS: subscription,
  IoTRule: (name, _, arn) => ({
    [name]: {
      Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: arn } }] } },
    },
  }),
  CloudWatchLogs: (name, { LogGroupName }, arn) => ({
    [name]: { Type: 'AWS::Logs::SubscriptionFilter', Properties: { LogGroupName, DestinationArn: arn } },
  }),
  // an additional user pool; the pool of the event is another resource of the template
  Cognito: (name, { Trigger }, arn) => ({
    [name]: {
      Type: 'AWS::Cognito::UserPool',
      Properties: { LambdaConfig: Object.fromEntries([Trigger].flat().map(trigger => [textOf(trigger), arn])) },
    },
  }),
  S3: (name, { Bucket }, arn) => ({
    [`${name}Notification`]: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: Bucket, NotificationConfiguration: { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn }] },
      },
    },
  }),
  Api: (name, event, arn, apiOf) => {
    const api = apiOf(event.RestApiId, 'ServerlessRestApi');
    return {
      [name]: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: event.RestApiId ?? { Ref: 'ServerlessRestApi' },
          HttpMethod: textOf(event.Method).toUpperCase(),
          ...authorization(event, api),
          ApiKeyRequired: keyRequired(event, api),
          Integration: { Type: 'AWS_PROXY', Uri: invocation(arn), TimeoutInMillis: event.TimeoutInMillis },
        },
      },
    };
  },
  HttpApi: (name, event, arn, apiOf) => {
    const ApiId = event.ApiId ?? { Ref: 'ServerlessHttpApi' };
    const key = `${textOf(event.Method).toUpperCase()} ${textOf(event.Path)}`;
    return {
      [`${name}Integration`]: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { ApiId, IntegrationUri: invocation(arn), TimeoutInMillis: event.TimeoutInMillis },
      },
      [name]: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId,
          RouteKey: event.Path === undefined ? '$default' : key,
          ...authorization(event, apiOf(event.ApiId, 'ServerlessHttpApi')),
        },
      },
    };
  },
};

/** The resources for the events of a function. */
export function expandEvents(id: string, events: unknown, arn: Json, apiOf: ApiOf): Record<string, Json> {
  if (!isJson(events)) return {};
  return Object.fromEntries(Object.entries(events).flatMap(([key, event]) => {
    if (!isJson(event) || typeof event.Type !== 'string' || !Object.hasOwn(EXPANDERS, event.Type)) return [];
    const properties = isJson(event.Properties) ? event.Properties : {};
    return Object.entries(EXPANDERS[event.Type](`${id}${key}`, properties, arn, apiOf));
  }));
}

function mapping(source: string): Expander {
  return (name, { [source]: EventSourceArn, Enabled: _enabled, ...rest }, arn) => ({
    [name]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, EventSourceArn, FunctionName: arn } },
  });
}

function rule(name: string, _: Json, arn: Json): Record<string, Json> {
  return { [name]: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: arn, Id: name }] } } };
}

function subscription(name: string, { Topic, SqsSubscription }: Json, arn: Json): Record<string, Json> {
  if (SqsSubscription !== undefined && SqsSubscription !== false) return queueSubscription(name, SqsSubscription, arn);
  const Properties = { Protocol: 'lambda', TopicArn: Topic, Endpoint: arn };
  return { [name]: { Type: 'AWS::SNS::Subscription', Properties } };
}

/** A queue between the topic and the function, which SAM creates if the event names none. */
function queueSubscription(name: string, settings: unknown, arn: Json): Record<string, Json> {
  const { QueueArn, QueueUrl: _url, Enabled: _enabled, ...rest }: Json = isJson(settings) ? settings : {};
  const own = QueueArn === undefined ? { [`${name}Queue`]: { Type: 'AWS::SQS::Queue', Properties: {} } } : {};
  const EventSourceArn = QueueArn ?? { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] };
  return {
    ...own,
    [`${name}EventSourceMapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, EventSourceArn, FunctionName: arn },
    },
  };
}
