import { asList, asString, covers, isJson, member, patternOf, Reference, Text, textOf } from '../../graph';
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
  const loops = [
    ...fn.callers.flatMap(caller => [...notifyingBucket(caller), ...eventBridgeBuckets(caller, app)]),
    ...notificationsTo(channelsOf(fn, app), app),
  ];
  if (loops.length === 0) return [];
  const statements = [...fn.grants.statements, ...fn.grants.managedStatements].filter(isWriting);
  return loops.filter(loop => statements.some(statement => writesInto(statement, loop)));
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
      const prefix = prefixOfCreated(notification);
      const isLoop = bucket?.type === BUCKET && channel && channels.has(channel) && prefix !== undefined;
      return isLoop ? [{ at, property: `${list}.${i}.${key}`, bucket, prefix }] : [];
    });
  }));
}

/** The buckets that a rule names, or all that send events, unless its pattern selects objects by more than a prefix. */
function eventBridgeBuckets({ kind, resource, property }: Caller, app: AppGraph): BucketLoop[] {
  if (kind !== 'events' || !resource.list('EventPattern.source').includes('aws.s3')) return [];
  const types = resource.list('EventPattern.detail-type');
  const isCreated = resource.lacks('EventPattern.detail-type') || types.includes('Object Created');
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

function writesInto({ resources, holder, resourceTexts }: Statement, { bucket, prefix }: BucketLoop): boolean {
  const { app } = holder.template;
  return resources.some((value, i) => writesKeys(value, prefix) && (
    /^(\*|arn:[^:]*:s3:::\*(\/\*)?)$/.test(asString(value) ?? '')
    || app.resourceOf(withoutKeys(value), holder) === bucket || isNamedAlike(bucket, resourceTexts[i] ?? '')));
}

/** The bucket of objects whose ARN contains no reference. */
function withoutKeys(value: Value): Value {
  return value instanceof Reference || (value instanceof Text && value.references.length > 0)
    ? value : patternOf(value).split('/')[0];
}

/** Whether the resource of a statement is the bucket or all of its objects, or only objects with the prefix. */
function writesKeys(value: Value, prefix: string): boolean {
  const [, key = ''] = /^[^/]*\/(.*)$/s.exec(patternOf(value)) ?? [];
  return prefix === '' ? key === '' || key === '*' : key.startsWith(prefix);
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
