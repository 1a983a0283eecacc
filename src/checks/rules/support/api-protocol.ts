import type { Resource } from '../../graph';

/** The protocol of the API that a stage, route or integration belongs to. */
export function protocolOf(resource: Resource): string {
  return resource.target('ApiId')?.string('ProtocolType') ?? 'HTTP';
}
