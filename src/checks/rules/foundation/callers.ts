import { EDGE, PATIENCE } from '../../../limits';
import { asList, asString, member, targetOf } from '../../graph';
import type { LambdaFunction, Resource, Value } from '../../graph';
import { each, eachFunction } from '../each';
import type { Problem, Rule } from '../rule';

const SECONDS: Record<string, number> = { cognito: PATIENCE.cognitoTriggerSeconds, appsync: PATIENCE.appsyncRequestSeconds };
const CDN = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide';

/** Services with needs of their own: user pools, GraphQL and CloudFront. */
export const CALLER_RULES: Rule[] = [
  {
    id: 'LP-F92',
    article: 'foundation',
    severity: 'warning',
    title: 'the function outlives a caller that does not wait',
    why: 'a user pool gives a trigger 5 s and calls it up to three times, AppSync gives a request 30 s; the function goes on meanwhile',
    fix: 'lower the timeout of the function, and hand long work to a queue',
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html',
    practice: true,
    evaluate: eachFunction(fn => {
      const waits = fn.callers.filter(({ kind }) => Object.hasOwn(SECONDS, kind)).sort((a, b) => SECONDS[a.kind] - SECONDS[b.kind])[0];
      return waits && fn.timeout !== undefined && fn.timeout > SECONDS[waits.kind]
        && { at: fn.resource, property: 'Timeout', must: `must be at most ${SECONDS[waits.kind]} s (what ${waits.resource.path} waits)`, got: fn.timeout };
    }),
  },
  {
    id: 'LP-F93',
    article: 'foundation',
    severity: 'error',
    title: 'a function that CloudFront does not take',
    why: 'functions at the edge run 5 s and 128 MB for viewers, 30 s for origins, on x86_64, without environment, layers, VPC, images or aliases',
    fix: 'change it to what CloudFront takes, or use CloudFront Functions',
    source: `${CDN}/lambda-at-edge-function-restrictions.html`,
    elsewhere: 'CDK throws for environment variables',
    evaluate: each('AWS::CloudFront::Distribution', (distribution, app) => behaviours(distribution).flatMap(behaviour => asList(member(behaviour, 'LambdaFunctionAssociations')).flatMap(association => {
      const target = targetOf(app, member(association, 'LambdaFunctionARN'), distribution);
      return target.function ? misfits(target.function, target.alias, asString(member(association, 'EventType')) ?? '') : [];
    }))),
  },
];

function behaviours(distribution: Resource): Value[] {
  return [distribution.get('DistributionConfig.DefaultCacheBehavior'), ...distribution.list('DistributionConfig.CacheBehaviors')];
}

function misfits(fn: LambdaFunction, alias: Resource | undefined, event: string): Problem[] {
  const { resource } = fn;
  const viewer = event.startsWith('viewer-');
  const seconds = viewer ? EDGE.viewerTimeoutMaxSeconds : EDGE.originTimeoutMaxSeconds;
  const memory = viewer ? EDGE.viewerMemoryMaxMiB : Infinity;
  const misfit = (property: string, wrong: boolean | undefined, must: string, got: Value): Problem[] => (wrong ? [{ at: resource, property, must: `${must} for ${event} at CloudFront`, got }] : []);
  const given = (property: string) => resource.list(property).length > 0;
  return [
    ...misfit('Timeout', fn.timeout !== undefined && fn.timeout > seconds, `must be at most ${seconds} s`, fn.timeout),
    ...misfit('MemorySize', (resource.number('MemorySize') ?? 0) > memory, `must be at most ${memory} MB`, resource.get('MemorySize')),
    ...misfit('EphemeralStorage.Size', (resource.number('EphemeralStorage.Size') ?? 0) > EDGE.ephemeralStorageMaxMiB, `must be at most ${EDGE.ephemeralStorageMaxMiB} MB`, resource.get('EphemeralStorage.Size')),
    ...misfit('Architectures', resource.list('Architectures').includes('arm64'), 'must be x86_64', 'arm64'),
    ...misfit('Environment.Variables', fn.environment.length > 0, 'must be empty', fn.environment.map(([key]) => key).join(', ')),
    ...misfit('Layers', given('Layers'), 'must be empty', resource.list('Layers').length),
    ...misfit('VpcConfig', fn.inVpc, 'must not be set', 'a VPC'),
    ...misfit('PackageType', fn.isImage, 'must be Zip', 'Image'),
    ...misfit('DeadLetterConfig', given('DeadLetterConfig.TargetArn'), 'must not be set', resource.get('DeadLetterConfig.TargetArn')),
    ...misfit('FunctionVersion', alias !== undefined, 'must be a numbered version', alias?.path),
  ];
}
