import { LAMBDA } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import type { LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction, everyFunction } from '../support/each';
import type { Found } from '../support/each';
import { nameList } from '../support/name-list';

const AMOUNT = 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';

export const FUNCTION_SETTINGS_RULES: Rule[] = [
  {
    id: 'LP-F01',
    category: 'foundation',
    severity: 'warning',
    title: 'Function timeout is left at the default of 3 seconds',
    why: 'The default of 3 seconds is shorter than a cold start and the first downstream call.',
    fix: 'set a timeout of two to three times the p99 duration',
    source: SOURCE.lambda('configuration-timeout'),
    elsewhere: 'cdk-nag Serverless: LambdaDefaultTimeout',
    practice: true,
    evaluate: eachFunction(timeoutNotSet),
  },
  {
    id: 'LP-F02',
    category: 'foundation',
    severity: 'error',
    title: 'Function timeout exceeds 15 minutes',
    why:
      'Lambda stops a function after 15 minutes. Only functions on Managed Instances may process an event for '
      + '90 minutes.',
    fix: 'split the work, or use Step Functions or a durable function',
    source: SOURCE.lambda('gettingstarted-limits'),
    elsewhere: 'CDK: E3717 as a warning; cfn-lint: E3717',
    evaluate: everyFunction(timeoutAboveMaximum),
  },
  {
    id: 'LP-F04',
    category: 'foundation',
    severity: 'warning',
    title: 'Function memory is left at the default of 128 MB',
    why: 'Lambda allocates 7 % of a vCPU to 128 MB. Initialization and invocations are slow and often cost no less.',
    fix: 'start with 512 MB and measure with AWS Lambda Power Tuning',
    source: SOURCE.lambda('configuration-memory'),
    elsewhere: 'cdk-nag Serverless: LambdaDefaultMemorySize',
    practice: true,
    evaluate: eachFunction(memoryNotSet),
  },
  {
    id: 'LP-F05',
    category: 'foundation',
    severity: 'warning',
    title: 'Java or .NET function has less than 1,024 MB of memory',
    why: 'The startup of a JVM or CLR is CPU-bound, and Lambda allocates CPU in proportion to memory.',
    fix: 'raise MemorySize to 1024 or more',
    source: SOURCE.lambda('configuration-memory'),
    practice: true,
    evaluate: eachFunction(memoryTooLowForRuntime),
  },
  {
    id: 'LP-F09',
    category: 'foundation',
    severity: 'warning',
    title: 'Function architecture is not set',
    why: 'The default is x86_64. arm64 costs less for the same duration on every current runtime.',
    fix: 'set arm64, or x86_64 if a native dependency requires it',
    source: SOURCE.lambda('foundation-arch'),
    practice: true,
    evaluate: eachFunction(architectureNotSet),
  },
  {
    id: 'LP-F19',
    category: 'foundation',
    severity: 'error',
    title: 'Provisioned concurrency exceeds reserved concurrency',
    why: 'Provisioned concurrency is allocated from the reserved concurrency of the function.',
    fix: 'raise ReservedConcurrentExecutions, or lower the provisioned concurrency',
    source: SOURCE.lambda('configuration-concurrency'),
    evaluate: eachFunction(provisionedAboveReserved),
  },
  {
    id: 'LP-F20',
    category: 'foundation',
    severity: 'warning',
    title: 'Reserved concurrency of 0 disables the function',
    why: 'Lambda throttles every invocation of a function with a reserved concurrency of 0.',
    fix: 'raise it, or remove it to use the unreserved concurrency of the account',
    source: SOURCE.lambda('configuration-concurrency'),
    evaluate: eachFunction(reservedConcurrencyZero),
  },
  {
    id: 'LP-F66',
    category: 'foundation',
    severity: 'error',
    title: 'Tenant isolation is combined with an incompatible feature',
    why:
      'A function with tenant isolation supports no function URL, provisioned concurrency, SnapStart or '
      + 'event source mapping.',
    fix: 'remove one of the two',
    source: SOURCE.lambda('tenant-isolation'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(tenancyConflict),
  },
];

function timeoutNotSet(fn: LambdaFunction): Found {
  if (fn.resource.lacks('Timeout') && !fn.atEdge) {
    return { at: fn.resource, property: 'Timeout', must: 'must be set (the default is 3 seconds)', got: undefined };
  }
  return undefined;
}

function timeoutAboveMaximum(fn: LambdaFunction): Found {
  const most = fn.managedInstances ? LAMBDA.managedInstancesTimeoutMaxSeconds : LAMBDA.timeoutMaxSeconds;
  if (fn.timeout !== undefined && fn.timeout > most) {
    return {
      at: fn.resource,
      property: 'Timeout',
      must: `must be at most ${durationText(most)}`,
      got: fn.timeout,
    };
  }
  return undefined;
}

function memoryNotSet(fn: LambdaFunction): Found {
  if (fn.resource.lacks('MemorySize') && !fn.managedInstances && !fn.atEdge) {
    return { at: fn.resource, property: 'MemorySize', must: 'must be set (the default is 128 MB)', got: undefined };
  }
  return undefined;
}

function memoryTooLowForRuntime(fn: LambdaFunction): Found {
  const memory = fn.resource.number('MemorySize');
  if (/^(java|dotnet)/.test(fn.runtime) && memory !== undefined && memory < LAMBDA.memoryJvmMinMiB) {
    return {
      at: fn.resource,
      property: 'MemorySize',
      must: `must be at least ${LAMBDA.memoryJvmMinMiB} MB for ${fn.runtime}`,
      got: memory,
    };
  }
  return undefined;
}

function architectureNotSet(fn: LambdaFunction): Found {
  if (fn.resource.lacks('Architectures') && !fn.managedInstances && !fn.atEdge) {
    return {
      at: fn.resource,
      property: 'Architectures',
      must: 'must be set (the default is x86_64)',
      got: undefined,
    };
  }
  return undefined;
}

function provisionedAboveReserved(fn: LambdaFunction): Found {
  return fn
    .provisioned()
    .filter(({ amount }) => amount !== undefined && fn.reserved !== undefined && amount > fn.reserved)
    .map(({ resource, amount }) => ({
      at: resource,
      property: AMOUNT,
      must: `must be at most ${fn.reserved} (reserved for ${fn.path})`,
      got: amount,
    }));
}

function reservedConcurrencyZero(fn: LambdaFunction): Found {
  if (fn.reserved === 0) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: 'must be above 0 for the function to run',
      got: 0,
    };
  }
  return undefined;
}

function tenancyConflict(fn: LambdaFunction): Found {
  if (fn.resource.lacks('TenancyConfig') || fn.resource.isUnknown('TenancyConfig')) return undefined;
  const clashes = [
    fn.urls.length > 0 && 'a function URL',
    fn.provisioned().length > 0 && 'provisioned concurrency',
    fn.snapStart && 'SnapStart',
    fn.sources.length > 0 && 'an event source mapping',
  ].filter(clash => typeof clash === 'string');
  if (clashes.length > 0) {
    return {
      at: fn.resource,
      property: 'TenancyConfig',
      must: 'must not be combined with an incompatible feature',
      got: nameList(clashes),
    };
  }
  return undefined;
}
