import { LAMBDA } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { isJson, LATEST } from '../../graph';
import type { Caller, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { ON_FAILURE, ON_SUCCESS } from '../support/failure-destinations';
import { invocationsOf } from '../support/invocations';
import { outOfRange } from '../support/out-of-range';

export const DURABLE_FUNCTIONS_RULES: Rule[] = [
  {
    id: 'LP-F62',
    category: 'foundation',
    severity: 'error',
    title: 'Durable function has destinations',
    why: 'Durable functions do not support destinations for results or failures.',
    fix: 'use a dead-letter queue',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(durableWithDestinations),
  },
  {
    id: 'LP-F63',
    category: 'foundation',
    severity: 'error',
    title: 'Durable execution behind an event source is too long',
    why:
      'Lambda rejects an event source mapping for a durable function with an execution timeout above '
      + `${durationText(LAMBDA.durableWithSourceMaxSeconds)}.`,
    fix: 'shorten the execution, or start it from a small function that the event source mapping invokes',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(durableTooLongForSource),
  },
  {
    id: 'LP-F187',
    category: 'foundation',
    severity: 'error',
    title: 'Durable execution is too long for a synchronous caller',
    why:
      'Lambda rejects each synchronous invocation of a durable function with an execution timeout above '
      + `${durationText(LAMBDA.durableWithSourceMaxSeconds)}.`,
    fix: 'shorten the execution, or invoke the function asynchronously (InvocationType Event)',
    source: SOURCE.lambda('durable-invocation'),
    evaluate: eachFunction(durableTooLongForCaller),
  },
  {
    id: 'LP-F64',
    category: 'foundation',
    severity: 'warning',
    title: 'Function with a physical name is durable under a condition',
    why:
      'Adding or removing the durable configuration replaces the function, and a function with a fixed name '
      + 'cannot be created twice.',
    fix: 'remove FunctionName and let CloudFormation generate the name',
    source: SOURCE.lambda('durable-functions'),
    elsewhere: 'CDK: an info annotation',
    evaluate: eachFunction(durableWithName),
  },
  {
    id: 'LP-F65',
    category: 'foundation',
    severity: 'warning',
    title: 'Durable function is invoked without a version',
    why: 'An execution that is replayed on changed code fails. Lambda requires a version or an alias.',
    fix: 'invoke an alias',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(durableWithoutQualifier),
  },
  {
    id: 'LP-F79',
    category: 'foundation',
    severity: 'error',
    title: 'Durable execution setting is out of range',
    why:
      `An execution may last up to ${durationText(LAMBDA.durableExecutionMaxSeconds)}, and its history is retained `
      + 'for 1 to 90 days.',
    fix: 'choose a value in range',
    source: SOURCE.lambda('durable-functions'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(durableSettingsOutOfRange),
  },
];

function durableWithDestinations(fn: LambdaFunction): Found {
  if (!fn.durable) return undefined;
  return fn.asyncConfigs
    .filter(({ resource }) => !resource.lacks(ON_FAILURE) || !resource.lacks(ON_SUCCESS))
    .map(({ resource }) => ({
      at: resource,
      property: 'DestinationConfig',
      must: `must not be set for the durable ${fn.path}`,
      got: resource.get('DestinationConfig'),
    }));
}

function longestInvocation(fn: LambdaFunction): number {
  return fn.managedInstances ? LAMBDA.durableWithSourceOnInstancesMaxSeconds : LAMBDA.durableWithSourceMaxSeconds;
}

function durableTooLongForCaller(fn: LambdaFunction): Found {
  const most = longestInvocation(fn);
  const seconds = fn.resource.number('DurableConfig.ExecutionTimeout');
  if (seconds === undefined || seconds <= most) return undefined;
  const caller = fn.urls[0]?.resource ?? fn.callers.find(waits)?.resource;
  return caller && {
    at: fn.resource,
    property: 'DurableConfig.ExecutionTimeout',
    must: `must be at most ${durationText(most)} with the synchronous caller ${caller.path}`,
    got: seconds,
  };
}

/** Whether the caller surely waits: a resolver of AppSync and a state choose the type of the invocation. */
function waits({ kind, async, resource }: Caller): boolean {
  if (async !== false || kind === 'appsync') return false;
  if (kind !== 'states') return true;
  const isKnown = ['DefinitionString', 'Definition'].some(name => !resource.lacks(name) && !resource.isUnknown(name));
  return isKnown && !/InvocationType/.test(JSON.stringify(resource.raw));
}

function durableTooLongForSource(fn: LambdaFunction): Found {
  const most = longestInvocation(fn);
  const seconds = fn.resource.number('DurableConfig.ExecutionTimeout');
  if (fn.sources.length > 0 && seconds !== undefined && seconds > most) {
    return {
      at: fn.resource,
      property: 'DurableConfig.ExecutionTimeout',
      must: `must be at most ${durationText(most)} with the source ${fn.sources[0].mapping.path}`,
      got: seconds,
    };
  }
  return undefined;
}

function durableWithName(fn: LambdaFunction): Found {
  const properties = isJson(fn.resource.raw.Properties) ? fn.resource.raw.Properties : {};
  const isConditional = isJson(properties.DurableConfig) && 'Fn::If' in properties.DurableConfig;
  if (fn.durable && isConditional && fn.resource.string('FunctionName') !== undefined) {
    return {
      at: fn.resource,
      property: 'FunctionName',
      must: 'must not be set while a condition makes the function durable',
      got: fn.resource.get('FunctionName'),
    };
  }
  return undefined;
}

function durableWithoutQualifier(fn: LambdaFunction): Found {
  if (!fn.durable) return undefined;
  return invocationsOf(fn)
    .filter(({ at, qualifier }) => qualifier === LATEST && at.type !== 'AWS::Lambda::Url')
    .map(({ at, property }) => ({
      at,
      property,
      must: `must name a version or an alias of ${fn.path}`,
      got: LATEST,
    }));
}

function durableSettingsOutOfRange(fn: LambdaFunction): Found {
  return [
    outOfRange(fn.resource, 'DurableConfig.ExecutionTimeout', 1, LAMBDA.durableExecutionMaxSeconds),
    outOfRange(fn.resource, 'DurableConfig.RetentionPeriodInDays', 1, LAMBDA.durableRetentionMaxDays),
  ].flat();
}
