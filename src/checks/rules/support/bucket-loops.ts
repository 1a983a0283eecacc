import { asList, covers, isJson, member, patternOf, Text, textOf } from '../../graph';
import type { AppGraph, Caller, Resource, Statement, Value } from '../../graph';

const CREATED = /^s3:(\*|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload))$/;
const BUCKET = 'AWS::S3::Bucket';

/** The bucket whose new objects all invoke the function, if the role of the function may create objects there. */
export function bucketInLoop(caller: Caller, app: AppGraph): Resource | undefined {
  const statements = caller.target.function?.grants?.statements ?? [];
  return [...notifyingBucket(caller), ...eventBridgeBuckets(caller, app)]
    .find(bucket => statements.some(statement => writesInto(statement, bucket)));
}

function notifyingBucket({ kind, resource, property, origin }: Caller): Resource[] {
  if (kind !== 's3' || origin?.type !== BUCKET) return [];
  const path = property.slice(0, property.lastIndexOf('.'));
  const list = path.slice(0, path.lastIndexOf('.'));
  const notification = resource.list(list)[Number(path.slice(path.lastIndexOf('.') + 1))];
  const events = [member(notification, 'Events'), member(notification, 'Event')].flatMap(asList).map(patternOf);
  const isFiltered = member(notification, 'Filter') !== undefined;
  return !isFiltered && events.some(event => CREATED.test(event)) ? [origin] : [];
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

function writesInto({ effect, actions, resources, holder, resourceTexts }: Statement, bucket: Resource): boolean {
  if (effect !== 'Allow' || !actions.some(action => covers(action, 's3:PutObject'))) return false;
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
