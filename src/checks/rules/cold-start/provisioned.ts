import { LAMBDA, WARM_CAPACITY } from '../../../limits';
import { asNumber, asString, isJson, member, patternOf, releasesOf, shiftsInSteps, sum, targetOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { each, eachFunction } from '../each';
import { assetPath } from '../foundation/configuration';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const PROVISIONED = SOURCE.lambda('provisioned-concurrency');
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const AMOUNT = 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';

/** Provisioned concurrency, its scaling, and the size of packages. */
export const PROVISIONED_RULES: Rule[] = [
  {
    id: 'LP-F19',
    article: 'foundation',
    severity: 'error',
    title: 'more provisioned than reserved',
    why: 'provisioned concurrency is taken from what is reserved',
    fix: 'raise ReservedConcurrentExecutions, or provision less',
    source: SOURCE.lambda('configuration-concurrency'),
    evaluate: eachFunction(fn => fn.provisioned().filter(({ amount }) => amount !== undefined && fn.reserved !== undefined && amount > fn.reserved)
      .map(({ resource, amount }) => ({ at: resource, property: AMOUNT, must: `must be at most ${fn.reserved} (reserved for ${fn.path})`, got: amount }))),
  },
  {
    id: 'LP-C08',
    article: 'cold-start',
    severity: 'error',
    title: 'provisioned concurrency on a version',
    why: 'it stays on the old version, and is paid for, when the alias moves on',
    fix: 'put it on the alias',
    source: PROVISIONED,
    practice: true,
    evaluate: eachFunction(fn => fn.versions.filter(version => !version.lacks('ProvisionedConcurrencyConfig') && !version.isUnknown('ProvisionedConcurrencyConfig'))
      .map(version => ({ at: version, property: 'ProvisionedConcurrencyConfig', must: 'must be set on an alias', got: version.number(AMOUNT) }))),
  },
  {
    id: 'LP-C09',
    article: 'cold-start',
    severity: 'error',
    title: 'the aliases together provision more than is reserved',
    why: 'all provisioned concurrency of a function comes from its reserved concurrency',
    fix: 'raise ReservedConcurrentExecutions, or provision less',
    source: PROVISIONED,
    evaluate: eachFunction(fn => {
      const total = sum(fn.provisioned().map(({ amount }) => amount));
      return fn.provisioned().length > 1 && total !== undefined && fn.reserved !== undefined && total > fn.reserved
        && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: `must be at least ${total} (all that is provisioned)`, got: fn.reserved };
    }),
  },
  {
    id: 'LP-C19',
    article: 'cold-start',
    severity: 'error',
    title: 'scaling beyond what is reserved',
    why: 'the maximum of the scaling can never be provisioned',
    fix: 'lower MaxCapacity, or raise ReservedConcurrentExecutions',
    source: PROVISIONED,
    evaluate: eachTarget((target, fn) => {
      const most = target.number('MaxCapacity');
      return fn?.reserved !== undefined && most !== undefined && most > fn.reserved
        ? [{ at: target, property: 'MaxCapacity', must: `must be at most ${fn.reserved} (reserved for ${fn.path})`, got: most }] : [];
    }),
  },
  {
    id: 'LP-C10',
    article: 'cold-start',
    severity: 'error',
    title: 'target utilization out of range',
    why: 'Lambda scales provisioned concurrency at 0.1 to 0.9 of its use',
    fix: 'use 0.7',
    source: PROVISIONED,
    elsewhere: 'CDK throws for its own scaling',
    evaluate: each(POLICY, policy => {
      const metric = policy.string('TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType');
      const value = policy.number('TargetTrackingScalingPolicyConfiguration.TargetValue');
      return metric === 'LambdaProvisionedConcurrencyUtilization' && value !== undefined && (value < WARM_CAPACITY.utilizationMin || value > WARM_CAPACITY.utilizationMax)
        && { at: policy, property: 'TargetTrackingScalingPolicyConfiguration.TargetValue', must: `must be between ${WARM_CAPACITY.utilizationMin} and ${WARM_CAPACITY.utilizationMax}`, got: value };
    }),
  },
  {
    id: 'LP-C11',
    article: 'cold-start',
    severity: 'error',
    title: 'scaling down to nothing',
    why: 'at 0 the configuration is deleted, and the next update of the alias fails with ProvisionedConcurrencyConfigNotFoundException',
    fix: 'set MinCapacity to 1 or more',
    source: 'https://github.com/aws/aws-cdk/issues/29992',
    practice: true,
    evaluate: eachTarget(target => (target.number('MinCapacity') === 0 ? [{ at: target, property: 'MinCapacity', must: 'must be at least 1', got: 0 }] : [])),
  },
  {
    id: 'LP-C12',
    article: 'cold-start',
    severity: 'warning',
    title: 'a scheduled scaling that does not fit',
    why: 'a minimum above the maximum is refused when its time comes, and without a time zone the time is UTC',
    fix: 'set Timezone, and a minimum below the maximum',
    source: 'https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html',
    evaluate: eachTarget(target => target.list('ScheduledActions').flatMap((action, i) => {
      const [min, max] = ['MinCapacity', 'MaxCapacity'].map(key => asNumber(member(member(action, 'ScalableTargetAction'), key)));
      return [
        ...(min !== undefined && max !== undefined && min > max ? [{ at: target, property: `ScheduledActions.${i}.ScalableTargetAction.MinCapacity`, must: `must be at most ${max}`, got: min }] : []),
        ...(/^cron/.test(asString(member(action, 'Schedule')) ?? '') && member(action, 'Timezone') === undefined ? [{ at: target, property: `ScheduledActions.${i}.Timezone`, must: 'must be set', got: 'UTC (the default)' }] : []),
      ];
    })),
  },
  {
    id: 'LP-C13',
    article: 'cold-start',
    severity: 'warning',
    title: 'scaling of what is not there',
    why: 'an alias without provisioned concurrency of its own has none until the scaling acts',
    fix: 'set ProvisionedConcurrencyConfig on the alias to the minimum',
    source: PROVISIONED,
    evaluate: eachTarget((target, fn, alias) => (fn && alias?.lacks('ProvisionedConcurrencyConfig')
      ? [{ at: alias, property: 'ProvisionedConcurrencyConfig', must: `must be set for ${target.path}`, got: undefined }] : [])),
  },
  {
    id: 'LP-C14',
    article: 'cold-start',
    severity: 'info',
    title: 'provisioned day and night',
    why: 'a fixed amount is paid for around the clock',
    fix: 'add scaling by use or by schedule',
    source: PROVISIONED,
    evaluate: eachFunction((fn, app) => {
      const scaled = targetsOf(app).map(({ alias }) => alias);
      return fn.provisioned().filter(({ resource }) => resource.type === 'AWS::Lambda::Alias' && !scaled.includes(resource) && !scaled.includes(undefined))
        .map(({ resource, amount }) => ({ at: resource, property: 'ProvisionedConcurrencyConfig', must: 'must be worth a fixed cost, or scale', got: amount }));
    }),
  },
  {
    id: 'LP-C15',
    article: 'cold-start',
    severity: 'info',
    title: 'provisioned concurrency in a canary',
    why: 'while both versions serve, each has less than the whole, and the rest starts cold',
    fix: 'provision a tenth more than the peak needs',
    source: PROVISIONED,
    evaluate: app => releasesOf(app).flatMap(({ alias, shift }) => (shiftsInSteps(shift) && !alias.lacks('ProvisionedConcurrencyConfig')
      ? [{ at: alias, property: 'ProvisionedConcurrencyConfig', must: 'must have room for two versions', got: alias.number(AMOUNT) }] : [])),
  },
  {
    id: 'LP-C16',
    article: 'cold-start',
    severity: 'warning',
    title: 'a large package',
    why: 'Lambda takes 50 MB directly, and what it loads at the start it loads at every cold start',
    fix: 'bundle and minify, and leave out what the handler does not import',
    source: SOURCE.lambda('gettingstarted-limits'),
    practice: true,
    evaluate: eachAsset((resource, bytes) => bytes > LAMBDA.zipMaxBytes && bytes <= LAMBDA.unzippedPackageMaxBytes
      && { at: resource, property: 'Code', must: `must be at most ${megabytes(LAMBDA.zipMaxBytes)}`, got: megabytes(bytes) }),
  },
  {
    id: 'LP-C17',
    article: 'cold-start',
    severity: 'error',
    title: 'the package is too large',
    why: 'code and layers together may have 250 MB unzipped',
    fix: 'use a container image, or leave out what is not needed',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachAsset((resource, bytes) => bytes > LAMBDA.unzippedPackageMaxBytes
      && { at: resource, property: 'Code', must: `must be at most ${megabytes(LAMBDA.unzippedPackageMaxBytes)} with its layers`, got: megabytes(bytes) }),
  },
  {
    id: 'LP-C18',
    article: 'cold-start',
    severity: 'info',
    title: 'SnapStart might do',
    why: 'on this runtime SnapStart takes away most of a cold start without a fixed cost',
    fix: 'measure SnapStart before paying for provisioned concurrency',
    source: SOURCE.lambda('snapstart'),
    evaluate: eachFunction(fn => (!fn.snapStart && /^(java(11|17|21|25)|python3\.1[2-9]|dotnet([89]|1\d))/.test(fn.runtime) ? fn.provisioned().slice(0, 1)
      .map(({ resource, amount }) => ({ at: resource, property: 'ProvisionedConcurrencyConfig', must: `must be needed beyond the SnapStart of ${fn.runtime}`, got: amount })) : undefined)),
  },
];

interface ScalingTarget { target: Resource; fn?: LambdaFunction; alias?: Resource }

function targetsOf(app: AppGraph): ScalingTarget[] {
  return app.ofType(TARGET).filter(target => target.string('ScalableDimension') === 'lambda:function:ProvisionedConcurrency').map(target => {
    const id = target.get('ResourceId');
    const found = targetOf(app, id, target);
    if (found.alias || found.qualifier === undefined) return { target, fn: found.function, alias: found.alias };
    const name = /:([\w-]+)$/.exec(patternOf(id))?.[1];
    return { target, fn: found.function, alias: found.function?.aliases.find(alias => alias.string('Name') === name) };
  });
}

function eachTarget(check: (target: Resource, fn?: LambdaFunction, alias?: Resource) => Problem[]): (app: AppGraph) => Problem[] {
  return app => targetsOf(app).flatMap(({ target, fn, alias }) => check(target, fn, alias));
}

function eachAsset(check: (resource: Resource, bytes: number) => Problem | false): (app: AppGraph) => Problem[] {
  return eachFunction((fn, app) => {
    const parts = [fn.resource, ...fn.resource.list('Layers').map(layer => app.resourceOf(layer, fn.resource, 'AWS::Lambda::LayerVersion'))];
    // a lower bound: layers from elsewhere count nothing
    return check(fn.resource, parts.reduce((bytes, part) => bytes + (part ? sizeOf(part) : 0), 0));
  });
}

function sizeOf(resource: Resource): number {
  const path = isJson(resource.raw.Metadata) ? assetPath(resource.raw.Metadata) : undefined;
  return (path !== undefined && resource.string('PackageType') !== 'Image' && resource.template.input.assetBytes?.(path)) || 0;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`;
}
