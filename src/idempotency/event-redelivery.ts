import type { CfnResource } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { ASYNC_INVOKE, asyncRedeliverySeconds, EVENT_BRIDGE, queueRedeliverySeconds, SQS, STREAM_SOURCE, streamRedeliverySeconds } from '../aws';
import { eventInvokeConfigOf } from '../private/cdk-internals';
import { durationText } from '../private/duration-text';
import { effectiveProperties } from '../private/effective-properties';
import { addressesOf, everyMappingOf, qualifiersOf, referentOf, resourcesBelow, targetsAt } from '../private/event-sources';
import { numberOf, retentionSecondsOf } from '../private/queue-properties';

/** An event source that can deliver the same event to a function repeatedly. */
interface RedeliverySource {
  readonly name: string;
  /** The longest time between the first and the last delivery. */
  readonly seconds: number;
  readonly arithmetic: string;
}

/** All event sources of a function, as their resources are at synthesis, whichever construct created them. */
export function redeliverySourcesOf(fn: lambda.IFunction): RedeliverySource[] {
  return [asynchronousSource(fn), ...everyMappingOf(fn).map(mappedSource)];
}

/**
 * Direct calls, SNS, S3 and EventBridge send their events to the same queue of Lambda, whose maximum event age counts.
 */
function asynchronousSource(fn: lambda.IFunction): RedeliverySource {
  const age = Math.max(...qualifiersOf(fn).map(eventAgeOf));
  const delivery = Math.max(0, ...deliveryAgesOf(fn));
  return {
    name: 'asynchronous invocation',
    seconds: asyncRedeliverySeconds(age, delivery),
    arithmetic: delivery > 0 ? `${durationText(delivery)} of delivery by EventBridge + maximum event age of ${durationText(age)}` : `maximum event age of ${durationText(age)}`,
  };
}

/** The maximum age of an asynchronous event. Each qualifier has its own configuration. */
function eventAgeOf(qualifier: IConstruct): number {
  const config = eventInvokeConfigOf(qualifier);
  return (config && numberOf(config, effectiveProperties(config).MaximumEventAgeInSeconds)) ?? ASYNC_INVOKE.eventAgeMaxSeconds;
}

/** The maximum event ages of all rules and schedules of the app that invoke the function. */
function deliveryAgesOf(fn: lambda.IFunction): number[] {
  const addresses = addressesOf(fn);
  const rules = resourcesBelow(fn.node.root, 'AWS::Events::Rule') as events.CfnRule[];
  const schedules = resourcesBelow(fn.node.root, 'AWS::Scheduler::Schedule') as scheduler.CfnSchedule[];
  return [
    ...rules.flatMap(rule => targetAges(addresses, rule, rule.targets)),
    ...schedules.flatMap(schedule => targetAges(addresses, schedule, [schedule.target])),
  ];
}

function targetAges(addresses: string[], source: CfnResource, targets: unknown): number[] {
  return targetsAt(addresses, source, targets)
    .map(target => numberOf(source, target.retryPolicy?.maximumEventAgeInSeconds) ?? EVENT_BRIDGE.eventAgeMaxSeconds);
}

function mappedSource(mapping: lambda.CfnEventSourceMapping): RedeliverySource {
  const source = referentOf(mapping.eventSourceArn);
  return isQueue(mapping, source) ? queueSource(source) : streamSource(mapping, source);
}

/** A mapping of a stream must have a starting position, a mapping of a queue must not. */
function isQueue(mapping: lambda.CfnEventSourceMapping, source: CfnResource | undefined): boolean {
  return source ? source.cfnResourceType === 'AWS::SQS::Queue' : mapping.startingPosition === undefined;
}

/** The retention period of an imported queue is not known: the longest of SQS counts. */
function queueSource(source: CfnResource | undefined): RedeliverySource {
  const retention = (source && retentionSecondsOf(source as sqs.CfnQueue)) ?? SQS.retentionMaxSeconds;
  return {
    name: source ? `queue ${source.node.path}` : 'an imported queue',
    seconds: queueRedeliverySeconds(retention),
    arithmetic: `message retention of ${durationText(retention)}`,
  };
}

function streamSource(mapping: lambda.CfnEventSourceMapping, source: CfnResource | undefined): RedeliverySource {
  const age = numberOf(mapping, effectiveProperties(mapping).MaximumRecordAgeInSeconds);
  const retention = streamRetentionSeconds(source);
  const seconds = streamRedeliverySeconds(age, retention);
  return {
    name: `stream ${source?.node.path ?? 'of the mapping ' + mapping.node.path}`,
    seconds,
    arithmetic: seconds === age ? `maximum record age of ${durationText(age)}` : `retention of ${durationText(retention)}`,
  };
}

function streamRetentionSeconds(source: CfnResource | undefined): number {
  if (source && /^AWS::DynamoDB::/.test(source.cfnResourceType)) return STREAM_SOURCE.retentionUnsetSeconds;
  if (source?.cfnResourceType !== 'AWS::Kinesis::Stream') return STREAM_SOURCE.retentionMaxSeconds;
  const { retentionPeriodHours } = source as kinesis.CfnStream;
  const hours = retentionPeriodHours === undefined ? STREAM_SOURCE.retentionUnsetSeconds / 3_600 : numberOf(source, retentionPeriodHours);
  return hours === undefined ? STREAM_SOURCE.retentionMaxSeconds : hours * 3_600;
}
