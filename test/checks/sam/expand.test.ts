/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { expandSam } from '../../../src/checks/sam/expand';

const types = (Resources: Record<string, object>, rest: object = {}) => Object.fromEntries(Object.entries(expandSam({ ...rest, Resources }).Resources as Record<string, { Type: string }>).map(([id, { Type }]) => [id, Type]));
const made = (id: string, Properties: object, rest: object = {}) => (expandSam({ ...rest, Resources: { F: { Type: 'AWS::Serverless::Function', Properties } } }).Resources as any)[id];

test('a template without SAM is unchanged', () => {
  const template = { Resources: { Q: { Type: 'AWS::SQS::Queue' } } };
  expect(expandSam(template)).toBe(template);
});

test('a function with alias, canary, URL and destinations is expanded to the resources that SAM creates', () => {
  expect(types({
    F: {
      Type: 'AWS::Serverless::Function',
      Properties: {
        AutoPublishAlias: 'live',
        DeploymentPreference: { Type: 'Linear10PercentEvery1Minute', Alarms: [{ Ref: 'A' }], Hooks: { PreTraffic: { Ref: 'H' } } },
        FunctionUrlConfig: { AuthType: 'NONE' },
        EventInvokeConfig: { MaximumRetryAttempts: 1, DestinationConfig: { OnFailure: { Type: 'SQS' } } },
      },
    },
  })).toEqual({
    FRole: 'AWS::IAM::Role',
    F: 'AWS::Lambda::Function',
    FVersion: 'AWS::Lambda::Version',
    FAliaslive: 'AWS::Lambda::Alias',
    ServerlessDeploymentApplication: 'AWS::CodeDeploy::Application',
    FDeploymentGroup: 'AWS::CodeDeploy::DeploymentGroup',
    FEventInvokeConfig: 'AWS::Lambda::EventInvokeConfig',
    FEventInvokeConfigOnFailureQueue: 'AWS::SQS::Queue',
    FUrl: 'AWS::Lambda::Url',
  });
});

test.each([
  ['SQS', { Queue: 'arn' }, 'FE', 'AWS::Lambda::EventSourceMapping'], ['Kinesis', { Stream: 'arn' }, 'FE', 'AWS::Lambda::EventSourceMapping'], ['DynamoDB', { Stream: 'arn' }, 'FE', 'AWS::Lambda::EventSourceMapping'],
  ['Schedule', {}, 'FE', 'AWS::Events::Rule'], ['ScheduleV2', {}, 'FE', 'AWS::Scheduler::Schedule'], ['EventBridgeRule', {}, 'FE', 'AWS::Events::Rule'],
  ['SNS', { Topic: 'arn' }, 'FE', 'AWS::SNS::Subscription'], ['S3', { Bucket: { Ref: 'B' } }, 'FENotification', 'Custom::S3BucketNotifications'], ['Api', { Path: '/', Method: 'get' }, 'FE', 'AWS::ApiGateway::Method'],
  ['HttpApi', {}, 'FE', 'AWS::ApiGatewayV2::Route'], ['IoTRule', {}, 'FE', 'AWS::IoT::TopicRule'], ['CloudWatchLogs', {}, 'FE', 'AWS::Logs::SubscriptionFilter'],
  ['Cognito', { Trigger: 'PreSignUp' }, 'FE', 'AWS::Cognito::UserPool'], ['MQ', { Broker: 'arn' }, 'FE', 'AWS::Lambda::EventSourceMapping'], ['DocumentDB', { Cluster: 'arn' }, 'FE', 'AWS::Lambda::EventSourceMapping'],
  ['SelfManagedKafka', {}, 'FE', 'AWS::Lambda::EventSourceMapping'], ['SNS', { SqsSubscription: true }, 'FEQueue', 'AWS::SQS::Queue'], ['SNS', { SqsSubscription: { QueueArn: 'arn' } }, 'FEEventSourceMapping', 'AWS::Lambda::EventSourceMapping'],
])('the event %s', (Type, Properties, id, expected) => {
  expect(made(id, { Events: { E: { Type, Properties } } }).Type).toBe(expected);
});

test('an irrelevant event is omitted', () => {
  expect(Object.keys((expandSam({ Resources: { F: { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type: 'AlexaSkill' }, P: { Type: 'constructor' }, N: null } } } } }).Resources as object))).toEqual(['FRole', 'F']);
});

test('globals are merged like in SAM', () => {
  const rest = { Globals: { Function: { Timeout: 5, Layers: ['a'], Environment: { Variables: { A: '1', B: '1' } } } } };
  expect(made('F', { Layers: ['b'], Environment: { Variables: { B: '2' } } }, rest).Properties).toEqual(expect.objectContaining({ Timeout: 5, Layers: ['a', 'b'], Environment: { Variables: { A: '1', B: '2' } } }));
});

test('policies are read, and no role is created beside a specified one', () => {
  expect(made('FRole', { Policies: ['AmazonS3ReadOnlyAccess', { Statement: [{ Effect: 'Allow' }] }, { UnknownPolicy: {} }] }).Properties)
    .toEqual(expect.objectContaining({ ManagedPolicyArns: ['AWSLambdaBasicExecutionRole', 'AmazonS3ReadOnlyAccess'], Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: [{ Effect: 'Allow' }] } }] }));
  expect(made('FRole', { Role: 'arn' })).toBeUndefined();
});

test('APIs, tables and layers', () => {
  expect(types({ A: { Type: 'AWS::Serverless::Api', Properties: { EndpointConfiguration: 'REGIONAL' } }, H: { Type: 'AWS::Serverless::HttpApi' }, T: { Type: 'AWS::Serverless::SimpleTable' }, L: { Type: 'AWS::Serverless::LayerVersion' }, X: { Type: 'AWS::Serverless::Application' } })).toEqual({
    A: 'AWS::ApiGateway::RestApi', AStage: 'AWS::ApiGateway::Stage', H: 'AWS::ApiGatewayV2::Api', HStage: 'AWS::ApiGatewayV2::Stage', T: 'AWS::DynamoDB::Table', L: 'AWS::Lambda::LayerVersion', X: 'AWS::CloudFormation::Stack',
  });
});

test('the managed policies that SAM adds to the role', () => {
  expect(made('FRole', { VpcConfig: {}, Tracing: 'Active' }).Properties.ManagedPolicyArns).toEqual(['AWSLambdaBasicExecutionRole', 'AWSLambdaVPCAccessExecutionRole', 'AWSXRayDaemonWriteAccess']);
});

test('an API includes its authorizers, domain, preflight method and gateway responses', () => {
  const Auth = { DefaultAuthorizer: 'Own', Authorizers: { Own: { FunctionArn: { Ref: 'F' }, Identity: { Headers: ['Authorization'], ReauthorizeEvery: 300 } }, Jwt: { JwtConfiguration: { issuer: 'i', audience: ['a'] } } } };
  const { Resources } = expandSam({
    Resources: {
      A: { Type: 'AWS::Serverless::Api', Properties: { Auth, Cors: "'*'", GatewayResponses: { DEFAULT_4XX: {} }, Domain: { DomainName: 'x', MutualTlsAuthentication: { TruststoreUri: 's3://b/k' } } } },
      H: { Type: 'AWS::Serverless::HttpApi', Properties: { Auth, Domain: { DomainName: 'x' } } },
    },
  }) as any;
  expect(Object.keys(Resources).sort()).toEqual(['A', 'ADEFAULT_4XX', 'ADomain', 'AJwtAuthorizer', 'AMapping', 'AOwnAuthorizer', 'APreflight', 'AStage', 'H', 'HDomain', 'HJwtAuthorizer', 'HMapping', 'HOwnAuthorizer', 'HStage']);
  expect(Resources.HJwtAuthorizer.Properties).toEqual({ ApiId: { Ref: 'H' }, Name: 'Jwt', AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'i', Audience: ['a'] } });
  expect(Resources.HOwnAuthorizer.Properties).toEqual(expect.objectContaining({ AuthorizerResultTtlInSeconds: 300, IdentitySource: ['Authorization'] }));
  expect(Resources.AMapping.Properties).toEqual({ RestApiId: { Ref: 'A' }, DomainName: { Ref: 'ADomain' } });
});

test.each([
  ['its own authorizer', { Auth: { Authorizer: 'AWS_IAM' } }, {}, 'AWS_IAM'],
  ['the authorizer of its API', {}, { Auth: { DefaultAuthorizer: 'Own' } }, 'CUSTOM'],
  ['none, although its API has one', { Auth: { Authorizer: 'NONE' } }, { Auth: { DefaultAuthorizer: 'Own' } }, 'NONE'],
  ['none at all', {}, {}, 'NONE'],
  ['an authorization in an OpenAPI document', {}, { DefinitionUri: 'api.yaml' }, 'CUSTOM'],
])('a route has %s', (_, event, api, expected) => {
  const route = (RestApiId: object, resources: object) => (expandSam({ Resources: { F: { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type: 'Api', Properties: { ...event, RestApiId, Path: '/', Method: 'get' } } } } }, ...resources } }).Resources as any).FE.Properties.AuthorizationType;
  expect(route({ Ref: 'A' }, { A: { Type: 'AWS::Serverless::Api', Properties: api } })).toBe(expected);
});

test('a route of an API outside the template does not count as public', () => {
  expect(made('FE', { Events: { E: { Type: 'Api', Properties: { RestApiId: { Ref: 'Given' }, Path: '/', Method: 'get' } } } }).Properties.AuthorizationType).toBe('CUSTOM');
});

test('references to the alias and the version that SAM creates are resolved', () => {
  const { Resources } = expandSam({
    Resources: {
      F: { Type: 'AWS::Serverless::Function', Properties: { AutoPublishAlias: 'live' } },
      G: { Type: 'AWS::Serverless::Function', Properties: { Environment: { Variables: { A: { Ref: 'F.Alias' }, V: { 'Fn::Sub': '${F.Version}/x' }, X: { Ref: 'Other.Alias' } } } } },
    },
  }) as any;
  expect(Resources.G.Properties.Environment.Variables).toEqual({ A: { Ref: 'FAliaslive' }, V: { 'Fn::Sub': '${FVersion}/x' }, X: { Ref: 'Other.Alias' } });
});

test('managed policies by intrinsic functions and policies under a condition are read', () => {
  const arn = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AmazonSNSFullAccess' };
  const document = { Statement: [{ Effect: 'Allow' }] };
  const none = { Ref: 'AWS::NoValue' };
  expect(made('FRole', { Policies: [arn, { 'Fn::If': ['C', document, none] }, { 'Fn::If': ['C', 'Name', document] }] }).Properties).toEqual(expect.objectContaining({
    ManagedPolicyArns: ['AWSLambdaBasicExecutionRole', arn, { 'Fn::If': ['C', none, none] }, { 'Fn::If': ['C', 'Name', none] }],
    Policies: [{ 'Fn::If': ['C', { PolicyName: 'inline', PolicyDocument: document }, none] }, { 'Fn::If': ['C', none, { PolicyName: 'inline', PolicyDocument: document }] }],
  }));
});

test.each([[true, false], [false, true], [false, false]])('a deployment preference that is enabled under a condition: %s, else %s', (yes, no) => {
  const { UpdatePolicy } = made('FAliaslive', { AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce', Enabled: { 'Fn::If': ['C', yes, no] } } });
  const branch = (isOn: boolean) => (isOn ? { CodeDeployLambdaAliasUpdate: expect.anything() } : { Ref: 'AWS::NoValue' });
  expect(UpdatePolicy).toEqual({ 'Fn::If': ['C', branch(yes), branch(no)] });
});

test('the resource policy of an event is added to its API', () => {
  const event = (rest: object) => ({ Type: 'Api', Properties: { Path: '/', Method: 'get', Auth: { ResourcePolicy: { IpRangeWhitelist: ['203.0.113.0/24'] } }, ...rest } });
  expect(made('ServerlessRestApi', { Events: { E: event({}) } }).Properties.Policy.Statement).toHaveLength(2);
  expect(made('ServerlessRestApi', { Events: { E: { Type: 'Api', Properties: {} } } }).Properties.Policy).toBeUndefined();
  const Api = { Type: 'AWS::Serverless::Api', Properties: { StageName: 'p', Auth: { ResourcePolicy: { IpRangeWhitelist: ['198.51.100.0/24'] } } } };
  const { Resources } = expandSam({ Resources: { Api, F: { Type: 'AWS::Serverless::Function', Properties: { Events: { E: event({ RestApiId: { Ref: 'Api' } }) } } } } }) as any;
  expect(Resources.Api.Properties.Policy.Statement[1].Condition).toEqual({ NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '203.0.113.0/24'] } });
});

test('the authorizers of an API complete the schemes of its document', () => {
  const DefinitionBody = { components: { securitySchemes: { Login: { type: 'http' }, Other: { type: 'http' } } }, paths: {} };
  const { Resources } = expandSam({ Resources: { Api: { Type: 'AWS::Serverless::Api', Properties: { DefinitionBody, Auth: { Authorizers: { Login: {} } } } } } }) as any;
  expect(Resources.Api.Properties.Body.components.securitySchemes).toEqual({ Login: { 'x-amazon-apigateway-authorizer': {} }, Other: { type: 'http' } });
});

const connected = (Permissions: unknown, Destination: unknown, rest: object = {}) => ({ Type: 'AWS::Serverless::Function', Properties: {}, Connectors: { C: { Properties: { Destination, Permissions } } }, ...rest });
const statements = (Resources: object, id = 'FCPolicy') => (expandSam({ Resources }) as any).Resources[id]?.Properties.PolicyDocument.Statement;

test('a connector of a function attaches a policy to its role', () => {
  const resources = { F: connected(['Read', 'Write'], { Id: 'B' }), B: { Type: 'AWS::S3::Bucket' } };
  expect((expandSam({ Resources: resources }) as any).Resources.FCPolicy.Properties.Roles).toEqual([{ Ref: 'FRole' }]);
  expect(statements(resources)[0].Action).toEqual(expect.arrayContaining(['s3:GetObject', 's3:PutObject']));
  expect(statements(resources)[0].Resource).toEqual([{ 'Fn::GetAtt': ['B', 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['B', 'Arn'] }, '/*']] }]);
  expect(statements({ ...resources, F: connected(['Read'], { Id: 'B' }) })[0].Action).not.toContain('s3:PutObject');
});

test('a connector names several destinations, by their logical IDs or ARNs', () => {
  const destinations = [{ Id: 'T' }, { Id: 'G' }, { Type: 'AWS::Serverless::SimpleTable', Arn: 'arn:table' }];
  const resources = { F: connected(['Write'], destinations), T: { Type: 'AWS::SNS::Topic' }, G: { Type: 'AWS::Serverless::Function', Properties: {} } };
  expect(statements(resources).map(({ Resource }: any) => Resource[0])).toEqual([{ Ref: 'T' }, { 'Fn::GetAtt': ['G', 'Arn'] }, 'arn:table']);
});

test('a connector may be a resource of its own', () => {
  const connector = { Type: 'AWS::Serverless::Connector', Properties: { Source: { Id: 'F' }, Destination: { Id: 'Q' }, Permissions: ['Write'] } };
  const resources = { F: { Type: 'AWS::Serverless::Function', Properties: {} }, Q: { Type: 'AWS::SQS::Queue' }, C: connector };
  expect(statements(resources, 'CPolicy')[0].Action).toContain('sqs:SendMessage');
  expect((expandSam({ Resources: resources }) as any).Resources.C).toBeUndefined();
});

test.each([
  ['another source', { F: connected(['Write'], { Id: 'Q' }, { Type: 'AWS::Events::Rule' }), G: { Type: 'AWS::Serverless::Function', Properties: {} }, Q: { Type: 'AWS::SQS::Queue' } }],
  ['a role from elsewhere', { F: connected(['Write'], { Id: 'Q' }, { Properties: { Role: 'arn' } }), Q: { Type: 'AWS::SQS::Queue' } }],
  ['an unknown destination', { F: connected(['Write'], [{ Id: 'X' }, null, { Id: 'constructor' }]) }],
  ['no permissions', { F: connected(undefined, { Id: 'Q' }), Q: { Type: 'AWS::SQS::Queue' } }],
])('a connector with %s attaches nothing', (_, resources) => {
  expect(statements(resources)).toBeUndefined();
});

test('tracing that is disabled is not set, as in SAM', () => {
  expect(made('F', { Tracing: 'Active' }).Properties.TracingConfig).toEqual({ Mode: 'Active' });
  expect(made('F', { Tracing: 'Disabled' }).Properties.TracingConfig).toBeUndefined();
  expect(made('FRole', { Tracing: 'Disabled' }).Properties.ManagedPolicyArns).toEqual(['AWSLambdaBasicExecutionRole']);
});

test('SAM creates a destination for the branches without one', () => {
  const to = (Destination: unknown) => made('FEventInvokeConfig', { EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: 'SQS', Destination } } } }).Properties.DestinationConfig.OnFailure.Destination;
  const own = { 'Fn::GetAtt': ['FEventInvokeConfigOnFailureQueue', 'Arn'] };
  expect(to({ 'Fn::If': ['Prod', 'arn', { Ref: 'AWS::NoValue' }] })).toEqual({ 'Fn::If': ['Prod', 'arn', own] });
  expect(to({ 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, { 'Fn::If': ['Test', { Ref: 'AWS::NoValue' }, 'arn'] }] })).toEqual({ 'Fn::If': ['Prod', own, { 'Fn::If': ['Test', own, 'arn'] }] });
  expect(to({ Ref: 'AWS::NoValue' })).toEqual(own);
  expect(to({ 'Fn::If': ['Prod', 'arn', 'other'] })).toEqual({ 'Fn::If': ['Prod', 'arn', 'other'] });
});

test('a private domain has types of its own', () => {
  const domain = (EndpointConfiguration: string) => types({ Api: { Type: 'AWS::Serverless::Api', Properties: { Domain: { DomainName: 'a.example', EndpointConfiguration } } } }).ApiDomain;
  expect([domain('REGIONAL'), domain('PRIVATE')]).toEqual(['AWS::ApiGateway::DomainName', 'AWS::ApiGateway::DomainNameV2']);
});

test('DeletionPolicy applies to every resource that SAM creates, and comes before VersionDeletionPolicy', () => {
  const version = (attributes: object, rest: object = {}) => {
    const F = { Type: 'AWS::Serverless::Function', ...attributes, Properties: { AutoPublishAlias: 'live', ...rest } };
    return (expandSam({ Resources: { F } }).Resources as any).FVersion.DeletionPolicy;
  };
  expect(version({})).toBe('Retain');
  expect(version({ DeletionPolicy: 'Delete' })).toBe('Delete');
  expect(version({ DeletionPolicy: 'Retain' }, { VersionDeletionPolicy: 'Delete' })).toBe('Retain');
  const table = { Type: 'AWS::Serverless::SimpleTable', DeletionPolicy: 'Retain' };
  expect((expandSam({ Resources: { T: table } }).Resources as any).T.DeletionPolicy).toBe('Retain');
});

test.each([
  ['one condition', ['A', 'A'], 'A', undefined],
  ['two conditions', ['A', 'B'], 'ServerlessRestApiCondition', { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] }],
  ['a function without a condition', ['A', undefined], undefined, undefined],
])('an implicit API exists with its functions: %s', (_, conditions, expected, added) => {
  const event = { E: { Type: 'Api', Properties: { Path: '/', Method: 'get' } } };
  const functions = conditions.map((Condition, i) => [`F${i}`, { Type: 'AWS::Serverless::Function', Condition, Properties: { Events: event } }]);
  const { Resources, Conditions } = expandSam({ Conditions: { A: {}, B: {} }, Resources: { ...Object.fromEntries(functions), Other: { Type: 'AWS::Serverless::Function' } } }) as any;
  expect([Resources.ServerlessRestApi.Condition, Resources.ServerlessRestApiStage.Condition]).toEqual([expected, expected]);
  expect(Conditions.ServerlessRestApiCondition).toEqual(added);
});

test.each([
  ['a document', {}, {}, 'CUSTOM'],
  ['a document with merged events', { MergeDefinitions: true }, {}, 'NONE'],
  ['a document that an event overrides', {}, { OverrideApiAuth: true }, 'NONE'],
])('the authorizer of an event of %s', (_, api, auth, expected) => {
  const Api = { Type: 'AWS::Serverless::Api', Properties: { DefinitionBody: { 'Fn::Transform': {} }, Auth: { DefaultAuthorizer: 'Own', Authorizers: { Own: {} } }, ...api } };
  const F = { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type: 'Api', Properties: { RestApiId: { Ref: 'Api' }, Path: '/', Method: 'get', Auth: { Authorizer: 'NONE', ...auth } } } } } };
  expect((expandSam({ Resources: { Api, F } }).Resources as any).FE.Properties.AuthorizationType).toBe(expected);
});

test('the origin of a preflight response may be an intrinsic function', () => {
  const origin = (Cors: unknown) => {
    const { Resources } = expandSam({ Resources: { Api: { Type: 'AWS::Serverless::Api', Properties: { Cors } } } }) as any;
    return Resources.ApiPreflight.Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Allow-Origin'];
  };
  const join = { 'Fn::Join': [',', ['https://a.example.com']] };
  expect(origin(join)).toEqual(join);
  expect(origin({ AllowMethods: "'GET'" })).toBe("'*'");
});

test('an alarm that a condition leaves out of the list is absent', () => {
  const alarms = (Alarms: unknown) => made('FDeploymentGroup', { AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce', Alarms } }).Properties.AlarmConfiguration.Alarms;
  expect(alarms([{ 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }, { Ref: 'B' }]))
    .toEqual([{ 'Fn::If': ['C', { Name: { Ref: 'A' } }, { Ref: 'AWS::NoValue' }] }, { Name: { Ref: 'B' } }]);
});

test('the alarm event of a deployment group is in the branches of a condition that have alarms', () => {
  const events = (Alarms: unknown) => made('FDeploymentGroup', { AutoPublishAlias: 'live', DeploymentPreference: { Type: 'AllAtOnce', Alarms } }).Properties.AutoRollbackConfiguration.Events.slice(2);
  const none = { Ref: 'AWS::NoValue' };
  expect(events([{ Ref: 'A' }, { 'Fn::If': ['C', { Ref: 'B' }, none] }])).toEqual(['DEPLOYMENT_STOP_ON_ALARM']);
  expect(events([{ 'Fn::If': ['C', { Ref: 'A' }, none] }, none])).toEqual([{ 'Fn::If': ['C', 'DEPLOYMENT_STOP_ON_ALARM', none] }]);
  expect(events({ 'Fn::If': ['C', [{ Ref: 'A' }], []] })).toEqual([{ 'Fn::If': ['C', 'DEPLOYMENT_STOP_ON_ALARM', none] }]);
  expect(events(undefined)).toEqual([]);
});

test.each([
  [{ DefaultAuthorizer: 'Own' }, { AuthorizationType: 'CUSTOM' }],
  [{ DefaultAuthorizer: 'AWS_IAM' }, { AuthorizationType: 'AWS_IAM' }],
  [{ DefaultAuthorizer: 'Own', AddDefaultAuthorizerToCorsPreflight: false }, { AuthorizationType: 'NONE' }],
  [{ ApiKeyRequired: true }, { AuthorizationType: 'NONE', ApiKeyRequired: true }],
  [{ ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false }, { AuthorizationType: 'NONE' }],
])('the authorization of preflight requests with %j', (Auth, expected) => {
  const Api = { Type: 'AWS::Serverless::Api', Properties: { Cors: "'*'", Auth } };
  const { RestApiId, HttpMethod, Integration, ...authorization } = (expandSam({ Resources: { Api } }).Resources as any).ApiPreflight.Properties;
  expect(authorization).toEqual(expected);
});

test('an HTTP API has the throttles of the routes, and the routes have its authorizers', () => {
  const http = (Properties: object) => ({ Type: 'HttpApi', Properties });
  const Events = {
    A: http({ Path: '/a', Method: 'get', RouteSettings: { ThrottlingRateLimit: 1 } }),
    B: http({ RouteSettings: { ThrottlingRateLimit: 2 } }),
    C: http({ Path: '/c', Method: 'get', ApiId: { Ref: 'Api' }, RouteSettings: { ThrottlingRateLimit: 3 } }),
  };
  const Api = { Type: 'AWS::Serverless::HttpApi', Properties: { RouteSettings: { 'GET /d': {} }, Auth: { DefaultAuthorizer: 'Own', Authorizers: { Own: {} } } } };
  const { ServerlessHttpApiStage, ApiStage, FA, FC } = expandSam({ Resources: { Api, F: { Type: 'AWS::Serverless::Function', Properties: { Events } } } }).Resources as any;
  expect(ServerlessHttpApiStage.Properties.RouteSettings).toEqual({ 'GET /a': { ThrottlingRateLimit: 1 }, '$default': { ThrottlingRateLimit: 2 } });
  expect(ApiStage.Properties.RouteSettings).toEqual({ 'GET /d': {}, 'GET /c': { ThrottlingRateLimit: 3 } });
  expect([FA.Properties.AuthorizerId, FC.Properties.AuthorizerId]).toEqual([undefined, { Ref: 'ApiOwnAuthorizer' }]);
});

test.each([
  ['Api', [{ NONE: [] }], [{ NONE: [] }]],
  ['Api', [{ scope: [] }], [{ scope: [] }, { Own: [] }]],
  ['Api', { Ref: 'Given' }, { Ref: 'Given' }],
  ['HttpApi', [], [{ Own: [] }]],
  ['HttpApi', [{ scope: [] }], [{ scope: [] }]],
])('the security of an operation of the document of an %s with %j', (kind, security, expected) => {
  const get = { 'Fn::If': ['C', { security }, { Ref: 'AWS::NoValue' }] };
  const DefinitionBody = { paths: { '/a': { 'Fn::If': ['C', { get, parameters: [] }, { Ref: 'AWS::NoValue' }] } } };
  const Api = { Type: `AWS::Serverless::${kind}`, Properties: { DefinitionBody, Auth: { DefaultAuthorizer: 'Own', Authorizers: { Own: {} } } } };
  const { paths } = (expandSam({ Resources: { Api } }).Resources as any).Api.Properties.Body;
  expect(paths['/a']['Fn::If'][1]).toEqual({ get: { 'Fn::If': ['C', { security: expected }, { Ref: 'AWS::NoValue' }] }, parameters: [] });
});
