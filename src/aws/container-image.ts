/**
 * Tags that by convention move to each new image.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
const MOVING_TAG = /(^|[-_.])(latest|current|stable|edge|nightly|snapshot|main|master|trunk|develop|dev|test|qa|staging|stage|prod|production|release|live)([-_.]|$)/i;

/** A hash, a date, a build number or a version in full. */
const UNIQUE_PART = /[0-9a-f]{7,}|\d{4,}|\d+\.\d+\.\d+/i;

/**
 * The tag of an image by which another image can be deployed later: undefined for a digest, and for a tag that names one build. An URI
 * without a tag has the tag `latest`. Unknown parts of the URI are `*`.
 */
export function movingTagOf(uri: string): string | undefined {
  if (uri === '' || uri.includes('@')) return undefined;
  const tag = /:([^:/]*)$/.exec(uri)?.[1];
  if (tag === undefined) return uri.endsWith('*') ? undefined : 'latest';
  if (tag.includes('*') || UNIQUE_PART.test(tag)) return undefined;
  return MOVING_TAG.test(tag) || !/\d/.test(tag) ? tag : undefined;
}
