import { API_ACCOUNT } from '../../../aws';
import { asBoolean, asNumber, asString, member, operationsOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { protocolOf } from '../support/api-protocol';
import { each } from '../support/each';
import type { Found } from '../support/each';

const STAGE = 'AWS::ApiGatewayV2::Stage';
const REST_STAGE = 'AWS::ApiGateway::Stage';
const THROTTLE = SOURCE.api('http-api-throttling');

export const STAGES_RULES: Rule[] = [
  {
    id: 'LP-H11',
    category: 'http',
    severity: 'warning',
    title: 'Stage has no throttle',
    why:
      `All APIs of the account share ${API_ACCOUNT.requestsPerSecondDefault} requests a second, and one `
      + 'stage can use all of them.',
    fix: 'set the rate and burst limits of the stage',
    source: THROTTLE,
    elsewhere: 'cdk-nag Serverless: APIGWDefaultThrottling',
    practice: true,
    evaluate: eachStage(stageWithoutThrottle),
  },
  {
    id: 'LP-H13',
    category: 'http',
    severity: 'warning',
    title: 'Stage has no access log',
    why: 'Without an access log neither the caller nor the cause of a failed integration can be determined.',
    fix: 'set a log group and a JSON format',
    source: SOURCE.api('http-api-logging'),
    elsewhere: 'cdk-nag: AwsSolutions-APIG1',
    practice: true,
    setByProfile: true,
    evaluate: each([STAGE, REST_STAGE], stageWithoutAccessLog),
  },
  {
    id: 'LP-H20',
    category: 'http',
    severity: 'error',
    title: 'Request bodies are logged',
    why: 'Data tracing logs complete requests and responses, including personal data.',
    fix: 'set DataTraceEnabled to false',
    source: SOURCE.api('set-up-logging'),
    practice: true,
    evaluate: each(REST_STAGE, dataTraceEnabled),
  },
];

function stageWithoutThrottle({ stage, throttle, property }: Throttled): Found {
  return throttle === undefined && !isThrottledByPlan(stage)
    && { at: stage, property, must: 'must be set', got: undefined };
}

/** Whether a usage plan throttles the stage, and every call needs one of its keys. */
function isThrottledByPlan(stage: Resource): boolean {
  const { app } = stage.template;
  const api = stage.target('RestApiId');
  const plans = app.ofType('AWS::ApiGateway::UsagePlan').filter(plan => !plan.lacks('Throttle.RateLimit')
    && plan.list('ApiStages').some(entry => app.resourceOf(member(entry, 'ApiId'), plan) === api));
  if (api === undefined || plans.length === 0) return false;
  const methods = app.ofType('AWS::ApiGateway::Method')
    .filter(method => method.target('RestApiId') === api && method.string('HttpMethod') !== 'OPTIONS');
  const operations = operationsOf(app).filter(operation => operation.api === api && operation.method !== 'options');
  return methods.every(method => method.boolean('ApiKeyRequired', false) === true)
    && operations.every(operation => operation.secured === true);
}

function stageWithoutAccessLog(stage: Resource): Found {
  const property = stage.type === STAGE ? 'AccessLogSettings' : 'AccessLogSetting';
  return stage.lacks(property) && { at: stage, property, must: 'must be set', got: undefined };
}

function dataTraceEnabled(stage: Resource): Found {
  if (stage.list('MethodSettings').some(setting => asBoolean(member(setting, 'DataTraceEnabled')) === true)) {
    return { at: stage, property: 'MethodSettings.DataTraceEnabled', must: 'must be false in production', got: true };
  }
  return undefined;
}

/** A stage with its throttle. */
interface Throttled {
  readonly stage: Resource;
  readonly throttle?: number;
  readonly property: string;
}

/** Checks every stage whose throttle is known. */
function eachStage(check: (stage: Throttled) => Found): (app: AppGraph) => Problem[] {
  return each([STAGE, REST_STAGE], stage => {
    const throttled = stage.type === STAGE ? httpThrottle(stage) : restThrottle(stage);
    return throttled && check(throttled);
  });
}

function httpThrottle(stage: Resource): Throttled | undefined {
  const rate = 'DefaultRouteSettings.ThrottlingRateLimit';
  if (protocolOf(stage) === 'WEBSOCKET') return undefined;
  if (stage.isUnknown('DefaultRouteSettings') || stage.isUnknown(rate) || isThrottledByRoute(stage)) return undefined;
  return { stage, throttle: stage.number(rate), property: rate };
}

/** Whether every route of the API has a throttle of its own, or may have one. */
function isThrottledByRoute(stage: Resource): boolean {
  if (stage.lacks('RouteSettings')) return false;
  const { app } = stage.template;
  const api = stage.target('ApiId');
  const routes = app.ofType('AWS::ApiGatewayV2::Route').filter(route => route.target('ApiId') === api);
  const keys = [
    ...routes.map(route => route.string('RouteKey')),
    ...operationsOf(app).filter(operation => operation.api === api)
      .map(({ name }) => name.replace(/^ANY \/?\$default$/, '$default')),
    ...api === undefined || api.lacks('Target') ? [] : [api.string('RouteKey', '$default')],
  ];
  const settings = stage.get('RouteSettings');
  return keys.length > 0 && keys.every(key => (
    key === undefined || member(member(settings, key), 'ThrottlingRateLimit') !== undefined));
}

function restThrottle(stage: Resource): Throttled | undefined {
  if (stage.isUnknown('MethodSettings')) return undefined;
  const all = stage
    .list('MethodSettings')
    .filter(setting => asString(member(setting, 'HttpMethod')) === '*')
    .find(setting => member(setting, 'ThrottlingRateLimit') !== undefined);
  return {
    stage,
    throttle: asNumber(member(all, 'ThrottlingRateLimit')),
    property: 'MethodSettings.ThrottlingRateLimit',
  };
}
