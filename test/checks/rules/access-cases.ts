/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { alias, allow, att, fn, httpApi, integration, inVpc, method, queue, r, ref, role, rule, sqs, subnets, uri, version } from './harness';
import type { RuleCase } from './harness';

const open = { AuthorizationType: 'NONE' };
const everyone = (rest: object = {}) => ({ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', ...rest });
const denied = (Resource: unknown) => everyone({ Effect: 'Deny', Resource, Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } });
const rest = (Policy: unknown) => r('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] }, Policy });
const withPolicy = (...Statement: object[]) => ({ Rest: rest({ Statement }), Get: method(open) });
const fromAddresses = (...ranges: string[]) => withPolicy(everyone({ Condition: { IpAddress: { 'aws:SourceIp': ranges } } }));
const publicApi = (got: string, of = 'method', at = 'Rest') => [`'AuthorizationType' must be set on every ${of}, got ${got}; add an authorizer, or acknowledge this finding with the reason why the API is public (at ${at})`];
const document = (scheme: object) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] },
  Body: { components: { securitySchemes: { login: scheme } }, security: [{ login: [] }], paths: { '/pay': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri() } } } } },
});
const apiKey = { type: 'apiKey', name: 'x-api-key', in: 'header' };
const socket = r('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' });
const route = (RouteKey: string, props: object = {}) => r('AWS::ApiGatewayV2::Route', { ApiId: ref('Socket'), RouteKey, ...props });
const timeout = (milliseconds: number, props: object = {}) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] }, Body: { security: [{ sigv4: [] }], paths: { '/pay': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri(), timeoutInMillis: milliseconds, ...props } } } } },
});
const off = (disableExecuteApiEndpoint: boolean) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] }, Body: { 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint }, 'paths': {} },
});
const server = (disableExecuteApiEndpoint: boolean) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] }, Body: { openapi: '3.0.1', servers: [{ url: '/' }, { 'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint } }], paths: {} },
});
const keyed = (security: object[]) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] }, Body: { security, paths: { '/pay': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri() } } } } },
});
const tlsDomain = {
  Domain: r('AWS::ApiGateway::DomainName', { MutualTlsAuthentication: { TruststoreUri: 's3://b/k' } }),
  Map: r('AWS::ApiGateway::BasePathMapping', { RestApiId: ref('Rest'), DomainName: ref('Domain') }),
};
const ofApi = (RouteKey: string) => r('AWS::ApiGatewayV2::Route', { ApiId: ref('Api'), RouteKey, AuthorizationType: 'AWS_IAM' });
const routed = (...keys: string[]) => r('AWS::ApiGatewayV2::Stage', { ApiId: ref('Api'), AccessLogSettings: {}, RouteSettings: Object.fromEntries(keys.map(key => [key, { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 }])) });

export const ACCESS_HTTP: RuleCase[] = [
  { id: 'LP-H09', name: 'with a policy as text', fails: { Rest: rest(JSON.stringify({ Statement: [everyone()] })), Get: method(open) }, passes: { Rest: rest('{{resolve:ssm:policy}}'), Get: method(open) }, says: publicApi('Get') },
  { id: 'LP-H09', name: 'with a policy for half of all addresses', fails: fromAddresses('0.0.0.0/1', '128.0.0.0/1'), passes: fromAddresses('203.0.113.0/24'), says: publicApi('Get') },
  { id: 'LP-H09', name: 'with a condition that is not about the caller', fails: withPolicy(everyone({ Condition: { Bool: { 'aws:SecureTransport': true } } })), passes: withPolicy(everyone({ Condition: { Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })), says: publicApi('Get') },
  { id: 'LP-H09', name: 'with a denial for a part of the API', fails: withPolicy(everyone(), denied('execute-api:/*/*/admin/*')), passes: withPolicy(everyone(), denied('execute-api:/*')), says: publicApi('Get') },
  { id: 'LP-H09', name: 'unless the denial applies to what is allowed', fails: withPolicy(everyone({ Resource: 'execute-api:/prod/GET/a' })), passes: withPolicy(everyone({ Resource: 'execute-api:/prod/GET/a' }), denied('execute-api:/prod/GET/a')), says: publicApi('Get') },
  { id: 'LP-H09', name: 'with a security scheme that API Gateway ignores', fails: { Fn: fn(), Rest: document({ type: 'http', scheme: 'bearer' }) }, passes: { Fn: fn(), Rest: document({ 'type': 'oauth2', 'x-amazon-apigateway-authorizer': {} }), Key: document({ type: 'apiKey', name: 'x-api-key', in: 'header' }) }, says: publicApi('POST /pay', 'operation') },
  { id: 'LP-H09', name: 'with an API key, which an HTTP API does not have', fails: { Fn: fn(), Api: httpApi(document(apiKey).Properties) }, passes: { Fn: fn(), Rest: document(apiKey), Api: httpApi(document({ ...apiKey, 'x-amazon-apigateway-authtype': 'awsSigv4' }).Properties) }, says: publicApi('POST /pay', 'operation', 'Api') },
  { id: 'LP-H09', name: 'of a WebSocket API without the route $connect', fails: { Socket: socket, R: route('$default') }, passes: { Socket: socket, R: route('$default'), C: route('$connect', { AuthorizationType: 'AWS_IAM' }), Elsewhere: socket }, says: publicApi('$connect', 'route', 'Socket') },
  { id: 'LP-H09', name: 'unless the document switches the default endpoint off', fails: { Rest: off(false), Get: method(open) }, passes: { Rest: off(true), Get: method(open) }, says: publicApi('Get') },
  { id: 'LP-H09', name: 'unless a server of the document switches the default endpoint off', fails: { Rest: server(false), Get: method(open) }, passes: { Rest: server(true), Get: method(open) }, says: publicApi('Get') },
  { id: 'LP-H09', name: 'of a REST API without a requirement, because it knows no alternatives', fails: { Fn: fn(), Rest: keyed([{ NONE: [] }]) }, passes: { Fn: fn(), Rest: keyed([{ NONE: [] }, { api_key: [] }]) }, says: publicApi('POST /pay', 'operation') },
  { id: 'LP-H15', name: 'unless the document switches the default endpoint off', fails: { Rest: off(false), ...tlsDomain }, passes: { Rest: off(true), ...tlsDomain }, says: ["'DisableExecuteApiEndpoint' must be true for the mutual TLS of Domain, got nothing; set DisableExecuteApiEndpoint to true (at Rest)"] },
  { id: 'LP-H11', name: 'unless every route has a throttle', fails: { Api: httpApi(), A: ofApi('GET /a'), B: ofApi('$default'), Stage: routed('GET /a') }, passes: { Api: httpApi({ Body: { paths: { '/$default': { 'x-amazon-apigateway-any-method': {} } } } }), A: ofApi('GET /a'), Stage: routed('GET /a', '$default') }, says: ["'DefaultRouteSettings.ThrottlingRateLimit' must be set, got nothing; set the rate and burst limits of the stage (at Stage)"] },
  { id: 'LP-H01', name: 'of a streamed response', fails: { Get: method({}, { TimeoutInMillis: 900001, ResponseTransferMode: 'STREAM' }) }, passes: { Get: method({}, { TimeoutInMillis: 900000, ResponseTransferMode: 'STREAM' }) }, says: ["'Integration.TimeoutInMillis' must be at most 15 minutes for a streamed response, got 900.001 seconds; lower it, or request a quota increase first and acknowledge this finding (at Get)"] },
  { id: 'LP-H01', name: 'of a WebSocket API', fails: { Api: socket, I: integration({ TimeoutInMillis: 29500 }) }, passes: { Api: httpApi(), I: integration({ TimeoutInMillis: 29500 }) }, says: ["'TimeoutInMillis' must be at most 29 seconds, got 29.5 seconds; lower it, or request a quota increase first and acknowledge this finding (at I)"] },
  { id: 'LP-H01', name: 'in an OpenAPI document', fails: { Fn: fn(), Rest: timeout(60000) }, passes: { Fn: fn(), Rest: timeout(29000), Stream: timeout(60000, { responseTransferMode: 'STREAM' }) }, says: ["'Body.paths./pay.post.x-amazon-apigateway-integration.timeoutInMillis' must be at most 29 seconds without a raised quota, got 1 minute; lower it, or request a quota increase first and acknowledge this finding (at Rest)"] },
];

const bucket = (kind: 'Queue' | 'Topic', target: unknown, props: object = {}) => r('AWS::S3::Bucket', { BucketName: 'shop-orders', NotificationConfiguration: { [`${kind}Configurations`]: [{ Event: 's3:ObjectCreated:*', [kind]: target, ...props }] } });
const keys = (Name: string, Value: string) => ({ Filter: { S3Key: { Rules: [{ Name, Value }] } } });
const prefix = keys('prefix', 'in/');
const writing = (key: string) => ({ Role: role([allow('s3:PutObject', `arn:aws:s3:::shop-orders/${key}`)]) });
const managed = (Resource: string) => ({ Role: role([], { ManagedPolicyArns: [ref('Managed')] }), Managed: r('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [allow('s3:Put*', Resource)] } }) });
const sending = r('AWS::S3::Bucket', { BucketName: 'shop-orders', NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } });
const created = (detail: object) => r('AWS::Events::Rule', { EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], detail }, Targets: [{ Arn: att('Fn'), Id: 't' }] });
const loopOfRule = ["'Targets.0.Arn' must have a prefix or suffix, because Fn may write into the bucket that triggers it, got Bucket; write to another bucket, or filter the events by a prefix or suffix that the function does not write (at Rule)"];
const writer = { Fn: fn(), Role: role([allow('s3:PutObject', 'arn:aws:s3:::shop-orders/*')]) };
const loop = (property: string) => [`'${property}' must have a prefix or suffix, because Fn may write into the bucket that triggers it, got Bucket; write to another bucket, or filter the events by a prefix or suffix that the function does not write (at Bucket)`];
const subscription = (Endpoint: unknown, props: object = {}) => r('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'x', Endpoint, ...props });
const topic = { Topic: r('AWS::SNS::Topic') };
const consumer = { ...writer, Queue: queue(), Map: sqs() };
const network = { Vpc: r('AWS::EC2::VPC'), Group: r('AWS::EC2::SecurityGroup'), ...subnets(['a']), Table0: r('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }), Link0: r('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Subnet0'), RouteTableId: ref('Table0') }), Table1: r('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }) };
const endpoint = (...RouteTableIds: unknown[]) => r('AWS::EC2::VPCEndpoint', { VpcId: ref('Vpc'), ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.dynamodb' }, RouteTableIds });
const reader = { Fn: fn(inVpc(1)), Role: role([allow('dynamodb:GetItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders')]) };
const variables = (Variables: object) => fn({ Environment: { Variables } });
const key = { User: r('AWS::IAM::User'), Key: r('AWS::IAM::AccessKey', { UserName: ref('User') }), Client: r('AWS::Cognito::UserPoolClient') };
const definition = (Resource: unknown) => r('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true }, DefinitionString: { 'Fn::ToJsonString': { StartAt: 'A', States: { A: { Type: 'Task', Resource, End: true } } } } });
const other = r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: ref('Other') }] });
const unwatched = { Fn: fn({ FunctionName: 'pay' }), Rule: rule(), Other: fn(), Second: rule(att('Other')), Alarm: other };
const notWatched = ["'Alarm' must be watched by an alarm, got nothing; add an alarm on Errors and Throttles of the function, or on its dead-letter queue (at Fn)"];
const query = (Expression: unknown) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Metrics: [{ Id: 'q', Expression, Period: 60 }] });
const watching = (Value: string, stat: object = {}) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Metrics: [{ Id: 'm', Expression: 'SUM([e])' }, { Id: 'e', MetricStat: { Stat: 'Sum', Period: 60, ...stat, Metric: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value }] } } }] });
const machine = r('AWS::StepFunctions::StateMachine', { DefinitionSubstitutions: { Fn: att('Fn') } });
const executions = (Value: unknown) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Namespace: 'AWS/States', MetricName: 'ExecutionsFailed', Dimensions: [{ Name: 'StateMachineArn', Value }] });
const failures = (MetricName: string) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Namespace: 'Shop', MetricName });
const filtered = {
  Logs: r('AWS::Logs::LogGroup', { LogGroupName: { 'Fn::Sub': '/aws/lambda/${Fn}' } }),
  Filter: r('AWS::Logs::MetricFilter', { LogGroupName: ref('Logs'), MetricTransformations: [{ MetricNamespace: 'Shop', MetricName: 'Failures', MetricValue: '1' }] }),
};
const graph = (LambdaAuthorizerConfig: object) => r('AWS::AppSync::GraphQLApi', { AuthenticationType: 'AWS_LAMBDA', LambdaAuthorizerConfig });

export const ACCESS_FOUNDATION: RuleCase[] = [
  { id: 'LP-F22', name: 'through a queue of the bucket', fails: { ...consumer, Bucket: bucket('Queue', att('Queue')) }, passes: { ...consumer, Bucket: bucket('Queue', att('Queue'), prefix) }, says: loop('NotificationConfiguration.QueueConfigurations.0.Queue') },
  { id: 'LP-F22', name: 'unless the mapping filters the messages', fails: { ...consumer, Bucket: bucket('Queue', att('Queue')) }, passes: { ...consumer, Map: sqs({ FilterCriteria: { Filters: [{ Pattern: '{}' }] } }), Bucket: bucket('Queue', att('Queue')) }, says: loop('NotificationConfiguration.QueueConfigurations.0.Queue') },
  { id: 'LP-F22', name: 'under a prefix that it writes', fails: { ...consumer, ...writing('in/*'), Bucket: bucket('Queue', att('Queue'), prefix) }, passes: { ...consumer, ...writing('out/*'), Bucket: bucket('Queue', att('Queue'), prefix) }, says: loop('NotificationConfiguration.QueueConfigurations.0.Queue') },
  { id: 'LP-F22', name: 'with an empty prefix', fails: { ...consumer, Bucket: bucket('Queue', att('Queue'), keys('prefix', '')) }, passes: { ...consumer, Bucket: bucket('Queue', att('Queue'), keys('suffix', '.jpg')) }, says: loop('NotificationConfiguration.QueueConfigurations.0.Queue') },
  { id: 'LP-F22', name: 'with permissions for all buckets in a managed policy', fails: { ...consumer, ...managed('*'), Bucket: bucket('Queue', att('Queue')) }, passes: { ...consumer, ...managed('arn:aws:s3:::other/*'), Bucket: bucket('Queue', att('Queue')) }, says: loop('NotificationConfiguration.QueueConfigurations.0.Queue') },
  { id: 'LP-F22', name: 'through an event of any bucket', fails: { ...writer, Bucket: sending, Rule: created({}) }, passes: { ...writer, Bucket: sending, Rule: created({ bucket: { name: ['other'] } }) }, says: loopOfRule },
  { id: 'LP-F22', name: 'through an event under a prefix that it writes', fails: { ...writer, ...writing('in/*'), Bucket: sending, Rule: created({ object: { key: [{ prefix: 'in/' }] } }) }, passes: { ...writer, ...writing('*'), Bucket: sending, Rule: created({ object: { key: [{ prefix: 'in/' }] } }) }, says: loopOfRule },
  { id: 'LP-F22', name: 'through a topic of the bucket', fails: { ...writer, ...topic, Sub: subscription(att('Fn')), Bucket: bucket('Topic', ref('Topic')) }, passes: { ...writer, ...topic, Sub: subscription(att('Fn'), { FilterPolicy: { a: ['b'] } }), Bucket: bucket('Topic', ref('Topic')) }, says: loop('NotificationConfiguration.TopicConfigurations.0.Topic') },
  { id: 'LP-F22', name: 'through a topic and its queue', fails: { ...consumer, ...topic, Sub: subscription(att('Queue')), Bucket: bucket('Topic', ref('Topic')) }, passes: { ...consumer, ...topic, Sub: subscription(att('Queue')), Bucket: bucket('Topic', 'arn:aws:sns:eu-west-1:123456789012:other') }, says: loop('NotificationConfiguration.TopicConfigurations.0.Topic') },
  { id: 'LP-F76', name: 'with a gateway endpoint on other route tables', fails: { ...reader, ...network, Endpoint: endpoint(ref('Table1')) }, passes: { ...reader, ...network, Endpoint: endpoint(ref('Table1'), ref('Table0')), Theirs: endpoint('rtb-1') }, says: ["'VpcConfig.SubnetIds' must have a route to dynamodb, which the role of the function allows, got isolated subnets without a VPC endpoint for it; add the VPC endpoint, or a route (at Fn)"] },
  { id: 'LP-F16', name: 'that is an attribute of a resource', fails: { ...key, Fn: variables({ CODE: att('Key', 'SecretAccessKey'), CLIENT: { 'Fn::Sub': 'x:${Client.ClientSecret}' } }) }, passes: { ...key, Fn: variables({ CODE: ref('Key'), CLIENT: att('Client', 'Name') }) }, says: ["'Environment.Variables.CODE' must not contain a secret, got the SecretAccessKey of Key, which Lambda stores as plain text; pass the ARN of the secret and fetch it at run time (at Fn)", "'Environment.Variables.CLIENT' must not contain a secret, got the ClientSecret of Client, which Lambda stores as plain text; pass the ARN of the secret and fetch it at run time (at Fn)"] },
  { id: 'LP-F16', name: 'in an object as text', fails: { Fn: variables({ CONFIG: { 'Fn::ToJsonString': { db: '{{resolve:secretsmanager:x:SecretString:password}}' } } }) }, passes: { Fn: variables({ CONFIG: { 'Fn::ToJsonString': { db: att('Db', 'Endpoint') } } }) }, says: ["'Environment.Variables.CONFIG' must not contain a secret, got a dynamic reference, whose value Lambda stores as plain text; pass the ARN of the secret and fetch it at run time (at Fn)"] },
  { id: 'LP-F140', name: 'unless a query selects all functions', fails: { ...unwatched, Query: query('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) WHERE FunctionName = \'x\'') }, passes: { ...unwatched, Query: query('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)') }, says: notWatched },
  { id: 'LP-F140', name: 'unless a query names it', fails: { ...unwatched, Query: query('SELECT SUM(Errors) FROM "AWS/Lambda" WHERE FunctionName = \'other\'') }, passes: { ...unwatched, Query: query('SELECT SUM(Errors) FROM "AWS/Lambda" WHERE FunctionName = \'pay\'') }, says: notWatched },
  { id: 'LP-F140', name: 'unless a metric of an expression names it', fails: { ...unwatched, Math: watching('other') }, passes: { ...unwatched, Math: watching('pay') }, says: notWatched },
  { id: 'LP-F140', name: 'unless its state machine is watched', fails: { ...unwatched, Machine: machine, Executions: executions(ref('Given')) }, passes: { ...unwatched, Machine: machine, Executions: executions(ref('Machine')) }, says: notWatched },
  { id: 'LP-F140', name: 'unless a metric filter of its logs is watched', fails: { ...unwatched, ...filtered, Failures: failures('Other') }, passes: { ...unwatched, ...filtered, Failures: failures('Failures') }, says: notWatched },
  { id: 'LP-F92', name: 'of an authorizer of AppSync', fails: { Fn: fn({ Timeout: 31 }), Graph: graph({ AuthorizerUri: att('Fn') }), Second: r('AWS::AppSync::GraphQLApi', { AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }, { LambdaAuthorizerConfig: { AuthorizerUri: att('Slow') } }] }), Slow: fn({ Timeout: 60 }) }, passes: { Fn: fn({ Timeout: 30 }), Graph: graph({ AuthorizerUri: att('Fn') }) }, says: ["'Timeout' must be at most 30 seconds (the timeout of Graph), got 31 seconds; lower the function timeout, and move long work to a queue (at Fn)", "'Timeout' must be at most 30 seconds (the timeout of Second), got 1 minute; lower the function timeout, and move long work to a queue (at Slow)"] },
  { id: 'LP-F138', name: 'of an alias of a state machine', fails: { Live: r('AWS::StepFunctions::StateMachineAlias'), Rule: rule(ref('Live')) }, passes: { Live: r('AWS::StepFunctions::StateMachineAlias'), Rule: rule('arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/orders') }, says: ["'Targets.0.DeadLetterConfig' must name a dead-letter queue, got nothing; set DeadLetterConfig on the target (at Rule)"] },
  { id: 'LP-F136', name: 'of a function in a text with references', fails: { Fn: fn(), M: definition(att('Fn')) }, passes: { Activity: r('AWS::StepFunctions::Activity'), M: definition(ref('Activity')), Given: definition(ref('Given')) }, says: ["'Retry' must be set on every state that invokes a function, got A; retry Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and Lambda.TooManyRequestsException (at M)"] },
];

const alarm = (Dimensions: object[], props: object = {}) => r('AWS::CloudWatch::Alarm', { AlarmActions: ['arn'], Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions, ...props });
const named = { Name: 'FunctionName', Value: ref('Fn') };
const resource = (qualifier: string) => ({ Name: 'Resource', Value: { 'Fn::Sub': `\${Fn}:${qualifier}` } });
const released = { Fn: fn(), Version: version(), Live: alias() };
const group = { App: r('AWS::CodeDeploy::Application', { ComputePlatform: 'Lambda' }), Group: r('AWS::CodeDeploy::DeploymentGroup', { ApplicationName: ref('App'), AlarmConfiguration: { Alarms: [{ Name: 'a' }] } }) };
const update = { CodeDeployLambdaAliasUpdate: { ApplicationName: ref('App'), DeploymentGroupName: ref('Group') } };

export const ACCESS_DEPLOYMENT: RuleCase[] = [
  { id: 'LP-P45', name: 'of an alias that the function does not have', fails: { ...released, A: alarm([named, resource('prod')]) }, passes: { ...released, A: alarm([named, resource('live')]), B: alarm([named, resource('7')]), C: alarm([named, { Name: 'Resource', Value: { 'Fn::Sub': '${Fn}:${Given}' } }]) }, says: ["'Dimensions' must name an alias of Fn (live), got prod; use the name of an alias of the function (at A)"] },
  { id: 'LP-P45', name: 'in a unit that Lambda does not publish', fails: { Fn: fn(), A: alarm([named], { Unit: 'Seconds', MetricName: 'Duration' }), B: watching('pay', { Unit: 'Milliseconds' }) }, passes: { Fn: fn(), A: alarm([named], { Unit: 'Milliseconds', MetricName: 'Duration' }), B: watching('pay', { Unit: 'Count' }), C: alarm([named], { Unit: 'Percent', MetricName: 'ProvisionedConcurrencyUtilization' }) }, says: ["'Unit' must be Milliseconds, or absent, got Seconds; remove the unit: CloudWatch converts none (at A)", "'MetricStat.Unit' must be Count, or absent, got Milliseconds; remove the unit: CloudWatch converts none (at B)"] },
  {
    id: 'LP-P45',
    name: 'in a query',
    fails: { A: query('SELECT SUM(Failures) FROM SCHEMA("AWS/Lambda", FunctionName)'), B: query({ 'Fn::Sub': 'SELECT SUM("Errors") FROM SCHEMA("AWS/Lambda", Function, Resource) WHERE Function = \'${Given}\'' }), C: query('select max(Latency) from "AWS/Lambda"') },
    passes: { A: query('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda", FunctionName, Resource) GROUP BY FunctionName'), B: query('SELECT SUM(Failures) FROM SCHEMA("Shop", FunctionName)'), C: query('SELECT MAX(Duration) FROM "AWS/Lambda"'), D: query('IF(errors > 1, errors, 0)'), E: query('SELECT SUM(PolledEventCount) FROM SCHEMA("AWS/Lambda", EventSourceMappingUUID)') },
    says: [
      "'Expression' must select a metric of AWS/Lambda, got Failures; use a metric and dimensions of AWS/Lambda (at A)",
      "'Expression' must select dimensions of AWS/Lambda (FunctionName, Resource, ExecutedVersion), got Function; use a metric and dimensions of AWS/Lambda (at B)",
      "'Expression' must select a metric of AWS/Lambda, got Latency; use a metric and dimensions of AWS/Lambda (at C)",
    ],
  },
  { id: 'LP-P45', name: 'in a namespace with other letters', fails: { Fn: fn(), A: alarm([named], { Namespace: 'AWS/lambda' }) }, passes: { Fn: fn(), A: alarm([named]), B: alarm([], { Namespace: 'LambdaInsights' }) }, says: ["'Namespace' must be AWS/Lambda, in this case, got AWS/lambda; use AWS/Lambda (at A)"] },
  { id: 'LP-P20', name: 'unless an alias is released under a condition', extra: { Parameters: { Stage: { Type: 'String' } }, Conditions: { Prod: { 'Fn::Equals': [ref('Stage'), 'prod'] } } }, fails: { ...released, ...group }, passes: { ...released, ...group, Live: alias({}, { UpdatePolicy: { 'Fn::If': ['Prod', update, ref('AWS::NoValue')] } }) }, says: ["'ApplicationName' must be named in the UpdatePolicy of an alias, got no alias; set UpdatePolicy.CodeDeployLambdaAliasUpdate on the alias (at Group)"] },
];
