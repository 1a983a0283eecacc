import { isALBEvent } from '@aws-lambda-powertools/event-handler/http';
import type { Tokens } from './tokens';
import { UnknownCallerError } from '../domain/errors';

/** How the entrances identify an authenticated caller. */
interface Authorized {
  readonly headers?: Record<string, string | undefined> | null;
  readonly multiValueHeaders?: Record<string, string[] | undefined> | null;
  readonly requestContext?: {
    readonly authorizer?: {
      readonly jwt?: { readonly claims?: { readonly sub?: unknown } };
      readonly claims?: { readonly sub?: unknown };
      readonly iam?: { readonly userArn?: unknown; readonly cognitoIdentity?: { readonly identityId?: unknown } | null };
    } | null;
    readonly identity?: { readonly userArn?: unknown; readonly cognitoIdentityId?: unknown };
  };
}

/** A session of a role, by the partition, the account and the role. The name of the session follows. */
const SESSION = /^(arn:[\w-]+:sts::\d{12}:assumed-role\/[^/]+)\/.+$/;

/**
 * The caller that the entrance has verified: the token's subject, or the IAM user or role. Payments and their keys belong to
 * the caller, so a request without a caller is rejected behind every entrance.
 */
export async function callerOf(event: unknown, tokens?: Tokens): Promise<string> {
  const { authorizer, identity } = (event as Authorized).requestContext ?? {};
  const caller = authorizer?.jwt?.claims?.sub ?? authorizer?.claims?.sub
    ?? authorizer?.iam?.cognitoIdentity?.identityId ?? identity?.cognitoIdentityId
    ?? principalOf(authorizer?.iam?.userArn ?? identity?.userArn)
    ?? await subjectBehindLoadBalancer(event, tokens);
  if (typeof caller !== 'string' || caller === '' || caller.length > 2_048) throw new UnknownCallerError();
  return caller;
}

/**
 * A role without the name of its session: another server, or the same one an hour later, has another session and is still the
 * same caller. Its repetition must find the payment of the first request.
 */
function principalOf(userArn: unknown): unknown {
  return typeof userArn === 'string' ? userArn.replace(SESSION, '$1') : userArn;
}

/**
 * A load balancer forwards the request unchanged, also on a rule without authentication that covers the path. The token is
 * therefore verified here. No other source sends an event of that shape.
 */
async function subjectBehindLoadBalancer(event: unknown, tokens?: Tokens): Promise<string | undefined> {
  if (!tokens || !isALBEvent(event)) return undefined;
  const { headers, multiValueHeaders } = event as Authorized;
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers?.authorization ?? multiValueHeaders?.authorization?.[0] ?? '') ?? [];
  return token === undefined ? undefined : tokens.subjectOf(token);
}
