import type { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as elb_targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { expressionOf, inWords, numberIn, payFunction, type Resources, type Subject } from './subject';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';
import { plainFunction } from '../support/plain-function';

const PATH = '/payments';
const CORS: apigwv2.CorsPreflightOptions = { allowOrigins: ['https://shop.example.com'] };

const domainOf = (stack: Stack) => ({
  domainName: 'api.example.com',
  certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/api'),
});

const ENTRANCE_PROPS: Record<string, (stack: Stack) => Partial<HttpEntranceProps>> = {
  default: () => ({}),
  cors: () => ({ cors: CORS }),
  authorizer: stack => ({ access: Access.lambdaAuthorizer(plainFunction(stack, 'Authorizer')) }),
  domain: stack => ({ domain: domainOf(stack) }),
  rest: () => ({ entrance: Entrance.restApi() }),
  balancer: stack => ({ entrance: Entrance.loadBalancer({ vpc: new ec2.Vpc(stack, 'Vpc') }), domain: domainOf(stack) }),
};

const PLAIN_ENTRANCES: Record<string, (stack: Stack) => unknown> = {
  default: stack => plainApi(stack),
  cors: stack => plainApi(stack, { corsPreflight: CORS }),
  authorizer: stack => plainApi(stack, {
    defaultAuthorizer: new authorizers.HttpLambdaAuthorizer('Authorizer', plainFunction(stack, 'Authorizer')),
  }),
  domain: stack => plainApi(stack, { defaultDomainMapping: { domainName: new apigwv2.DomainName(stack, 'Domain', domainOf(stack)) } }),
  rest: stack => new apigateway.RestApi(stack, 'Api').root.addResource('payments').addMethod('POST', new apigateway.LambdaIntegration(payFunction(stack))),
  balancer: stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const listener = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true })
      .addListener('Https', { port: 443, certificates: [domainOf(stack).certificate] });
    listener.addTargets('Pay', { targets: [new elb_targets.LambdaTarget(payFunction(stack))] });
  },
};

function plainApi(stack: Stack, props: apigwv2.HttpApiProps = {}): void {
  const integration = new integrations.HttpLambdaIntegration('Pay', payFunction(stack));
  new apigwv2.HttpApi(stack, 'Api', props).addRoutes({ path: PATH, methods: [apigwv2.HttpMethod.POST], integration });
}

/** An HTTP API, although the props name no entrance. */
function chosenEntrance(r: Resources): string | undefined {
  const isHttpApi = r.props('ApiGatewayV2::Api').ProtocolType === 'HTTP' && !r.first('ApiGateway::RestApi');
  return r.alarm('ApiErrorRateAlarm') && isHttpApi ? 'HTTP API' : undefined;
}

const stageOf = (r: Resources) => r.props('ApiGatewayV2::Stage');
const attributeOf = (group: any, key: string) => group.TargetGroupAttributes?.find((attribute: any) => attribute.Key === key)?.Value;

const restStage = (r: Resources) => r.props('ApiGateway::Stage');
const allMethods = (r: Resources) => restStage(r).MethodSettings?.find((settings: any) => settings.ResourcePath === '/*' && settings.HttpMethod === '*');
const loadBalancerAttribute = (r: Resources, key: string): string | undefined =>
  r.props('ElasticLoadBalancingV2::LoadBalancer').LoadBalancerAttributes.find((attribute: any) => attribute.Key === key)?.Value;
const listenerOf = (r: Resources, port: number) =>
  ['Https', 'Redirect'].map(id => r.props('ElasticLoadBalancingV2::Listener', id)).find(listener => listener?.Port === port);

function validationOf(r: Resources): string | undefined {
  const { ValidateRequestBody: body, ValidateRequestParameters: parameters } = r.props('ApiGateway::RequestValidator') ?? {};
  return [body && 'body', parameters && 'parameters'].filter(Boolean).join(' and ') || undefined;
}

function errorResponseOf(r: Resources): string | undefined {
  const template: string | undefined = r.props('ApiGateway::GatewayResponse')?.ResponseTemplates['application/json'];
  return template && `JSON with ${['message', 'code', 'requestId'].filter(key => template.includes(`"${key}":`)).join(', ').replace(/, (\w+)$/, ' and $1')}`;
}

function payloadFormatOf(r: Resources): string {
  const { AuthorizerPayloadFormatVersion: version, EnableSimpleResponses: simple } = r.props('ApiGatewayV2::Authorizer');
  return simple ? `${version}, simple` : version;
}

export const ENTRANCES: Record<string, Subject> = {
  HttpEntrance: {
    ours: (stack, build) => new HttpEntrance(stack, 'Api', {
      access: Access.unauthenticated({ reason: 'the defaults of the entrance are tested' }),
      routes: [{ method: apigwv2.HttpMethod.POST, path: PATH, function: payFunction(stack) }],
      ...ENTRANCE_PROPS[build](stack),
    }),
    plain: (stack, build) => PLAIN_ENTRANCES[build](stack),
    contains: ['FailureBucket', 'Alarm'],
    probes: {
      entrance: { read: chosenEntrance, unset: 'one class for each' },
      throttleRateLimit: { read: r => stageOf(r).DefaultRouteSettings?.ThrottlingRateLimit, unset: 'the quota of the account, 10,000 a second' },
      throttleBurstLimit: { read: r => stageOf(r).DefaultRouteSettings?.ThrottlingBurstLimit, unset: 'the quota of the account, 5,000' },
      logRetentionDays: {
        read: r => r.behind(stageOf(r).AccessLogSettings?.DestinationArn, 'Logs::LogGroup')?.RetentionInDays, unset: 'no access log',
      },
      logRemovalPolicy: { read: r => r.first('Logs::LogGroup', 'AccessLog')?.DeletionPolicy, unset: 'no access log' },
      detailedMetrics: { read: r => stageOf(r).DefaultRouteSettings?.DetailedMetricsEnabled, unset: 'false' },
      payloadFormatVersion: { read: r => r.props('ApiGatewayV2::Integration').PayloadFormatVersion },
      endpointType: { read: r => r.props('ApiGateway::RestApi').EndpointConfiguration?.Types[0], unset: 'EDGE', build: 'rest' },
      binaryMediaTypes: { read: r => r.props('ApiGateway::RestApi').BinaryMediaTypes?.join(), unset: 'none', build: 'rest' },
      restStageName: { read: r => restStage(r).StageName, build: 'rest' },
      restTracing: { read: r => restStage(r).TracingEnabled, unset: 'false', build: 'rest' },
      restMetrics: { read: r => allMethods(r)?.MetricsEnabled, unset: 'false', build: 'rest' },
      restLoggingLevel: { read: r => allMethods(r)?.LoggingLevel ?? 'OFF', build: 'rest' },
      restDataTrace: { read: r => allMethods(r)?.DataTraceEnabled, unset: 'false', build: 'rest' },
      requestValidation: { read: validationOf, unset: 'none', build: 'rest' },
      errorResponses: { read: errorResponseOf, unset: 'JSON with message', build: 'rest' },
      retryAfterSeconds: {
        read: r => numberIn(r.props('ApiGateway::GatewayResponse', 'Throttled')?.ResponseParameters['gatewayresponse.header.Retry-After'], /(\d+)/),
        unset: 'not set',
        build: 'rest',
      },
      securityPolicy: {
        read: r => r.props('ApiGatewayV2::DomainName').DomainNameConfigurations[0].SecurityPolicy, unset: 'TLS_1_2', build: 'domain',
      },
      authorizerCacheSeconds: {
        read: r => r.props('ApiGatewayV2::Authorizer').AuthorizerResultTtlInSeconds, note: ', for all routes', build: 'authorizer',
      },
      authorizerCacheKey: { read: r => r.props('ApiGatewayV2::Authorizer').IdentitySource.join(), build: 'authorizer' },
      authorizerPayloadFormat: { read: payloadFormatOf, build: 'authorizer' },
      corsMaxAgeSeconds: { read: r => r.props('ApiGatewayV2::Api').CorsConfiguration.MaxAge, unset: 'not set: 5 s in browsers', build: 'cors' },
      corsAllowHeaders: { read: r => r.props('ApiGatewayV2::Api').CorsConfiguration.AllowHeaders?.join(), unset: 'none', build: 'cors' },
      corsAllowMethods: {
        read: r => inWords('all but OPTIONS', r.props('ApiGatewayV2::Api').CorsConfiguration.AllowMethods?.join(), 'DELETE,GET,HEAD,PATCH,POST,PUT'),
        unset: 'none',
        build: 'cors',
      },
      multiValueHeaders: {
        read: r => attributeOf(r.props('ElasticLoadBalancingV2::TargetGroup'), 'lambda.multi_value_headers.enabled') === 'true', build: 'balancer',
      },
      dropInvalidHeaders: { read: r => loadBalancerAttribute(r, 'routing.http.drop_invalid_header_fields.enabled') === 'true', build: 'balancer' },
      idleTimeoutSeconds: { read: r => numberIn(loadBalancerAttribute(r, 'idle_timeout.timeout_seconds'), /(\d+)/), unset: '60 s', build: 'balancer' },
      sslPolicy: { read: r => listenerOf(r, 443)?.SslPolicy, build: 'balancer' },
      redirectHttp: { read: r => listenerOf(r, 80)?.DefaultActions[0].RedirectConfig.StatusCode, unset: 'none', build: 'balancer' },
      healthCheck: { read: r => r.props('ElasticLoadBalancingV2::TargetGroup').HealthCheckEnabled, unset: 'false', build: 'balancer' },
      balancerLogDays: { read: r => r.props('S3::Bucket')?.LifecycleConfiguration.Rules[0].ExpirationInDays, unset: 'no access log', build: 'balancer' },
      errorRateThreshold: { read: r => r.alarm('ApiErrorRateAlarm')?.Threshold, unset: 'no alarm' },
      minimumRequests: { read: r => numberIn(expressionOf(r.alarm('ApiErrorRateAlarm')), /requests >= (\d+)/), unset: 'no alarm' },
      latencyThresholdMilliseconds: { read: r => r.alarm('ApiLatencyAlarm')?.Threshold, unset: 'no alarm' },
      tailLatencyThresholdMilliseconds: { read: r => r.alarm('ApiSlowestAlarm')?.Threshold, unset: 'no alarm' },
      integrationLatencyThresholdMilliseconds: { read: r => r.alarm('ApiIntegrationLatencyAlarm')?.Threshold, unset: 'no alarm' },
      alarmPeriodSeconds: {
        read: r => r.alarm('ApiErrorRateAlarm')?.Metrics.find((m: any) => m.MetricStat).MetricStat.Period, unset: 'no alarm',
      },
      errorRateDatapoints: { read: r => r.alarm('ApiErrorRateAlarm')?.EvaluationPeriods, unset: 'no alarm' },
      latencyDatapoints: { read: r => r.alarm('ApiLatencyAlarm')?.EvaluationPeriods, unset: 'no alarm' },
    },
  },
};
