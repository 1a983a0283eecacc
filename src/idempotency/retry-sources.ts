import type { CfnResource } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { ASYNC_INVOKE, asyncHorizonSeconds, EVENT_BRIDGE, queueHorizonSeconds, SQS, STREAM_SOURCE, streamHorizonSeconds } from '../limits';
import { addressesOf, everyMappingOf, qualifiersOf, referentOf, resourcesBelow, targetsAt } from '../private/event-sources';
import { renderedProperties } from '../private/rendered';
import { numberOf, retentionOf } from '../private/resource-number';

/** Something that can bring the same event to a function again, and until when. */
interface RetrySource {
  readonly name: string;
  readonly seconds: number;
  readonly arithmetic: string;
}

/** What can repeat an event to the function, as its resources stand at synth, by whomever they were made. */
export function retrySourcesOf(fn: lambda.IFunction): RetrySource[] {
  return [asynchronous(fn), ...everyMappingOf(fn).map(mapped)];
}

/** By a call, by SNS, S3 or EventBridge: all hand the event to the same queue of Lambda, whose age counts. */
function asynchronous(fn: lambda.IFunction): RetrySource {
  const age = Math.max(...qualifiersOf(fn).map(eventAgeOf));
  const delivery = Math.max(0, ...deliveryAgesOf(fn));
  return {
    name: 'asynchronous invocation',
    seconds: asyncHorizonSeconds(age, delivery),
    arithmetic: delivery > 0 ? `${delivery} s of delivery by EventBridge + maximum event age of ${age} s` : `maximum event age of ${age} s`,
  };
}

/** How old an asynchronous event may get; the configuration of a qualifier does not hold for another one. */
function eventAgeOf(qualifier: IConstruct): number {
  const config = qualifier.node.tryFindChild('EventInvokeConfig')?.node.defaultChild as lambda.CfnEventInvokeConfig | undefined;
  return (config && numberOf(config, renderedProperties(config).MaximumEventAgeInSeconds)) ?? ASYNC_INVOKE.eventAgeMaxSeconds;
}

/** How long each rule and schedule of the app that has the function as a target goes on delivering one event. */
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

function mapped(mapping: lambda.CfnEventSourceMapping): RetrySource {
  const source = referentOf(mapping.eventSourceArn);
  return isQueue(mapping, source) ? queued(source) : streamed(mapping, source);
}

/** A mapping of a stream must say where it begins, one of a queue must not. */
function isQueue(mapping: lambda.CfnEventSourceMapping, source: CfnResource | undefined): boolean {
  return source ? source.cfnResourceType === 'AWS::SQS::Queue' : mapping.startingPosition === undefined;
}

/** Of an imported queue nothing is known: it may keep messages as long as SQS lets it. */
function queued(source: CfnResource | undefined): RetrySource {
  const retention = (source && retentionOf(source as sqs.CfnQueue)) ?? SQS.retentionMaxSeconds;
  return {
    name: source ? `queue ${source.node.path}` : 'an imported queue',
    seconds: queueHorizonSeconds(retention),
    arithmetic: `message retention of ${retention} s`,
  };
}

function streamed(mapping: lambda.CfnEventSourceMapping, source: CfnResource | undefined): RetrySource {
  const age = numberOf(mapping, renderedProperties(mapping).MaximumRecordAgeInSeconds);
  const retention = retentionOfStream(source);
  const seconds = streamHorizonSeconds(age, retention);
  return {
    name: `stream ${source?.node.path ?? 'of the mapping ' + mapping.node.path}`,
    seconds,
    arithmetic: seconds === age ? `maximum record age of ${age} s` : `retention of ${retention} s`,
  };
}

function retentionOfStream(source: CfnResource | undefined): number {
  if (source && /^AWS::DynamoDB::/.test(source.cfnResourceType)) return STREAM_SOURCE.retentionUnsetSeconds;
  if (source?.cfnResourceType !== 'AWS::Kinesis::Stream') return STREAM_SOURCE.retentionMaxSeconds;
  const { retentionPeriodHours } = source as kinesis.CfnStream;
  const hours = retentionPeriodHours === undefined ? STREAM_SOURCE.retentionUnsetSeconds / 3_600 : numberOf(source, retentionPeriodHours);
  return hours === undefined ? STREAM_SOURCE.retentionMaxSeconds : hours * 3_600;
}
