import { isJson } from '../../graph';
import type { Resource } from '../../graph';

/** The path of the staged code of a resource, from the metadata of CDK. */
export function assetPath(resource: Resource): string | undefined {
  const path = isJson(resource.raw.Metadata) ? resource.raw.Metadata['aws:asset:path'] : undefined;
  return typeof path === 'string' ? path : undefined;
}
