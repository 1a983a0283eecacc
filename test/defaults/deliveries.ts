import type { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { GIVEN, payFunction, type Subject } from './subject';
import { EventProbe, ProbeSource, Profile, SandboxCleaner } from '../../src';

const NO_CLEANER = 'no cleaner';

/** A probe is allowed in a sandbox only. */
function inSandbox(stack: Stack): Construct {
  const scope = new Construct(stack, 'Sandbox');
  Profile.sandbox({ owner: 'test' }).applyTo(scope);
  return scope;
}

/** Constructs for sandboxes. */
export const DELIVERIES: Record<string, Subject> = {
  EventProbe: {
    ours: stack => new EventProbe(inSandbox(stack), 'Probe', { source: ProbeSource.eventBus(new events.EventBus(stack, 'Bus'), { source: ['payments'] }) }),
    plain: stack => new events.Rule(stack, 'Rule', {
      eventBus: new events.EventBus(stack, 'Bus'), eventPattern: { source: ['payments'] }, targets: [new targets.SqsQueue(new sqs.Queue(stack, 'Probe'))],
    }),
    probes: {
      retentionMinutes: { read: r => r.props('SQS::Queue')?.MessageRetentionPeriod / 60 || undefined, unset: '4 days' },
      encryption: { read: r => r.props('SQS::Queue').SqsManagedSseEnabled && 'SQS managed', unset: 'SQS managed' },
      enforceSSL: { read: r => r.demandsTls('SQS::QueuePolicy') },
      removalPolicy: { read: r => r.first('SQS::Queue').DeletionPolicy },
    },
  },
  SandboxCleaner: {
    ours: stack => new SandboxCleaner(stack, 'Cleaner'),
    plain: stack => {
      const fn = payFunction(stack);
      fn.configureAsyncInvoke({});
      return new events.Rule(stack, 'Rule', { schedule: events.Schedule.expression(GIVEN), targets: [new targets.LambdaFunction(fn)] });
    },
    contains: ['ProductionFunction', 'FailureQueue', 'FunctionTarget', 'Alarm'],
    probes: {
      dryRun: { read: r => r.function.Environment && r.function.Environment.Variables.DRY_RUN === 'true', unset: NO_CLEANER },
      schedule: { read: r => [r.props('Events::Rule').ScheduleExpression].find(expression => expression !== GIVEN), unset: NO_CLEANER },
      memorySize: { read: r => r.function?.MemorySize, unset: NO_CLEANER },
      timeoutSeconds: { read: r => r.function?.Timeout, unset: NO_CLEANER },
      retryAttempts: { read: r => r.async?.MaximumRetryAttempts, unset: NO_CLEANER },
      maxEventAgeSeconds: { read: r => r.async?.MaximumEventAgeInSeconds, unset: NO_CLEANER },
      logRetentionDays: { read: r => r.props('Logs::LogGroup', 'Cleaner')?.RetentionInDays, unset: NO_CLEANER },
      logRemovalPolicy: { read: r => r.first('Logs::LogGroup', 'Cleaner')?.DeletionPolicy, unset: NO_CLEANER },
    },
  },
};
