import { PROVISIONED_CONCURRENCY } from '../../../aws';
import { asNumber, asString, member } from '../../graph';
import type { LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { eachScalingTarget } from '../support/scaling-targets';

const PROVISIONED = SOURCE.lambda('provisioned-concurrency');
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

export const SCALING_RULES: Rule[] = [
  {
    id: 'LP-C10',
    category: 'cold-start',
    severity: 'error',
    title: 'Target utilization is out of range',
    why: 'Provisioned concurrency scales at a utilization of 0.1 to 0.9.',
    fix: 'use 0.7',
    source: PROVISIONED,
    elsewhere: 'CDK throws for its own scaling',
    evaluate: each(POLICY, utilizationOutOfRange),
  },
  {
    id: 'LP-C11',
    category: 'cold-start',
    severity: 'error',
    title: 'Scaling minimum is 0',
    why:
      'At 0 the configuration is deleted, and the next update of the alias fails with '
      + 'ProvisionedConcurrencyConfigNotFoundException.',
    fix: 'set MinCapacity to 1 or more',
    source: 'https://github.com/aws/aws-cdk/issues/29992',
    practice: true,
    evaluate: eachScalingTarget(scalesToZero),
  },
  {
    id: 'LP-C12',
    category: 'cold-start',
    severity: 'warning',
    title: 'Scheduled scaling is not valid',
    why:
      'Application Auto Scaling rejects a minimum above the maximum when the schedule starts. Without a '
      + 'time zone the schedule uses UTC.',
    fix: 'set Timezone, and a minimum below the maximum',
    source:
      'https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html',
    evaluate: eachScalingTarget(schedulesNotValid),
  },
  {
    id: 'LP-C13',
    category: 'cold-start',
    severity: 'warning',
    title: 'Scaled alias has no provisioned concurrency',
    why: 'An alias without its own provisioned concurrency has none until the scaling starts.',
    fix: 'set ProvisionedConcurrencyConfig on the alias to the minimum',
    source: PROVISIONED,
    evaluate: eachScalingTarget(scalingWithoutProvisionedConcurrency),
  },
  {
    id: 'LP-C19',
    category: 'cold-start',
    severity: 'error',
    title: 'Scaling maximum exceeds reserved concurrency',
    why: 'The maximum can never be provisioned.',
    fix: 'lower MaxCapacity, or raise ReservedConcurrentExecutions',
    source: PROVISIONED,
    evaluate: eachScalingTarget(scalingAboveReserved),
  },
];

function utilizationOutOfRange(policy: Resource): Found {
  const metric = policy.string(
    'TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType',
  );
  const value = policy.number('TargetTrackingScalingPolicyConfiguration.TargetValue');
  if (
    metric === 'LambdaProvisionedConcurrencyUtilization'
    && value !== undefined
    && (value < PROVISIONED_CONCURRENCY.utilizationMin || value > PROVISIONED_CONCURRENCY.utilizationMax)
  ) {
    return {
      at: policy,
      property: 'TargetTrackingScalingPolicyConfiguration.TargetValue',
      must: `must be between ${PROVISIONED_CONCURRENCY.utilizationMin} and ${PROVISIONED_CONCURRENCY.utilizationMax}`,
      got: value,
    };
  }
  return undefined;
}

function scalesToZero(target: Resource): Found {
  if (target.number('MinCapacity') === 0) {
    return { at: target, property: 'MinCapacity', must: 'must be at least 1', got: 0 };
  }
  return undefined;
}

function schedulesNotValid(target: Resource): Found {
  return target.list('ScheduledActions').flatMap((action, i) => {
    const [min, max] = ['MinCapacity', 'MaxCapacity'].map(key =>
      asNumber(member(member(action, 'ScalableTargetAction'), key)),
    );
    return [
      min !== undefined
        && max !== undefined
        && min > max && {
        at: target,
        property: `ScheduledActions.${i}.ScalableTargetAction.MinCapacity`,
        must: `must be at most ${max}`,
        got: min,
      },
      /^cron/.test(asString(member(action, 'Schedule')) ?? '')
        && member(action, 'Timezone') === undefined && {
        at: target,
        property: `ScheduledActions.${i}.Timezone`,
        must: 'must be set',
        got: 'UTC (the default)',
      },
    ];
  });
}

function scalingWithoutProvisionedConcurrency(target: Resource, fn?: LambdaFunction, alias?: Resource): Found {
  if (fn && alias?.lacks('ProvisionedConcurrencyConfig')) {
    return {
      at: alias,
      property: 'ProvisionedConcurrencyConfig',
      must: `must be set for ${target.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function scalingAboveReserved(target: Resource, fn?: LambdaFunction): Found {
  const most = target.number('MaxCapacity');
  if (fn?.reserved !== undefined && most !== undefined && most > fn.reserved) {
    return {
      at: target,
      property: 'MaxCapacity',
      must: `must be at most ${fn.reserved} (reserved for ${fn.path})`,
      got: most,
    };
  }
  return undefined;
}
