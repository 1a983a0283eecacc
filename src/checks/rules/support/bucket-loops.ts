import { selects } from './event-patterns';
import { asList, asString, covers, identityOf, member, patternOf, Reference, Text } from '../../graph';
import type { AppGraph, Caller, LambdaFunction, Resource, Statement, Value } from '../../graph';

const CREATED = /^s3:(\*|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload))$/;
const BUCKET = 'AWS::S3::Bucket';
/** The rules of a filter in CloudFormation and in the custom resource of CDK. */
const RULES = [['S3Key', 'Rules'], ['Key', 'FilterRules']] as const;

/** A bucket whose new objects invoke the function, and the place of the notification or target. */
interface BucketLoop {
  readonly at: Resource;
  readonly property: string;
  readonly bucket: Resource;
  /** The beginning of the keys of these objects, empty for all keys. */
  readonly prefix: string;
}

/** The buckets whose new objects invoke the function, if its role may create objects with these keys. */
export function bucketLoopsOf(fn: LambdaFunction, app: AppGraph): BucketLoop[] {
  if (!fn.grants || (fn.callers.length === 0 && fn.sources.length === 0)) return [];
  const loops = [...directLoops(fn, app), ...notificationsTo(channelsOf(fn, app), app)];
  if (loops.length === 0) return [];
  const statements = [...fn.grants.statements, ...fn.grants.managedStatements].filter(isWriting);
  return loops.filter(loop => statements.some(statement => writesInto(statement, loop)));
}

/**
 * The buckets for whose new object, with a key that begins with this text, the function is invoked asynchronously.
 * A queue is polled: a failure of its consumer never reaches the asynchronous configuration.
 */
export function bucketsThatInvoke(fn: LambdaFunction, app: AppGraph, key: string): Resource[] {
  return [...directLoops(fn, app), ...notificationsTo(topicsOf(fn), app)]
    .flatMap(({ bucket, prefix }) => (key.startsWith(prefix) ? [bucket] : []));
}

function directLoops(fn: LambdaFunction, app: AppGraph): BucketLoop[] {
  return fn.callers.flatMap(caller => [...notifyingBucket(caller), ...eventBridgeBuckets(caller, app)]);
}

function notifyingBucket({ kind, resource, property, origin }: Caller): BucketLoop[] {
  if (kind !== 's3' || origin?.type !== BUCKET) return [];
  const path = property.slice(0, property.lastIndexOf('.'));
  const list = path.slice(0, path.lastIndexOf('.'));
  const prefix = prefixOfCreated(resource.list(list)[Number(path.slice(path.lastIndexOf('.') + 1))]);
  return prefix === undefined ? [] : [{ at: resource, property, bucket: origin, prefix }];
}

/** The prefix of the new objects that a notification is about; undefined for other events, and with a suffix. */
function prefixOfCreated(notification: Value): string | undefined {
  const events = [member(notification, 'Events'), member(notification, 'Event')].flatMap(asList).map(patternOf);
  if (!events.some(event => CREATED.test(event))) return undefined;
  const filter = member(notification, 'Filter');
  if (filter === undefined) return '';
  const rules = RULES.map(path => path.reduce(member, filter)).find(Array.isArray);
  const used = rules?.filter(rule => member(rule, 'Value') !== '');
  if (used === undefined || used.length === 0) return used && '';
  const isPrefix = used.length === 1 && /^prefix$/i.test(patternOf(member(used[0], 'Name')));
  return isPrefix ? asString(member(used[0], 'Value')) : undefined;
}

/** The queues and topics whose messages all invoke the function, and the topics that send to these queues. */
export function channelsOf(fn: LambdaFunction, app: AppGraph): Set<Resource> {
  const queues = fn.sources
    // a mapping that is off by default is there for a redrive by hand
    .filter(({ mapping }) => mapping.boolean('Enabled') !== false && mapping.lacks('FilterCriteria'))
    .flatMap(({ origin }) => (origin?.type === 'AWS::SQS::Queue' ? [origin] : []));
  const channels = new Set([...queues, ...topicsOf(fn)]);
  if (queues.length === 0) return channels;
  for (const subscription of app.ofType('AWS::SNS::Subscription')) {
    const [topic, queue] = [subscription.target('TopicArn'), subscription.target('Endpoint')];
    if (topic && queue && queues.includes(queue) && subscription.lacks('FilterPolicy')) channels.add(topic);
  }
  return channels;
}

/** The topics whose messages all invoke the function. */
function topicsOf(fn: LambdaFunction): Set<Resource> {
  return new Set(fn.callers.flatMap(({ kind, resource, origin }) => (
    kind === 'sns' && origin && resource.lacks('FilterPolicy') ? [origin] : [])));
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
      const prefix = prefixOfCreated(notification);
      const isLoop = bucket?.type === BUCKET && channel && channels.has(channel) && prefix !== undefined;
      return isLoop ? [{ at, property: `${list}.${i}.${key}`, bucket, prefix }] : [];
    });
  }));
}

/** The buckets that a rule names, or all that send events, unless its pattern selects objects by more than a prefix. */
function eventBridgeBuckets({ kind, resource, property }: Caller, app: AppGraph): BucketLoop[] {
  if (kind !== 'events' || !selects(resource, 'source', 'aws.s3')) return [];
  const isCreated = resource.lacks('EventPattern.detail-type') || selects(resource, 'detail-type', 'Object Created');
  const isFiltered = ['reason', 'requester'].some(key => !resource.lacks(`EventPattern.detail.${key}`));
  const keys = resource.list('EventPattern.detail.object.key').map(key => asString(member(key, 'prefix')));
  const prefixes = resource.lacks('EventPattern.detail.object') ? [''] : keys;
  const isOfAll = resource.lacks('EventPattern.detail') || resource.lacks('EventPattern.detail.bucket');
  if (!isCreated || isFiltered || (isOfAll && !resource.lacks('EventBusName'))) return [];
  const buckets = isOfAll
    ? app.ofType(BUCKET).filter(bucket => !bucket.lacks('NotificationConfiguration.EventBridgeConfiguration'))
    : resource.list('EventPattern.detail.bucket.name').flatMap(name => app.resourceOf(name, resource, BUCKET) ?? []);
  return buckets.flatMap(bucket => prefixes.flatMap(prefix => (
    prefix === undefined ? [] : [{ at: resource, property, bucket, prefix }])));
}

function isWriting({ effect, actions }: Statement): boolean {
  return effect === 'Allow' && actions.some(action => covers(action, 's3:PutObject'));
}

function writesInto({ resources, holder }: Statement, { bucket, prefix }: BucketLoop): boolean {
  const { app } = holder.template;
  return resources.some(value => writesKeys(value, prefix) && (
    /^(\*|arn:[^:]*:s3:::\*(\/\*)?)$/.test(asString(value) ?? '')
    || app.resourceOf(withoutKeys(value), holder) === bucket));
}

/** The bucket of objects whose ARN contains no reference: SAM templates repeat the name, which avoids a circle. */
function withoutKeys(value: Value): Value {
  return value instanceof Reference || (value instanceof Text && value.references.length > 0)
    ? value : (identityOf(value) ?? patternOf(value)).split('/')[0];
}

/** Whether the resource of a statement is the bucket or all of its objects, or only objects with the prefix. */
function writesKeys(value: Value, prefix: string): boolean {
  const [, key = ''] = /^[^/]*\/(.*)$/s.exec(patternOf(value)) ?? [];
  return prefix === '' ? key === '' || key === '*' : key.startsWith(prefix);
}
