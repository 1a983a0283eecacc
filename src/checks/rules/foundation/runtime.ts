import { RUNTIME_ENDS, RUNTIME_ENDS_AS_OF, RUNTIME_NOTICE_DAYS, daysBetween } from '../../../aws';
import { functionsOf } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';

/** AWS announces new dates several times a year. */
const RUNTIME_TABLE_DAYS_MAX = 365;

export const RUNTIME_RULES: Rule[] = [
  {
    id: 'LP-F06',
    category: 'foundation',
    severity: 'error',
    title: 'Runtime is deprecated',
    why:
      'A deprecated runtime receives no security patches. Lambda later blocks creating and updating '
      + 'functions that use it.',
    fix: 'move to the successor of the runtime',
    source: SOURCE.lambda('lambda-runtimes'),
    elsewhere:
      'CDK and cfn-lint: W2531, which does not report python3.10 and dotnet8 in CDK 2.276; cdk-nag: '
      + 'AwsSolutions-L1 requires the latest runtime',
    practice: true,
    evaluate: eachFunction(runtimeDeprecated),
  },
  {
    id: 'LP-F07',
    category: 'foundation',
    severity: 'warning',
    title: 'Runtime will be deprecated soon',
    why: `The deprecation date is less than ${RUNTIME_NOTICE_DAYS} days away, and an upgrade requires tests.`,
    fix: 'plan the move to the successor of the runtime',
    source: SOURCE.lambda('lambda-runtimes'),
    practice: true,
    evaluate: eachFunction(runtimeNearDeprecation),
  },
  {
    id: 'LP-F70',
    category: 'foundation',
    severity: 'warning',
    title: 'Runtime version is pinned',
    why: 'With the update mode Manual the runtime receives no patches until the template changes.',
    fix: 'use Auto or FunctionUpdate, and pin only during a regression',
    source: SOURCE.lambda('runtimes-update'),
    practice: true,
    evaluate: eachFunction(runtimePinned),
  },
  {
    id: 'LP-F143',
    category: 'foundation',
    severity: 'warning',
    title: 'Dates of the runtimes are older than a year',
    why: 'This version of the checks does not know which runtimes were deprecated since.',
    fix: 'update cdk-production-lambda',
    source: SOURCE.lambda('lambda-runtimes'),
    evaluate: runtimeDatesOld,
  },
];

/** Says once for each app that the dates of the runtimes may have changed. */
function runtimeDatesOld(app: AppGraph): Problem[] {
  const first = functionsOf(app).find(fn => fn.runtime !== '');
  const age = daysBetween(RUNTIME_ENDS_AS_OF, app.today);
  if (!first || age <= RUNTIME_TABLE_DAYS_MAX) return [];
  const must = `must be compared with the current dates (known as of ${RUNTIME_ENDS_AS_OF})`;
  return [{ at: first.resource, property: 'Runtime', must, got: `dates that are ${age} days old` }];
}

function runtimeDeprecated(fn: LambdaFunction, app: AppGraph): Found {
  const end = deprecationOf(fn.runtime);
  if (!end || daysBetween(app.today, end.deprecated) > 0) return undefined;
  const blocked = end.createBlocked ? `, not for new functions from ${end.createBlocked}` : '';
  const must = `must be a supported runtime (deprecated on ${end.deprecated}${blocked})`;
  return { at: fn.resource, property: 'Runtime', must, got: fn.runtime, fix: `move to ${end.successor}` };
}

function runtimeNearDeprecation(fn: LambdaFunction, app: AppGraph): Found {
  const end = deprecationOf(fn.runtime);
  const days = end ? daysBetween(app.today, end.deprecated) : 0;
  if (!end || days <= 0 || days > RUNTIME_NOTICE_DAYS) return undefined;
  const must = `must be upgraded before ${end.deprecated}`;
  return { at: fn.resource, property: 'Runtime', must, got: fn.runtime, fix: `plan the move to ${end.successor}` };
}

function runtimePinned(fn: LambdaFunction): Found {
  if (fn.resource.string('RuntimeManagementConfig.UpdateRuntimeOn') === 'Manual') {
    return {
      at: fn.resource,
      property: 'RuntimeManagementConfig.UpdateRuntimeOn',
      must: 'must be Auto or FunctionUpdate to be patched',
      got: 'Manual',
    };
  }
  return undefined;
}

function deprecationOf(runtime: string) {
  return Object.hasOwn(RUNTIME_ENDS, runtime) ? RUNTIME_ENDS[runtime] : undefined;
}
