/** More templates in the style of `sam init`, and improved ones. */
export const SAM_SERVICES: Record<string, string> = {
  'sam implicit API with all settings in Globals': `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs24.x, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } }
  Api:
    EndpointConfiguration: { Type: REGIONAL }
    Auth: { DefaultAuthorizer: AWS_IAM }
    AccessLogSetting: { DestinationArn: !GetAtt Logs.Arn }
    MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
      Events:
        List: { Type: Api, Properties: { Path: /orders, Method: get } }
        Add: { Type: Api, Properties: { Path: /orders, Method: post } }
`,
  'sam implicit HTTP API with a default JWT authorizer': `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: python3.14, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } }
  HttpApi:
    Auth: { DefaultAuthorizer: Jwt, Authorizers: { Jwt: { IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: 'https://issuer.example.com', audience: [web] } } } }
    AccessLogSettings: { DestinationArn: !GetAtt Logs.Arn, Format: '{}' }
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Orders: { Type: AWS::Serverless::Function, Properties: { Handler: app.handler, CodeUri: src/, Events: { List: { Type: HttpApi, Properties: { Path: /orders, Method: get } } } } }
`,
  'sam explicit API, public except for one method': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      EndpointConfiguration: REGIONAL
      Cors: "'https://shop.example.com'"
      AccessLogSetting: { DestinationArn: !GetAtt Logs.Arn }
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
      Events:
        List: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /orders, Method: get } }
        Add: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /orders, Method: post, Auth: { Authorizer: AWS_IAM } } }
`,
  'sam explicit API with a default user pool and a public health check': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }
Parameters: { Pool: { Type: String } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      EndpointConfiguration: { Type: REGIONAL }
      Auth: { DefaultAuthorizer: Users, Authorizers: { Users: { UserPoolArn: !Ref Pool } } }
      AccessLogSetting: { DestinationArn: !GetAtt Logs.Arn }
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }]
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
      Events:
        List: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /orders, Method: get } }
        Health: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /health, Method: get, Auth: { Authorizer: NONE } } }
`,
  'sam function in a VPC, with policy templates': `
Transform: AWS::Serverless-2016-10-31
Parameters: { A: { Type: 'AWS::EC2::Subnet::Id' }, B: { Type: 'AWS::EC2::Subnet::Id' }, Group: { Type: String } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Query:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      CodeUri: src/
      Timeout: 10
      MemorySize: 512
      Architectures: [arm64]
      Tracing: Active
      LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs }
      VpcConfig: { SubnetIds: [!Ref A, !Ref B], SecurityGroupIds: [!Ref Group] }
      Policies: [{ DynamoDBReadPolicy: { TableName: orders } }]
`,
  'sam state machine, user pool trigger and device rule': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, Timeout: 4, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Failed: { Type: AWS::SQS::Queue, Properties: { MessageRetentionPeriod: 1209600 } }
  Charge: { Type: AWS::Serverless::Function, Properties: { Handler: app.charge, CodeUri: src/, AutoPublishAlias: live, AutoPublishAliasAllProperties: true } }
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions: { ChargeArn: !Ref Charge.Alias }
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Charge } }]
      Events: { Daily: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } } }
  Pool: { Type: AWS::Cognito::UserPool }
  Welcome: { Type: AWS::Serverless::Function, Properties: { Handler: app.welcome, CodeUri: src/, Events: { Sign: { Type: Cognito, Properties: { UserPool: !Ref Pool, Trigger: PreSignUp } } } } }
  Telemetry:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.telemetry
      CodeUri: src/
      EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Failed.Arn } } }
      Events: { Device: { Type: IoTRule, Properties: { Sql: "SELECT * FROM 'devices'" } } }
`,
  'sam events without a failure destination': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Topic: { Type: AWS::SNS::Topic }
  Device: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: src/, Events: { E: { Type: IoTRule, Properties: { Sql: "SELECT * FROM 'devices'" } } } } }
  Ship: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: src/, Events: { E: { Type: CloudWatchLogs, Properties: { LogGroupName: /app, FilterPattern: '' } } } } }
  Mail: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: src/, Events: { E: { Type: SNS, Properties: { Topic: !Ref Topic } } } } }
  Buffered: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: src/, Events: { E: { Type: SNS, Properties: { Topic: !Ref Topic, SqsSubscription: true } } } } }
  Slow: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: src/, Events: { E: { Type: Cognito, Properties: { UserPool: !Ref Pool, Trigger: [PreSignUp, PostConfirmation] } } } } }
  Pool: { Type: AWS::Cognito::UserPool }
`,
  'sam brokers': `
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs24.x, Timeout: 10, MemorySize: 512, Architectures: [arm64], Tracing: Active, LoggingConfig: { LogFormat: JSON, LogGroup: !Ref Logs } } }
Resources:
  Logs: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 30 } }
  Kafka:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      CodeUri: src/
      Events: { E: { Type: SelfManagedKafka, Properties: { KafkaBootstrapServers: ['b:9092'], Topics: [orders], SourceAccessConfigurations: [{ Type: SASL_SCRAM_512_AUTH, URI: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x' }] } } }
  Rabbit:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      CodeUri: src/
      Events: { E: { Type: MQ, Properties: { Broker: 'arn:aws:mq:eu-west-1:111122223333:broker:b:b-1', Queues: [orders], SourceAccessConfigurations: [{ Type: BASIC_AUTH, URI: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x' }] } } }
`,
};
