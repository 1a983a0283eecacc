import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

type Maker = (name: string, event: Json, arn: Json) => Record<string, Json>;

const mapping = (source: string): Maker => (name, event, arn) => {
  const { [source]: origin, Stream: _stream, Queue: _queue, Enabled: _enabled, ...rest } = event;
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
  SNS: (name, event, arn) => ({ [name]: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'lambda', TopicArn: event.Topic, Endpoint: arn } } }),
  S3: (name, event, arn) => ({
    [`${name}Notification`]: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: event.Bucket, NotificationConfiguration: { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn }] },
      },
    },
  }),
  Api: (name, event, arn) => ({
    [name]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: event.RestApiId ?? { Ref: 'ServerlessRestApi' },
        HttpMethod: textOf(event.Method).toUpperCase(),
        // an API that is defined elsewhere may set a default authorizer
        ...authorization(event, event.RestApiId === undefined),
        ApiKeyRequired: isJson(event.Auth) ? event.Auth.ApiKeyRequired : undefined,
        Integration: { Type: 'AWS_PROXY', Uri: uri(arn), TimeoutInMillis: event.TimeoutInMillis },
      },
    },
  }),
  HttpApi: (name, event, arn) => ({
    [`${name}Integration`]: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: event.ApiId ?? { Ref: 'ServerlessHttpApi' }, IntegrationUri: uri(arn), TimeoutInMillis: event.TimeoutInMillis } },
    [name]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: event.ApiId ?? { Ref: 'ServerlessHttpApi' },
        RouteKey: event.Path === undefined ? '$default' : `${textOf(event.Method).toUpperCase()} ${textOf(event.Path)}`,
        ...authorization(event, event.ApiId === undefined),
      },
    },
  }),
};

/** The triggers of a function, under the ids that its other resources do not use. */
export function expandEvents(id: string, events: unknown, arn: Json): Record<string, Json> {
  if (!isJson(events)) return {};
  return Object.fromEntries(Object.entries(events).flatMap(([key, event]) => {
    if (!isJson(event) || typeof event.Type !== 'string' || !Object.hasOwn(MAKERS, event.Type)) return [];
    return Object.entries(MAKERS[event.Type](`${id}${key}`, isJson(event.Properties) ? event.Properties : {}, arn));
  }));
}

function uri(arn: Json): Json {
  return { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', arn, '/invocations']] };
}

function authorization(event: Json, implicit: boolean): Json {
  const auth = isJson(event.Auth) ? event.Auth : {};
  if (auth.Authorizer === 'NONE' || (auth.Authorizer === undefined && implicit)) return { AuthorizationType: 'NONE' };
  return { AuthorizationType: auth.Authorizer === 'AWS_IAM' ? 'AWS_IAM' : 'CUSTOM' };
}
