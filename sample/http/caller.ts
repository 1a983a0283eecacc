import { isALBEvent } from '@aws-lambda-powertools/event-handler/http';
import { UnknownCallerError } from '../domain/errors';

/** How the entrances identify an authenticated caller. */
interface Authorized {
  readonly headers?: Record<string, string | undefined> | null;
  readonly multiValueHeaders?: Record<string, string[] | undefined> | null;
  readonly requestContext?: {
    readonly authorizer?: {
      readonly jwt?: { readonly claims?: { readonly sub?: unknown } };
      readonly claims?: { readonly sub?: unknown };
      readonly iam?: { readonly userArn?: unknown };
    } | null;
    readonly identity?: { readonly userArn?: unknown };
  };
}

/**
 * The caller that the entrance has verified: the token's subject, or the IAM user or role. Payments and their keys belong to
 * the caller, so a request without a caller is rejected behind every entrance.
 */
export function callerOf(event: unknown): string {
  const { authorizer, identity } = (event as Authorized).requestContext ?? {};
  const caller = authorizer?.jwt?.claims?.sub ?? authorizer?.claims?.sub ?? authorizer?.iam?.userArn ?? identity?.userArn
    ?? subjectBehindLoadBalancer(event);
  if (typeof caller !== 'string' || caller === '' || caller.length > 2_048) throw new UnknownCallerError();
  return caller;
}

/** A load balancer verifies the token and forwards the request unchanged. No other source sends an event of that shape. */
function subjectBehindLoadBalancer(event: unknown): unknown {
  if (!isALBEvent(event)) return undefined;
  const { headers, multiValueHeaders } = event as Authorized;
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/i.exec(headers?.authorization ?? multiValueHeaders?.authorization?.[0] ?? '') ?? [];
  try {
    return (JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as { sub?: unknown } | null)?.sub;
  } catch {
    return undefined;
  }
}
