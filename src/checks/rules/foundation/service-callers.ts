import { LAMBDA_AT_EDGE, APPSYNC_REQUEST, COGNITO_TRIGGER } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { asList, asString, functionsOf, member, targetOf } from '../../graph';
import type { AppGraph, Caller, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { protocolOf } from '../support/api-protocol';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { httpIntegrationSeconds, restIntegrationSeconds } from '../support/integration-timeout';
import { overridesOf } from '../support/quick-create';

/** How long a caller waits for the function. */
const SECONDS: Record<string, number> = {
  cognito: COGNITO_TRIGGER.timeoutSeconds,
  appsync: APPSYNC_REQUEST.timeoutSeconds,
};
const CDN = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';
const QUOTAS = SOURCE.api('limits');

export const SERVICE_CALLERS_RULES: Rule[] = [
  {
    id: 'LP-F03',
    category: 'foundation',
    severity: 'error',
    title: 'Function timeout is not below the API Gateway integration timeout',
    why:
      'The client receives 503 or 504 while the function continues to change data, and a client retry '
      + 'repeats the change.',
    fix: 'lower the function timeout below the integration timeout',
    source: QUOTAS,
    evaluate: eachFunction(timeoutAboveIntegrationTimeout),
  },
  {
    id: 'LP-F92',
    category: 'foundation',
    severity: 'warning',
    title: 'Function timeout exceeds the timeout of its caller',
    why:
      'A Cognito user pool waits 5 seconds for a trigger and invokes it up to three times. AppSync waits 30 seconds. '
      + 'The function continues to run.',
    fix: 'lower the function timeout, and move long work to a queue',
    source:
      'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html',
    practice: true,
    evaluate: eachFunction(timeoutAboveCallerTimeout),
  },
  {
    id: 'LP-F93',
    category: 'foundation',
    severity: 'error',
    title: 'Function is not supported by Lambda@Edge',
    why:
      'Lambda@Edge supports 5 seconds and 128 MB for viewer events and 30 seconds for origin events, on x86_64. It '
      + 'supports no environment variables, layers, VPC, images or aliases.',
    fix: 'remove the unsupported settings, or use CloudFront Functions',
    source: `${CDN}/lambda-at-edge-function-restrictions.html`,
    elsewhere: 'CDK throws for environment variables',
    evaluate: notSupportedAtEdge,
  },
];

function timeoutAboveIntegrationTimeout(fn: LambdaFunction): Found {
  const { timeout } = fn;
  if (timeout === undefined) return undefined;
  const [worst] = fn.callers.filter(({ async }) => async === false).flatMap(integrationTimeoutOf)
    .filter(({ seconds }) => timeout >= seconds)
    .sort((a, b) => Number(isMild(fn, a)) - Number(isMild(fn, b)) || a.seconds - b.seconds);
  if (worst) {
    return {
      at: fn.resource,
      property: 'Timeout',
      must: `must be below ${durationText(worst.seconds)} (the integration timeout of ${worst.resource.path})`,
      got: timeout,
      severity: isMild(fn, worst) ? 'warning' : undefined,
    };
  }
  return undefined;
}

function timeoutAboveCallerTimeout(fn: LambdaFunction): Found {
  const caller = fn.callers
    .filter(({ kind, async }) => async === false && Object.hasOwn(SECONDS, kind))
    .sort((a, b) => SECONDS[a.kind] - SECONDS[b.kind])[0];
  if (caller && fn.timeout !== undefined && fn.timeout > SECONDS[caller.kind]) {
    return {
      at: fn.resource,
      property: 'Timeout',
      must: `must be at most ${durationText(SECONDS[caller.kind])} (the timeout of ${caller.resource.path})`,
      got: fn.timeout,
    };
  }
  return undefined;
}

/** The functions of distributions, and functions whose role is for Lambda@Edge without a distribution in the app. */
function notSupportedAtEdge(app: AppGraph): Problem[] {
  const associated = new Set<LambdaFunction>();
  const found = app.ofType('AWS::CloudFront::Distribution').flatMap(distribution =>
    associationsOf(distribution).flatMap(association => {
      const { function: fn, alias } = targetOf(app, member(association, 'LambdaFunctionARN'), distribution);
      if (!fn) return [];
      associated.add(fn);
      return unsupportedSettings(fn, asString(member(association, 'EventType')), alias);
    }));
  const others = functionsOf(app).filter(fn => fn.atEdge && !associated.has(fn));
  return [...found, ...others.flatMap(fn => unsupportedSettings(fn))];
}

function associationsOf(distribution: Resource): Value[] {
  return cacheBehaviors(distribution)
    .flatMap(behavior => asList(member(behavior, 'LambdaFunctionAssociations')));
}

function cacheBehaviors(distribution: Resource): Value[] {
  return [
    distribution.get('DistributionConfig.DefaultCacheBehavior'),
    ...distribution.list('DistributionConfig.CacheBehaviors'),
  ];
}

/** How long an API waits for a function. */
interface Wait {
  readonly resource: Resource;
  readonly seconds: number;
}

/** Whether the timeout exceeds the limit by a second, or is for other callers, or the function answers on its own. */
function isMild(fn: LambdaFunction, { resource, seconds }: Wait): boolean {
  return fn.timeout! <= seconds + 1 || fn.sources.length > 0 || fn.async().length > 0 || isWebSocket(resource);
}

function isWebSocket(integration: Resource): boolean {
  return integration.type === 'AWS::ApiGatewayV2::Integration' && protocolOf(integration) === 'WEBSOCKET';
}

function integrationTimeoutOf({ kind, resource, property, waitsSeconds }: Caller): Wait[] {
  if (kind !== 'rest' && kind !== 'http') return [];
  const ofResource = kind === 'rest' ? restIntegrationSeconds : httpIntegrationSeconds;
  const [overrides] = property === 'Target' ? overridesOf(resource.template.app, resource) : [];
  const milliseconds = overrides?.target('ApiId') === resource
    ? overrides.number('Integration.TimeoutInMillis') : undefined;
  const seconds = milliseconds === undefined ? waitsSeconds ?? ofResource(resource) : milliseconds / 1_000;
  return seconds === undefined ? [] : [{ resource, seconds }];
}

function unsupportedSettings(fn: LambdaFunction, event?: string, alias?: Resource): Problem[] {
  const { resource } = fn;
  const isViewer = event?.startsWith('viewer-') === true;
  const seconds = isViewer ? LAMBDA_AT_EDGE.viewerTimeoutMaxSeconds : LAMBDA_AT_EDGE.originTimeoutMaxSeconds;
  const memory = isViewer ? LAMBDA_AT_EDGE.viewerMemoryMaxMiB : Infinity;
  const storage = LAMBDA_AT_EDGE.ephemeralStorageMaxMiB;
  const above = (property: string, most: number) => (resource.number(property) ?? 0) > most;
  const isSet = (property: string) => resource.list(property).length > 0;
  const variables = fn.environment.map(([key]) => key).join(', ');
  const settings: [property: string, isUnsupported: boolean, must: string, got: Value][] = [
    ['Timeout', (fn.timeout ?? 0) > seconds, `must be at most ${durationText(seconds)}`, fn.timeout],
    ['MemorySize', above('MemorySize', memory), `must be at most ${memory} MB`, resource.get('MemorySize')],
    [
      'EphemeralStorage.Size',
      above('EphemeralStorage.Size', storage),
      `must be at most ${storage} MB`,
      resource.get('EphemeralStorage.Size'),
    ],
    ['Architectures', resource.list('Architectures').includes('arm64'), 'must be x86_64', 'arm64'],
    ['Environment.Variables', fn.environment.length > 0, 'must be empty', variables],
    ['Layers', isSet('Layers'), 'must be empty', resource.list('Layers').length],
    ['VpcConfig', fn.inVpc, 'must not be set', 'a VPC'],
    ['PackageType', fn.isImage, 'must be Zip', 'Image'],
    [
      'DeadLetterConfig',
      isSet('DeadLetterConfig.TargetArn'),
      'must not be set',
      resource.get('DeadLetterConfig.TargetArn'),
    ],
    ['FunctionVersion', alias !== undefined, 'must be a numbered version', alias?.path],
  ];
  return settings
    .filter(([, isUnsupported]) => isUnsupported)
    .map(([property, , must, got]) => {
      const where = event === undefined ? 'on Lambda@Edge' : `for ${event} on Lambda@Edge`;
      return { at: resource, property, must: `${must} ${where}`, got };
    });
}
