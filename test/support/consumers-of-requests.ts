import { aws_apigateway as apigateway, aws_apigatewayv2 as apigwv2, aws_apigatewayv2_authorizers as authorizers, aws_apigatewayv2_integrations as integrations, aws_appsync as appsync, aws_bedrockagentcore as agentcore, aws_cognito as cognito, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_elasticloadbalancingv2_targets as elbv2_targets, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks } from 'aws-cdk-lib';
import type { Consumer } from './consumers';

/** What invokes the function for an answer. */
export const REQUEST_CONSUMERS: Consumer[] = [
  {
    name: 'HTTP API',
    types: ['aws_apigatewayv2_integrations.HttpLambdaIntegration'],
    attach: (stack, fn) => new apigwv2.HttpApi(stack, 'Api', { defaultIntegration: new integrations.HttpLambdaIntegration('Pay', fn) }),
  },
  {
    name: 'HTTP API by its L1',
    types: ['aws_apigatewayv2.CfnApiProps', 'aws_apigatewayv2.CfnIntegrationProps'],
    attach: (stack, fn) => {
      const api = new apigwv2.CfnApi(stack, 'Api', { name: 'pay', protocolType: 'HTTP', target: fn });
      return new apigwv2.CfnIntegration(stack, 'Integration', { apiId: api.ref, integrationType: 'AWS_PROXY', integrationUri: fn });
    },
  },
  {
    name: 'HTTP Lambda authorizer',
    types: ['aws_apigatewayv2_authorizers.HttpLambdaAuthorizer'],
    attach: (stack, fn) => new apigwv2.HttpApi(stack, 'Api').addRoutes({
      path: '/', integration: new integrations.HttpUrlIntegration('Url', 'https://example.com'), authorizer: new authorizers.HttpLambdaAuthorizer('Pay', fn),
    }),
  },
  {
    name: 'WebSocket API',
    types: ['aws_apigatewayv2_integrations.WebSocketLambdaIntegration', 'aws_apigatewayv2_authorizers.WebSocketLambdaAuthorizer'],
    attach: (stack, fn) => new apigwv2.WebSocketApi(stack, 'Api', {
      connectRouteOptions: { integration: new integrations.WebSocketLambdaIntegration('Pay', fn), authorizer: new authorizers.WebSocketLambdaAuthorizer('Auth', fn) },
    }),
  },
  {
    name: 'REST API',
    types: ['aws_apigateway.LambdaIntegration'],
    attach: (stack, fn) => new apigateway.RestApi(stack, 'Api').root.addMethod('GET', new apigateway.LambdaIntegration(fn)),
  },
  {
    name: 'REST API of one function',
    types: ['aws_apigateway.LambdaRestApiProps'],
    attach: (stack, fn) => new apigateway.LambdaRestApi(stack, 'Api', { handler: fn }),
  },
  {
    name: 'REST token authorizer',
    types: ['aws_apigateway.LambdaAuthorizerProps'],
    attach: (stack, fn) => new apigateway.RestApi(stack, 'Api').root.addMethod('GET', new apigateway.MockIntegration(), {
      authorizer: new apigateway.TokenAuthorizer(stack, 'Authorizer', { handler: fn }),
    }),
  },
  {
    name: 'REST request authorizer',
    types: ['aws_apigateway.LambdaAuthorizerProps'],
    attach: (stack, fn) => new apigateway.RestApi(stack, 'Api').root.addMethod('GET', new apigateway.MockIntegration(), {
      authorizer: new apigateway.RequestAuthorizer(stack, 'Authorizer', { handler: fn, identitySources: [apigateway.IdentitySource.header('Authorization')] }),
    }),
  },
  {
    name: 'ALB',
    types: ['aws_elasticloadbalancingv2_targets.LambdaTarget'],
    attach: (stack, fn) => new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc: new ec2.Vpc(stack, 'Vpc') })
      .addListener('Listener', { port: 80 }).addTargets('Targets', { targets: [new elbv2_targets.LambdaTarget(fn)] }),
  },
  {
    name: 'Function URL',
    types: ['aws_lambda.FunctionUrlProps'],
    attach: (stack, fn) => {
      new lambda.FunctionUrl(stack, 'Open', { function: fn, authType: lambda.FunctionUrlAuthType.NONE });
      fn.grantInvokeUrl(new iam.User(stack, 'Caller'));
    },
  },
  {
    name: 'Function URL of the function',
    types: ['aws_lambda.FunctionUrlProps'],
    attach: (stack, fn) => fn.addFunctionUrl().grantInvokeUrl(new iam.User(stack, 'Caller')),
  },
  {
    name: 'Step Functions',
    types: ['aws_stepfunctions_tasks.LambdaInvokeProps', 'aws_stepfunctions_tasks.LambdaInvokeJsonPathProps', 'aws_stepfunctions_tasks.LambdaInvokeJsonataProps'],
    attach: (stack, fn) => new sfn.StateMachine(stack, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(new tasks.LambdaInvoke(stack, 'One', { lambdaFunction: fn })
        .next(tasks.LambdaInvoke.jsonPath(stack, 'Two', { lambdaFunction: fn }))
        .next(tasks.LambdaInvoke.jsonata(stack, 'Three', { lambdaFunction: fn }))),
    }),
  },
  {
    name: 'AppSync GraphQL',
    types: ['aws_appsync.IGraphqlApi', 'aws_appsync.GraphqlApiBase', 'aws_appsync.LambdaDataSourceProps', 'aws_appsync.LambdaAuthorizerConfig'],
    attach: (stack, fn) => new appsync.GraphqlApi(stack, 'Api', {
      name: 'pay',
      definition: appsync.Definition.fromSchema({ bind: () => ({ apiId: 'api', definition: 'type Query { pay: String }' }) }),
      authorizationConfig: { defaultAuthorization: { authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: { handler: fn } } },
    }).addLambdaDataSource('Source', fn),
  },
  {
    name: 'AppSync Events',
    types: ['aws_appsync.IEventApi', 'aws_appsync.EventApiBase', 'aws_appsync.AppSyncLambdaDataSourceProps', 'aws_appsync.AppSyncLambdaAuthorizerConfig'],
    attach: (stack, fn) => {
      const authorization = { authorizationType: appsync.AppSyncAuthorizationType.LAMBDA };
      return new appsync.EventApi(stack, 'Api', {
        apiName: 'pay',
        authorizationConfig: {
          authProviders: [{ ...authorization, lambdaAuthorizerConfig: { handler: fn } }],
          connectionAuthModeTypes: [authorization.authorizationType],
          defaultPublishAuthModeTypes: [authorization.authorizationType],
          defaultSubscribeAuthModeTypes: [authorization.authorizationType],
        },
      }).addLambdaDataSource('Source', fn);
    },
  },
  {
    name: 'Cognito, every trigger',
    types: ['aws_cognito.UserPool', 'aws_cognito.UserPoolTriggers'],
    attach: (stack, fn) => {
      const names = ['createAuthChallenge', 'customEmailSender', 'customMessage', 'customSmsSender', 'defineAuthChallenge', 'postAuthentication',
        'postConfirmation', 'preAuthentication', 'preSignUp', 'preTokenGeneration', 'userMigration', 'verifyAuthChallengeResponse'];
      return new cognito.UserPool(stack, 'Users', { customSenderKmsKey: new kms.Key(stack, 'Key'), lambdaTriggers: Object.fromEntries(names.map(name => [name, fn])) });
    },
  },
  {
    name: 'Bedrock AgentCore gateway',
    types: ['aws_bedrockagentcore.AddLambdaTargetOptions', 'aws_bedrockagentcore.GatewayTargetLambdaProps', 'aws_bedrockagentcore.LambdaInterceptor', 'aws_bedrockagentcore.LambdaTargetConfiguration'],
    attach: (stack, fn) => new agentcore.Gateway(stack, 'Gateway', {
      gatewayName: 'pay', interceptorConfigurations: [agentcore.LambdaInterceptor.forRequest(fn), agentcore.LambdaInterceptor.forResponse(fn)],
    }).addLambdaTarget('Target', {
      gatewayTargetName: 'pay',
      lambdaFunction: fn,
      toolSchema: agentcore.ToolSchema.fromInline([{
        name: 'pay', description: 'Pays', inputSchema: { type: agentcore.SchemaDefinitionType.OBJECT, properties: {} },
      }]),
    }),
  },
  {
    name: 'Bedrock AgentCore evaluator',
    types: ['aws_bedrockagentcore.CodeBasedOptions'],
    attach: (stack, fn) => new agentcore.Evaluator(stack, 'Evaluator', {
      evaluatorName: 'pay', level: agentcore.EvaluationLevel.SESSION, evaluatorConfig: agentcore.EvaluatorConfig.codeBased({ lambdaFunction: fn }),
    }),
  },
];
