import { ASYNC_INVOKE, LAMBDA } from '../../../limits';
import { asNumber, hasStray, isFifo, patternOf } from '../../graph';
import type { LambdaFunction, Resource, Target, Value } from '../../graph';
import { each, eachFunction, list } from '../each';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const ON_FAILURE = 'DestinationConfig.OnFailure.Destination';
const ON_SUCCESS = 'DestinationConfig.OnSuccess.Destination';

/** Asynchronous invocation: retries, destinations, dead-letter queues and loops. */
export const FAILURE_RULES: Rule[] = [
  {
    id: 'LP-F20',
    article: 'foundation',
    severity: 'warning',
    title: 'the function is switched off',
    why: 'a reserved concurrency of 0 throttles every invocation',
    fix: 'raise it, or remove it to use the pool of the account',
    source: SOURCE.lambda('configuration-concurrency'),
    evaluate: eachFunction(fn => fn.reserved === 0
      && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: 'must be above 0 for the function to run', got: 0 }),
  },
  {
    id: 'LP-F21',
    article: 'foundation',
    severity: 'warning',
    title: 'loop detection is off',
    why: 'Lambda stops a chain that calls itself after about 16 rounds; Allow lets it run until the bill comes',
    fix: 'set Terminate',
    source: SOURCE.lambda('invocation-recursion'),
    evaluate: eachFunction(fn => fn.resource.string('RecursiveLoop') === 'Allow'
      && { at: fn.resource, property: 'RecursiveLoop', must: 'must be Terminate to stop loops', got: 'Allow' }),
  },
  {
    id: 'LP-F22',
    article: 'foundation',
    severity: 'error',
    title: 'failures come back to the function that failed',
    why: 'a dead-letter queue or destination that triggers the same function is an endless loop',
    fix: 'send failures to a queue that nothing consumes by itself',
    source: SOURCE.lambda('invocation-recursion'),
    evaluate: eachFunction((fn, app) => {
      const triggers = new Set([...fn.sources.map(source => source.origin), ...fn.callers.map(caller => (caller.async ? caller.origin : undefined))]);
      return outlets(fn).flatMap(({ at, property }) => {
        const target = app.resourceOf(at.get(property), at);
        return target && (triggers.has(target) || target === fn.resource || fn.aliases.includes(target))
          ? [{ at, property, must: `must not lead back to ${fn.path}`, got: target.path }] : [];
      });
    }),
  },
  {
    id: 'LP-F23',
    article: 'foundation',
    severity: 'error',
    title: 'failed events are lost',
    why: 'after two retries, or six hours of throttling, Lambda drops an event that has nowhere to go, and says nothing',
    fix: 'set an on-failure destination on the qualifier that is invoked',
    source: SOURCE.lambda('invocation-async-retain-records'),
    elsewhere: 'cdk-nag Serverless: LambdaAsyncFailureDestination, only where a configuration exists already',
    practice: true,
    evaluate: eachFunction(fn => {
      const callers = fn.async().filter(({ target }) => target.qualifier !== undefined && !keepsFailures(fn, target));
      const [first] = callers;
      if (!first || !fn.resource.lacks('DeadLetterConfig.TargetArn') || hasStray(fn.app, 'AWS::Lambda::EventInvokeConfig')) return undefined;
      const place = qualifierName(first.target);
      const sources = list([...new Set(callers.map(caller => `${caller.kind} ${caller.resource.path}`))], 3);
      return { at: first.target.alias ?? fn.resource, property: 'EventInvokeConfig', must: `must keep what fails for ${place} (invoked by ${sources})`, got: 'no on-failure destination' };
    }),
  },
  {
    id: 'LP-F24',
    article: 'foundation',
    severity: 'error',
    title: 'the on-failure destination is on the wrong qualifier',
    why: 'the configuration is per qualifier: what stands on $LATEST does nothing for events that go to an alias',
    fix: 'configure the alias: alias.configureAsyncInvoke()',
    source: SOURCE.lambda('invocation-async-configuring'),
    evaluate: eachFunction(fn => {
      const callers = fn.async();
      const used = (qualifier?: string) => callers.some(({ target }) => target.qualifier === undefined || target.qualifier === qualifier);
      if (callers.length === 0 || callers.some(({ target }) => target.qualifier === undefined)) return undefined;
      return fn.asyncConfigs
        .filter(({ resource, target }) => target.qualifier !== undefined && !resource.lacks('DestinationConfig') && !used(target.qualifier) && !target.version)
        .filter(() => callers.some(({ target }) => !keepsFailures(fn, target)))
        .map(({ resource, target }) => ({
          at: resource, property: 'Qualifier', must: `must be what is invoked (${list([...new Set(callers.map(caller => qualifierName(caller.target)))])})`, got: target.qualifier,
        }));
    }),
  },
  {
    id: 'LP-F25',
    article: 'foundation',
    severity: 'error',
    title: 'failures go to a FIFO queue or topic',
    why: 'asynchronous invocation delivers to standard queues and topics only; each delivery fails',
    fix: 'use a standard queue or topic',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: eachFunction((fn, app) => outlets(fn).flatMap(({ at, property, mapping }) => {
      const target = mapping ? undefined : app.resourceOf(at.get(property), at, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
      return target && isFifo(target) ? [{ at, property, must: 'must be a standard queue or topic', got: `${target.path} (FIFO)` }] : [];
    })),
  },
  {
    id: 'LP-F26',
    article: 'foundation',
    severity: 'error',
    title: 'successes go to S3',
    why: 'S3 is a destination for failures only',
    fix: 'use a queue, topic, bus or function for successes',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: each('AWS::Lambda::EventInvokeConfig', (config, app) => (
      app.resourceOf(config.get(ON_SUCCESS), config, 'AWS::S3::Bucket') || /^arn:[^:]*:s3:/.test(patternOf(config.get(ON_SUCCESS)))
        ? { at: config, property: ON_SUCCESS, must: 'must be a queue, topic, bus or function', got: config.get(ON_SUCCESS) } : undefined)),
  },
  {
    id: 'LP-F27',
    article: 'foundation',
    severity: 'warning',
    title: 'failures go to SNS',
    why: 'an asynchronous payload may have 1 MB and a message of SNS 256 KB: the large failures get lost',
    fix: 'use an SQS queue or an S3 bucket',
    source: SOURCE.lambda('invocation-async-retain-records'),
    practice: true,
    evaluate: each('AWS::Lambda::EventInvokeConfig', (config, app) => {
      const topic = app.resourceOf(config.get(ON_FAILURE), config, 'AWS::SNS::Topic');
      return topic && { at: config, property: ON_FAILURE, must: 'must take payloads of 1 MB', got: `${topic.path} (256 KB)` };
    }),
  },
  {
    id: 'LP-F28',
    article: 'foundation',
    severity: 'info',
    title: 'both a dead-letter queue and a destination',
    why: 'the destination carries the error and its context, the queue the bare event: one of them is enough',
    fix: 'keep the destination',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: eachFunction(fn => !fn.resource.lacks('DeadLetterConfig.TargetArn') && fn.asyncConfigs.some(({ resource }) => !resource.lacks(ON_FAILURE))
      && { at: fn.resource, property: 'DeadLetterConfig', must: 'must not double the on-failure destination', got: fn.resource.get('DeadLetterConfig.TargetArn') }),
  },
  {
    id: 'LP-F29',
    article: 'foundation',
    severity: 'warning',
    title: 'the dead-letter queue of the function is never used',
    why: 'it takes failed asynchronous invocations only; a queue or stream keeps its own',
    fix: 'put the dead-letter queue on the source queue, or a destination on the mapping',
    source: SOURCE.lambda('services-sqs-errorhandling'),
    evaluate: eachFunction(fn => !fn.resource.lacks('DeadLetterConfig.TargetArn') && fn.sources.length > 0 && fn.callers.length === 0
      && { at: fn.resource, property: 'DeadLetterConfig', must: 'must stand on the source (nothing in the app invokes asynchronously)', got: fn.resource.get('DeadLetterConfig.TargetArn') }),
  },
  {
    id: 'LP-F78',
    article: 'foundation',
    severity: 'error',
    title: 'retries or age of events out of range',
    why: 'Lambda takes 0 to 2 retries and an age of 60 to 21,600 s',
    fix: 'choose a value in range',
    source: SOURCE.lambda('invocation-async-error-handling'),
    elsewhere: 'CDK throws for its own constructs and reports F3034; cfn-lint: E3034',
    evaluate: each('AWS::Lambda::EventInvokeConfig', config => [
      outside(config, 'MaximumRetryAttempts', ASYNC_INVOKE.retryAttemptsMin, ASYNC_INVOKE.retryAttemptsMax),
      outside(config, 'MaximumEventAgeInSeconds', ASYNC_INVOKE.eventAgeMinSeconds, ASYNC_INVOKE.eventAgeMaxSeconds),
    ].flat()),
  },
  {
    id: 'LP-F62',
    article: 'foundation',
    severity: 'error',
    title: 'a durable function with destinations',
    why: 'durable functions have no destinations for their results or failures',
    fix: 'use a dead-letter queue',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(fn => (fn.durable ? fn.asyncConfigs.filter(({ resource }) => !resource.lacks(ON_FAILURE) || !resource.lacks(ON_SUCCESS))
      .map(({ resource }) => ({ at: resource, property: 'DestinationConfig', must: `must not be set for the durable ${fn.path}`, got: resource.get('DestinationConfig') })) : undefined)),
  },
  {
    id: 'LP-F63',
    article: 'foundation',
    severity: 'error',
    title: 'a long durable execution behind an event source',
    why: `Lambda refuses a mapping to a durable function that runs longer than ${LAMBDA.durableWithSourceMaxSeconds} s`,
    fix: 'shorten it, or start it from a small function that the mapping feeds',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(fn => {
      const most = fn.managedInstances ? LAMBDA.durableWithSourceOnInstancesMaxSeconds : LAMBDA.durableWithSourceMaxSeconds;
      const seconds = fn.resource.number('DurableConfig.ExecutionTimeout');
      return fn.sources.length > 0 && seconds !== undefined && seconds > most
        && { at: fn.resource, property: 'DurableConfig.ExecutionTimeout', must: `must be at most ${most} s with the source ${fn.sources[0].mapping.path}`, got: seconds };
    }),
  },
  {
    id: 'LP-F64',
    article: 'foundation',
    severity: 'error',
    title: 'a durable function with a name of its own',
    why: 'most changes of the durable configuration replace the function, and a named one cannot be created twice',
    fix: 'leave the name to CloudFormation',
    source: SOURCE.lambda('durable-functions'),
    elsewhere: 'CDK: an info annotation',
    evaluate: eachFunction(fn => fn.durable && fn.resource.string('FunctionName') !== undefined
      && { at: fn.resource, property: 'FunctionName', must: 'must not be set on a durable function', got: fn.resource.get('FunctionName') }),
  },
  {
    id: 'LP-F65',
    article: 'foundation',
    severity: 'warning',
    title: 'a durable function is invoked without a version',
    why: 'an execution that is replayed on changed code breaks; Lambda wants a version or an alias',
    fix: 'invoke an alias',
    source: SOURCE.lambda('durable-functions'),
    evaluate: eachFunction(fn => (fn.durable ? [
      ...fn.callers.map(({ resource, property, target }) => ({ resource, property, target })),
      ...fn.sources.map(({ mapping, target }) => ({ resource: mapping, property: 'FunctionName', target })),
    ].filter(({ target }) => target.qualifier === '$LATEST').map(({ resource, property }) => ({
      at: resource, property, must: `must name a version or an alias of ${fn.path}`, got: '$LATEST',
    })) : undefined)),
  },
  {
    id: 'LP-F79',
    article: 'foundation',
    severity: 'error',
    title: 'durable execution out of range',
    why: 'an execution takes up to 31,622,400 s and its history is kept 1 to 90 days',
    fix: 'choose a value in range',
    source: SOURCE.lambda('durable-functions'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(fn => [
      outside(fn.resource, 'DurableConfig.ExecutionTimeout', 1, LAMBDA.durableExecutionMaxSeconds),
      outside(fn.resource, 'DurableConfig.RetentionPeriodInDays', 1, LAMBDA.durableRetentionMaxDays),
    ].flat()),
  },
];

/** Where the failures of a function go: its own, those of its async configurations and of its mappings. */
function outlets(fn: LambdaFunction): { at: Resource; property: string; mapping?: boolean }[] {
  return [
    { at: fn.resource, property: 'DeadLetterConfig.TargetArn' },
    ...fn.asyncConfigs.flatMap(({ resource }) => [{ at: resource, property: ON_FAILURE }, { at: resource, property: ON_SUCCESS }]),
    ...fn.sources.map(({ mapping }) => ({ at: mapping, property: ON_FAILURE, mapping: true })),
  ].filter(({ at, property }) => !at.lacks(property));
}

function keepsFailures(fn: LambdaFunction, target: Target): boolean {
  return fn.asyncConfigs.some(config => {
    if (config.resource.lacks(ON_FAILURE)) return false;
    if (config.target.qualifier === undefined) return true;
    return target.version ? config.target.version === target.version : config.target.qualifier === target.qualifier;
  });
}

function qualifierName(target: Target): string {
  return target.alias ? `the alias ${target.qualifier}` : target.version ? 'a version' : target.qualifier ?? 'a qualifier';
}

/** A known number outside of what the service takes. */
export function outside(at: Resource, property: string, min: number, max: number): Problem[] {
  const got: Value = at.get(property);
  const value = asNumber(got);
  return value !== undefined && (value < min || value > max) ? [{ at, property, must: `must be between ${min} and ${max}`, got: value }] : [];
}

