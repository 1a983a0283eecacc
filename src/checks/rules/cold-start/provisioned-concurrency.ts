import { releasesOf, shiftsInSteps } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { knownSum } from '../support/known-sum';
import { scalingTargetsOf } from '../support/scaling-targets';

const PROVISIONED = SOURCE.lambda('provisioned-concurrency');
const AMOUNT = 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';

export const PROVISIONED_CONCURRENCY_RULES: Rule[] = [
  {
    id: 'LP-C08',
    category: 'cold-start',
    severity: 'error',
    title: 'Provisioned concurrency is set on a version',
    why: 'It remains on the old version, and is charged, after the alias moves to a new version.',
    fix: 'set it on the alias',
    source: PROVISIONED,
    practice: true,
    evaluate: eachFunction(provisionedOnVersion),
  },
  {
    id: 'LP-C09',
    category: 'cold-start',
    severity: 'error',
    title: 'Provisioned concurrency of all aliases exceeds reserved concurrency',
    why: 'All provisioned concurrency of a function is allocated from its reserved concurrency.',
    fix: 'raise ReservedConcurrentExecutions, or lower the provisioned concurrency',
    source: PROVISIONED,
    evaluate: eachFunction(aliasesAboveReserved),
  },
  {
    id: 'LP-C14',
    category: 'cold-start',
    severity: 'info',
    title: 'Provisioned concurrency is fixed',
    why: 'A fixed amount is charged around the clock.',
    fix: 'add scaling by utilization or by schedule',
    source: PROVISIONED,
    evaluate: eachFunction(provisionedAroundTheClock),
  },
  {
    id: 'LP-C15',
    category: 'cold-start',
    severity: 'info',
    title: 'Provisioned concurrency is divided during a canary',
    why:
      'While two versions receive traffic, each has only a part of the provisioned concurrency. Further '
      + 'requests start cold.',
    fix: 'provision 10 % more than the peak requires',
    source: PROVISIONED,
    evaluate: provisionedDuringCanary,
  },
  {
    id: 'LP-C18',
    category: 'cold-start',
    severity: 'info',
    title: 'SnapStart could replace provisioned concurrency',
    why: 'On this runtime SnapStart removes most of a cold start without a fixed cost.',
    fix: 'measure SnapStart before you pay for provisioned concurrency',
    source: SOURCE.lambda('snapstart'),
    evaluate: eachFunction(snapStartAlternative),
  },
];

function provisionedOnVersion(fn: LambdaFunction): Found {
  return fn.versions
    .filter(
      version => !version.lacks('ProvisionedConcurrencyConfig') && !version.isUnknown('ProvisionedConcurrencyConfig'),
    )
    .map(version => ({
      at: version,
      property: 'ProvisionedConcurrencyConfig',
      must: 'must be set on an alias',
      got: version.number(AMOUNT),
    }));
}

function aliasesAboveReserved(fn: LambdaFunction): Found {
  const total = knownSum(fn.provisioned().map(({ amount }) => amount));
  if (fn.provisioned().length > 1 && total !== undefined && fn.reserved !== undefined && total > fn.reserved) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: `must be at least ${total} (the provisioned concurrency of all aliases)`,
      got: fn.reserved,
    };
  }
  return undefined;
}

function provisionedAroundTheClock(fn: LambdaFunction, app: AppGraph): Found {
  const scaled = scalingTargetsOf(app).map(({ alias }) => alias);
  if (scaled.includes(undefined)) return undefined;
  return fn
    .provisioned()
    .filter(({ resource }) => resource.type === 'AWS::Lambda::Alias' && !scaled.includes(resource))
    .map(({ resource, amount }) => ({
      at: resource,
      property: 'ProvisionedConcurrencyConfig',
      must: 'must be worth its fixed cost, or scale',
      got: amount,
    }));
}

function provisionedDuringCanary(app: AppGraph): Problem[] {
  return releasesOf(app)
    .filter(({ alias, routing }) => shiftsInSteps(routing) && !alias.lacks('ProvisionedConcurrencyConfig'))
    .map(({ alias }) => ({
      at: alias,
      property: 'ProvisionedConcurrencyConfig',
      must: 'must be enough for two versions',
      got: alias.number(AMOUNT),
    }));
}

function snapStartAlternative(fn: LambdaFunction): Found {
  const isSupported = /^(java(11|17|21|25)|python3\.1[2-9]|dotnet([89]|1\d))/.test(fn.runtime);
  if (fn.snapStart || !isSupported) return undefined;
  return fn
    .provisioned()
    .slice(0, 1)
    .map(({ resource, amount }) => ({
      at: resource,
      property: 'ProvisionedConcurrencyConfig',
      must: `must be needed in addition to SnapStart for ${fn.runtime}`,
      got: amount,
    }));
}
