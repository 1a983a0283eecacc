import { asList, covers, isJson, member, patternOf, Text, textOf } from '../../graph';
import type { AppGraph, Caller, LambdaFunction, Resource, Statement, Value } from '../../graph';

const CREATED = /^s3:(\*|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload))$/;
const BUCKET = 'AWS::S3::Bucket';

/** A bucket whose new objects all invoke the function, and the place of the notification or target. */
interface BucketLoop {
  readonly at: Resource;
  readonly property: string;
  readonly bucket: Resource;
}

/** The buckets whose new objects invoke the function, if its role may create objects there. */
export function bucketLoopsOf(fn: LambdaFunction, app: AppGraph): BucketLoop[] {
  const statements = fn.grants?.statements.filter(isWriting) ?? [];
  if (statements.length === 0) return [];
  const entries = fn.callers.flatMap(caller => [
    ...notifyingBucket(caller).map(bucket => ({ at: caller.resource, property: caller.property, bucket })),
    ...eventBridgeBuckets(caller, app).map(bucket => ({ at: caller.resource, property: caller.property, bucket })),
  ]);
  return [...entries, ...notificationsTo(channelsOf(fn, app), app)]
    .filter(({ bucket }) => statements.some(statement => writesInto(statement, bucket)));
}

function notifyingBucket({ kind, resource, property, origin }: Caller): Resource[] {
  if (kind !== 's3' || origin?.type !== BUCKET) return [];
  const path = property.slice(0, property.lastIndexOf('.'));
  const list = path.slice(0, path.lastIndexOf('.'));
  const notification = resource.list(list)[Number(path.slice(path.lastIndexOf('.') + 1))];
  return isForAllCreated(notification) ? [origin] : [];
}

function isForAllCreated(notification: Value): boolean {
  const events = [member(notification, 'Events'), member(notification, 'Event')].flatMap(asList).map(patternOf);
  return member(notification, 'Filter') === undefined && events.some(event => CREATED.test(event));
}

/** The queues and topics whose messages all invoke the function, and the topics that send to these queues. */
function channelsOf(fn: LambdaFunction, app: AppGraph): Set<Resource> {
  const isUnfiltered = (resource: Resource) => resource.lacks('FilterPolicy');
  const queues = fn.sources
    .filter(({ mapping }) => mapping.boolean('Enabled') !== false && mapping.lacks('FilterCriteria'))
    .flatMap(({ origin }) => (origin?.type === 'AWS::SQS::Queue' ? [origin] : []));
  const channels = new Set(queues);
  for (const { kind, resource, origin } of fn.callers) {
    if (kind === 'sns' && origin && isUnfiltered(resource)) channels.add(origin);
  }
  if (queues.length === 0) return channels;
  for (const subscription of app.ofType('AWS::SNS::Subscription')) {
    const [topic, queue] = [subscription.target('TopicArn'), subscription.target('Endpoint')];
    if (topic && queue && queues.includes(queue) && isUnfiltered(subscription)) channels.add(topic);
  }
  return channels;
}

/** The notifications of buckets for all new objects to one of the queues and topics. */
function notificationsTo(channels: ReadonlySet<Resource>, app: AppGraph): BucketLoop[] {
  if (channels.size === 0) return [];
  return app.ofType(BUCKET, 'Custom::S3BucketNotifications').flatMap(at => ['Queue', 'Topic'].flatMap(kind => {
    const list = `NotificationConfiguration.${kind}Configurations`;
    return at.list(list).flatMap((notification, i) => {
      const bucket = at.type === BUCKET ? at : at.target('BucketName');
      const key = member(notification, kind) === undefined ? `${kind}Arn` : kind;
      const channel = app.resourceOf(member(notification, key), at);
      const isLoop = bucket?.type === BUCKET && channel && channels.has(channel) && isForAllCreated(notification);
      return isLoop ? [{ at, property: `${list}.${i}.${key}`, bucket }] : [];
    });
  }));
}

/** The buckets that a rule names, if its pattern selects no objects by their key. */
function eventBridgeBuckets({ kind, resource }: Caller, app: AppGraph): Resource[] {
  if (kind !== 'events' || !resource.list('EventPattern.source').includes('aws.s3')) return [];
  const types = resource.list('EventPattern.detail-type');
  const isCreated = resource.lacks('EventPattern.detail-type') || types.includes('Object Created');
  const isFiltered = ['object', 'reason', 'requester'].some(key => !resource.lacks(`EventPattern.detail.${key}`));
  if (!isCreated || isFiltered) return [];
  return resource.list('EventPattern.detail.bucket.name').flatMap(name => app.resourceOf(name, resource, BUCKET) ?? []);
}

function isWriting({ effect, actions }: Statement): boolean {
  return effect === 'Allow' && actions.some(action => covers(action, 's3:PutObject'));
}

function writesInto({ resources, holder, resourceTexts }: Statement, bucket: Resource): boolean {
  const { app } = holder.template;
  return resources.some((value, i) => isWhole(value) && (
    app.resourceOf(value, holder) === bucket || isNamedAlike(bucket, resourceTexts[i] ?? '')));
}

/** Whether the resource of a statement is the bucket or all of its objects, and no prefix. */
function isWhole(value: Value): boolean {
  return !(value instanceof Text) || /^[^/]*(\/\*)?$/.test(value.pattern);
}

/**
 * Whether the resource of a statement contains the name of the bucket, if only the deployment knows the name. SAM
 * templates repeat the name, because a reference to the bucket would be circular.
 */
function isNamedAlike(bucket: Resource, resource: string): boolean {
  const name = isJson(bucket.raw.Properties) ? bucket.raw.Properties.BucketName : undefined;
  if (!isJson(name)) return false;
  const [parameter, text] = [textOf(name.Ref), textOf(name['Fn::Sub'])];
  const references = [`{"Ref":"${parameter}"}`, `\${${parameter}}`];
  if (parameter !== '') return references.some(reference => resource.includes(reference));
  return text !== '' && resource.includes(JSON.stringify(text).slice(1, -1));
}
