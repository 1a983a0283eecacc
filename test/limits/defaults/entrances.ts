import type { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as elb_targets from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { numberIn, payFunction, type Resources, type Subject } from './subject';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../../src';
import { plainFunction } from '../../support/plain-function';

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
  domain: stack => new apigwv2.DomainName(stack, 'Domain', domainOf(stack)),
  rest: stack => new apigateway.RestApi(stack, 'Api').root.addMethod('GET', new apigateway.LambdaIntegration(payFunction(stack))),
  balancer: stack => new elbv2.ApplicationTargetGroup(stack, 'Group', { targets: [new elb_targets.LambdaTarget(payFunction(stack))] }),
};

function plainApi(stack: Stack, props: apigwv2.HttpApiProps = {}): void {
  const integration = new integrations.HttpLambdaIntegration('Pay', payFunction(stack));
  new apigwv2.HttpApi(stack, 'Api', props).addRoutes({ path: PATH, methods: [apigwv2.HttpMethod.POST], integration });
}

/** An HTTP API, where nobody named its class: the construct chose it. */
function chosenEntrance(r: Resources): string | undefined {
  const isHttpApi = r.props('ApiGatewayV2::Api').ProtocolType === 'HTTP' && !r.first('ApiGateway::RestApi');
  return r.alarm('ApiErrorRateAlarm') && isHttpApi ? 'HTTP API' : undefined;
}

const stageOf = (r: Resources) => r.props('ApiGatewayV2::Stage');
const attributeOf = (group: any, key: string) => group.TargetGroupAttributes?.find((attribute: any) => attribute.Key === key)?.Value;

export const ENTRANCES: Record<string, Subject> = {
  HttpEntrance: {
    ours: (stack, build) => new HttpEntrance(stack, 'Api', {
      access: Access.publicBecause('what is asked here is what the entrance does by itself'),
      routes: [{ method: apigwv2.HttpMethod.POST, path: PATH, handler: payFunction(stack) }],
      ...ENTRANCE_PROPS[build](stack),
    }),
    plain: (stack, build) => PLAIN_ENTRANCES[build](stack),
    probes: {
      entrance: { read: chosenEntrance, unset: 'one class for each' },
      throttleRateLimit: { read: r => stageOf(r).DefaultRouteSettings?.ThrottlingRateLimit, unset: 'the quota of the account, 10,000 a second' },
      throttleBurstLimit: { read: r => stageOf(r).DefaultRouteSettings?.ThrottlingBurstLimit, unset: 'the quota of the account, 5,000' },
      logRetentionDays: {
        read: r => r.behind(stageOf(r).AccessLogSettings?.DestinationArn, 'Logs::LogGroup')?.RetentionInDays, unset: 'no access log',
      },
      payloadFormatVersion: { read: r => r.props('ApiGatewayV2::Integration').PayloadFormatVersion },
      endpointType: { read: r => r.props('ApiGateway::RestApi').EndpointConfiguration?.Types[0], unset: 'EDGE', build: 'rest' },
      securityPolicy: {
        read: r => r.props('ApiGatewayV2::DomainName').DomainNameConfigurations[0].SecurityPolicy, unset: 'TLS_1_2', build: 'domain',
      },
      authorizerCacheSeconds: {
        read: r => r.props('ApiGatewayV2::Authorizer').AuthorizerResultTtlInSeconds, note: ', for all routes at once', build: 'authorizer',
      },
      corsMaxAgeSeconds: { read: r => r.props('ApiGatewayV2::Api').CorsConfiguration.MaxAge, unset: 'not set: 5 s in browsers', build: 'cors' },
      multiValueHeaders: {
        read: r => attributeOf(r.props('ElasticLoadBalancingV2::TargetGroup'), 'lambda.multi_value_headers.enabled') === 'true', build: 'balancer',
      },
      errorRateThreshold: { read: r => r.alarm('ApiErrorRateAlarm')?.Threshold, unset: 'no alarm' },
      minimumRequests: { read: r => numberIn(r.alarm('ApiErrorRateAlarm'), /requests >= (\d+)/), unset: 'no alarm' },
      latencyThresholdMilliseconds: { read: r => r.alarm('ApiLatencyAlarm')?.Threshold, unset: 'no alarm' },
      slowestThresholdMilliseconds: { read: r => r.alarm('ApiSlowestAlarm')?.Threshold, unset: 'no alarm' },
      integrationLatencyThresholdMilliseconds: { read: r => r.alarm('ApiIntegrationLatencyAlarm')?.Threshold, unset: 'no alarm' },
      alarmPeriodSeconds: {
        read: r => r.alarm('ApiErrorRateAlarm')?.Metrics.find((m: any) => m.MetricStat).MetricStat.Period, unset: 'no alarm',
      },
      errorRateDatapoints: { read: r => r.alarm('ApiErrorRateAlarm')?.EvaluationPeriods, unset: 'no alarm' },
      latencyDatapoints: { read: r => r.alarm('ApiLatencyAlarm')?.EvaluationPeriods, unset: 'no alarm' },
    },
  },
};
