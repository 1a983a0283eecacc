import { authorization, authorizerOf, invocation, keyRequired } from './apis';
import type { ApiOf } from './apis';
import { hasIntegration, integrationIn, isReadable } from './open-api';
import { withoutUndefined } from './properties';
import { SAM_EVENT } from '../graph/event-source';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

type Expander = (name: string, event: Json, arn: Json, apiOf: ApiOf) => Record<string, Json>;

const EXPANDERS: Record<string, Expander> = {
  SQS: mapping('SQS', 'Queue'),
  Kinesis: mapping('Kinesis', 'Stream'),
  DynamoDB: mapping('DynamoDB', 'Stream'),
  MSK: mapping('MSK', 'Stream'),
  Schedule: rule,
  ScheduleV2: (name, { ScheduleExpression, DeadLetterConfig, RetryPolicy, State }, arn) => {
    const { queue, config } = deadLetters(name, DeadLetterConfig);
    const Target = withoutUndefined({ Arn: arn, DeadLetterConfig: config, RetryPolicy });
    return {
      ...queue,
      [name]: { Type: 'AWS::Scheduler::Schedule', Properties: withoutUndefined({ ScheduleExpression, State, Target }) },
    };
  },
  EventBridgeRule: rule,
  CloudWatchEvent: rule,
  MQ: mapping('MQ', 'Broker'),
  DocumentDB: mapping('DocumentDB', 'Cluster'),
  SelfManagedKafka: (name, { KafkaBootstrapServers, ...rest }, arn) => ({
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
  S3: (name, { Bucket, Events, Filter }, arn) => ({
    [`${name}Notification`]: {
      Type: 'Custom::S3BucketNotifications',
      Properties: {
        BucketName: Bucket,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: [
            withoutUndefined({ LambdaFunctionArn: arn, Events, Filter: s3Filter(Filter) }),
          ],
        },
      },
    },
  }),
  Api: (name, event, arn, apiOf) => {
    const document = apiOf(event.RestApiId, 'ServerlessRestApi')?.DefinitionBody;
    const { timeoutInMillis, responseTransferMode } = integrationIn(document, event.Path, event.Method);
    return restMethod(name, event, apiOf, withoutUndefined({
      Type: 'AWS_PROXY',
      Uri: invocation(arn),
      TimeoutInMillis: event.TimeoutInMillis ?? timeoutInMillis,
      ResponseTransferMode: event.ResponseTransferMode ?? responseTransferMode,
    }));
  },
  HttpApi: (name, event, arn, apiOf) => {
    const ApiId = asReference(event.ApiId, 'ServerlessHttpApi');
    const document = apiOf(event.ApiId, 'ServerlessHttpApi')?.DefinitionBody;
    // SAM adds an operation to the document unless it has an integration
    if (hasIntegration(document, event.Path ?? '$default', event.Method)) return {};
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
          Target: { 'Fn::Sub': `integrations/\${${name}Integration}` },
          ...authorization(event, apiOf(event.ApiId, 'ServerlessHttpApi')),
          ...authorizerOf(event, apiOf(event.ApiId, 'ServerlessHttpApi'), ApiId),
        },
      },
    };
  },
};

/** The API of an event, which may be a logical ID in plain text. */
function asReference(api: unknown, implicit: string): unknown {
  return typeof api === 'string' ? { Ref: api } : api ?? { Ref: implicit };
}

/** The events that start an execution of a state machine. */
const OF_MACHINES = ['Schedule', 'ScheduleV2', 'EventBridgeRule', 'CloudWatchEvent'];
/** The events that are expanded, by the type of the resource that has them. */
export const EVENTS: Record<string, readonly string[]> = {
  'AWS::Serverless::Function': [...Object.keys(EXPANDERS), 'AlexaSkill'], // a skill is no resource
  'AWS::Serverless::StateMachine': ['Api', ...OF_MACHINES],
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

function mapping(type: string, source: string): Expander {
  return (name, { [source]: EventSourceArn, ...rest }, arn) => ({
    [name]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      [SAM_EVENT]: type,
      Properties: { ...rest, EventSourceArn, FunctionName: arn },
    },
  });
}

function rule(name: string, event: Json, arn: Json): Record<string, Json> {
  const { queue, config } = deadLetters(name, event.DeadLetterConfig);
  const target = withoutUndefined({ Arn: arn, Id: name, DeadLetterConfig: config, RetryPolicy: event.RetryPolicy });
  const State = event.State ?? (event.Enabled === false ? 'DISABLED' : undefined);
  return {
    ...queue,
    [name]: {
      Type: 'AWS::Events::Rule',
      Properties: withoutUndefined({
        State,
        EventPattern: event.Pattern,
        ScheduleExpression: event.Schedule,
        EventBusName: event.EventBusName,
        Targets: [target],
      }),
    },
  };
}

/** The dead-letter queue of a target, which SAM creates if only its type is given. */
function deadLetters(name: string, settings: unknown): { queue: Record<string, Json>; config: Json | undefined } {
  if (!isJson(settings)) return { queue: {}, config: undefined };
  if (settings.Arn !== undefined) return { queue: {}, config: { Arn: settings.Arn } };
  const id = textOf(settings.QueueLogicalId) || `${name}Queue`;
  const queue = { [id]: { Type: 'AWS::SQS::Queue', Properties: {} } };
  return { queue, config: { Arn: { 'Fn::GetAtt': [id, 'Arn'] } } };
}

/** The filter of a notification, in the form of the custom resource of CDK. */
function s3Filter(filter: unknown): unknown {
  const key = isJson(filter) ? filter.S3Key : undefined;
  return isJson(key) ? { Key: { FilterRules: key.Rules } } : filter;
}

/** The events of a state machine, which start an execution. */
export function expandMachineEvents(id: string, events: unknown, apiOf: ApiOf): Record<string, Json> {
  if (!isJson(events)) return {};
  const arn = { Ref: id };
  return Object.fromEntries(Object.entries(events).flatMap(([key, event]) => {
    if (!isJson(event) || typeof event.Type !== 'string') return [];
    const properties = isJson(event.Properties) ? event.Properties : {};
    if (event.Type === 'Api') return Object.entries(machineMethod(`${id}${key}`, properties, apiOf));
    if (!OF_MACHINES.includes(event.Type)) return [];
    return Object.entries(EXPANDERS[event.Type](`${id}${key}`, properties, arn, apiOf));
  }));
}

function machineMethod(name: string, event: Json, apiOf: ApiOf): Record<string, Json> {
  const path = 'arn:aws:apigateway:${AWS::Region}:states:action/StartExecution';
  return restMethod(name, event, apiOf, { Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: { 'Fn::Sub': path } });
}

function restMethod(name: string, event: Json, apiOf: ApiOf, Integration: Json): Record<string, Json> {
  const api = apiOf(event.RestApiId, 'ServerlessRestApi');
  // SAM changes the document of an API only if it merges the events into it, or if an event demands it
  const isFixed = api?.DefinitionBody !== undefined && api.MergeDefinitions !== true
    && !(isJson(event.Auth) && event.Auth.OverrideApiAuth === true);
  // then the rules read its own operations
  if (isFixed && isReadable(api.DefinitionBody)) return {};
  const applied = isFixed ? { ...event, Auth: undefined } : event;
  return {
    [name]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: asReference(event.RestApiId, 'ServerlessRestApi'),
        HttpMethod: textOf(event.Method).toUpperCase(),
        ...authorization(applied, api),
        ApiKeyRequired: keyRequired(applied, api),
        Integration,
      },
    },
  };
}

function subscription(name: string, { Topic, SqsSubscription, RedrivePolicy }: Json, arn: Json): Record<string, Json> {
  if (SqsSubscription !== undefined && SqsSubscription !== false) return queueSubscription(name, SqsSubscription, arn);
  const Properties = withoutUndefined({ Protocol: 'lambda', TopicArn: Topic, Endpoint: arn, RedrivePolicy });
  return { [name]: { Type: 'AWS::SNS::Subscription', Properties } };
}

/** A queue between the topic and the function, which SAM creates if the event names none. */
function queueSubscription(name: string, settings: unknown, arn: Json): Record<string, Json> {
  const { QueueArn, QueueUrl: _url, QueuePolicyLogicalId: _policy, ...rest }: Json = isJson(settings) ? settings : {};
  const own = QueueArn === undefined ? { [`${name}Queue`]: { Type: 'AWS::SQS::Queue', Properties: {} } } : {};
  const EventSourceArn = QueueArn ?? { 'Fn::GetAtt': [`${name}Queue`, 'Arn'] };
  return {
    ...own,
    [`${name}EventSourceMapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...rest, EventSourceArn, FunctionName: arn },
    },
  };
}
