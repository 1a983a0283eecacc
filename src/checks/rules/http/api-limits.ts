import { HTTP_API, REST_API } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { asString, member, operationsOf, patternOf } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { protocolOf } from '../support/api-protocol';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { httpIntegrationSeconds, restIntegrationSeconds } from '../support/integration-timeout';

const V2_API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const STAGE = 'AWS::ApiGatewayV2::Stage';
const V2_AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const METHOD = 'AWS::ApiGateway::Method';
const QUOTAS = SOURCE.api('limits');
const COMPARE = SOURCE.api('http-api-vs-rest');

export const API_LIMITS_RULES: Rule[] = [
  {
    id: 'LP-H01',
    category: 'http',
    severity: 'warning',
    title: 'Integration timeout exceeds the quota',
    why:
      'A REST API waits 29 seconds unless the quota of a Regional or private API was raised, which also lowers '
      + 'its throttle. An HTTP API waits at most 30 seconds.',
    fix: 'lower it, or request a quota increase first and acknowledge this finding',
    source: QUOTAS,
    elsewhere: 'CDK throws for HTTP APIs only',
    evaluate: integrationTimeoutAboveQuota,
  },
  {
    id: 'LP-H05',
    category: 'http',
    severity: 'error',
    title: 'HTTP API exceeds a quota',
    why: 'An authorizer supports 50 audiences, an API 10 authorizers and 300 routes.',
    fix: 'split the API',
    source: QUOTAS,
    evaluate: quotasExceeded,
  },
  {
    id: 'LP-H16',
    category: 'http',
    severity: 'error',
    title: 'Web ACL is associated with an HTTP API',
    why: 'AWS WAF protects REST APIs, load balancers and CloudFront. The association with an HTTP API fails.',
    fix: 'use a REST API, or add a CloudFront distribution',
    source: COMPARE,
    evaluate: each('AWS::WAFv2::WebACLAssociation', webAclOnHttpApi),
  },
  {
    id: 'LP-H17',
    category: 'http',
    severity: 'error',
    title: 'Usage plan or request validator is set on an HTTP API',
    why: 'Only REST APIs support API keys, usage plans and request validation.',
    fix: 'use a REST API',
    source: COMPARE,
    evaluate: restFeaturesOnHttpApi,
  },
  {
    id: 'LP-H18',
    category: 'http',
    severity: 'error',
    title: 'Response streaming is set on an HTTP API',
    why: 'HTTP APIs buffer responses. Only REST APIs and function URLs stream.',
    fix: 'use a REST API or a function URL',
    source: COMPARE,
    evaluate: each('AWS::ApiGatewayV2::Integration', streamingOnHttpApi),
  },
];

function integrationTimeoutAboveQuota(app: AppGraph): Problem[] {
  return [
    ...app.ofType(METHOD).flatMap(method => aboveQuota(
      method,
      'Integration.TimeoutInMillis',
      restIntegrationSeconds(method),
      REST_LIMITS[isStreaming(method.get('Integration.ResponseTransferMode')) ? 'streamed' : 'buffered'],
    )),
    ...app.ofType('AWS::ApiGatewayV2::Integration').flatMap(integration => aboveQuota(
      integration, 'TimeoutInMillis', httpIntegrationSeconds(integration), v2Limit(protocolOf(integration)),
    )),
    ...operationsOf(app).flatMap(({ api, property, integration, timeoutSeconds }) => aboveQuota(
      api,
      `${property}.x-amazon-apigateway-integration.timeoutInMillis`,
      timeoutSeconds === Infinity ? undefined : timeoutSeconds,
      api.type === V2_API
        ? v2Limit(api.string('ProtocolType', 'HTTP'))
        : REST_LIMITS[isStreaming(member(integration, 'responseTransferMode')) ? 'streamed' : 'buffered'],
    )),
  ];
}

/** The longest timeout of an integration, in seconds. */
interface TimeoutLimit {
  readonly seconds: number;
  readonly note: string;
}

const REST_LIMITS: Record<'buffered' | 'streamed', TimeoutLimit> = {
  buffered: { seconds: REST_API.integrationTimeoutDefaultSeconds, note: ' without a raised quota' },
  streamed: { seconds: REST_API.streamedResponseMaxSeconds, note: ' for a streamed response' },
};

function v2Limit(protocol: string | undefined): TimeoutLimit {
  const { integrationTimeoutDefaultSeconds: webSocket } = REST_API;
  return { seconds: protocol === 'WEBSOCKET' ? webSocket : HTTP_API.integrationTimeoutMaxSeconds, note: '' };
}

function aboveQuota(
  at: Resource, property: string, got: number | undefined, { seconds, note }: TimeoutLimit,
): Problem[] {
  if (got === undefined || got <= seconds) return [];
  return [{ at, property, must: `must be at most ${durationText(seconds)}${note}`, got: durationText(got) }];
}

/** Whether the response is streamed; a mode that is not known may stream it. */
function isStreaming(mode: Value): boolean {
  return mode !== undefined && mode !== null && asString(mode)?.toUpperCase() !== 'BUFFERED';
}

function quotasExceeded(app: AppGraph): Problem[] {
  return app.ofType(V2_API).flatMap(api => {
    const of = (type: string) => app.ofType(type).filter(resource => resource.target('ApiId') === api);
    return [
      ...of(V2_AUTHORIZER).flatMap(authorizer =>
        overQuota(
          authorizer,
          'JwtConfiguration.Audience',
          authorizer.list('JwtConfiguration.Audience').length,
          HTTP_API.audiencesPerAuthorizerMax,
        ),
      ),
      ...overQuota(api, 'Authorizer', of(V2_AUTHORIZER).length, HTTP_API.authorizersDefault),
      ...overQuota(api, 'Route', of(ROUTE).length, HTTP_API.routesDefault),
    ];
  });
}

function webAclOnHttpApi(association: Resource, app: AppGraph): Found {
  const api = app.resourceOf(association.get('ResourceArn'), association, V2_API, STAGE);
  if (api) {
    return {
      at: association,
      property: 'ResourceArn',
      must: 'must be a REST API, load balancer or user pool',
      got: api.path,
    };
  }
  return undefined;
}

function restFeaturesOnHttpApi(app: AppGraph): Problem[] {
  return [
    ...app.ofType('AWS::ApiGateway::UsagePlan').flatMap(plan =>
      plan.list('ApiStages').flatMap((stage, i) => {
        const api = app.resourceOf(member(stage, 'ApiId'), plan, V2_API);
        return api ? [{ at: plan, property: `ApiStages.${i}.ApiId`, must: 'must be a REST API', got: api.path }] : [];
      }),
    ),
    ...app.ofType('AWS::ApiGateway::RequestValidator', 'AWS::ApiGateway::Model').flatMap(validator => {
      const api = app.resourceOf(validator.get('RestApiId'), validator, V2_API);
      return api ? [{ at: validator, property: 'RestApiId', must: 'must be a REST API', got: api.path }] : [];
    }),
  ];
}

function streamingOnHttpApi(integration: Resource): Found {
  if (/response-streaming-invocations/.test(patternOf(integration.get('IntegrationUri')))) {
    return {
      at: integration,
      property: 'IntegrationUri',
      must: 'must be the invocation without streaming',
      got: integration.get('IntegrationUri'),
    };
  }
  return undefined;
}

function overQuota(at: Resource, property: string, got: number, most: number): Problem[] {
  return got > most ? [{ at, property, must: `must be at most ${most}`, got }] : [];
}
