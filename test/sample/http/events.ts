import { generateKeyPairSync, sign } from 'node:crypto';
import { functionUrlEvent, httpApiEvent, type HttpRequest, loadBalancerEvent, restApiEvent } from '../../../testing/src';

/** A request, before an entrance has made an event of it. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  /** Who calls, as the entrance has verified it; `null` for nobody. */
  readonly caller?: string | null;
}

const CALLER = 'merchant-1';

/** How each entrance hands a request to a function. */
export const EVENTS: Record<string, (request: Request) => object> = {
  httpApi: request => inBase64(httpApiEvent({ ...requestOf(request), claims: claimsOf(request) })),
  restApi: request => restApiEvent({ ...requestOf(request), principal: principalOf(request) }),
  functionUrl: request => inBase64(functionUrlEvent({ ...requestOf(request), principal: principalOf(request) })),
  loadBalancer: ({ caller = CALLER, ...request }) => {
    const token: Record<string, string> = caller === null ? {} : { authorization: `Bearer ${tokenOf(caller)}` };
    return loadBalancerEvent({ ...request, headers: { ...token, ...request.headers } }, { multiValueHeaders: true });
  },
};

function requestOf({ caller: _caller, ...request }: Request): HttpRequest {
  return { ...request, route: request.path.replace(/^\/payments\/.+/, '/payments/{id}') };
}

function principalOf({ caller = CALLER }: Request): string | undefined {
  return caller ?? undefined;
}

function claimsOf(request: Request): Record<string, string> | undefined {
  const sub = principalOf(request);
  return sub === undefined ? undefined : { sub };
}

/** A body that the entrance has encoded, as it does for content that is not text. */
function inBase64<E extends { body?: string; isBase64Encoded: boolean }>(event: E): E {
  return event.body === undefined || event.isBase64Encoded ? event : { ...event, body: Buffer.from(event.body).toString('base64'), isBase64Encoded: true };
}

/** The issuer of the tokens that a load balancer forwards. */
export const ISSUER = { issuer: 'https://login.example.com', audience: ['payments'], kid: 'key-1', keys: generateKeyPairSync('rsa', { modulusLength: 2048 }) };

/** A token of the issuer, or one that differs in some claims, or that another key has signed. */
export function tokenOf(sub: string | null, claims: object = {}, head: object = {}, key = ISSUER.keys.privateKey): string {
  const now = Math.floor(Date.now() / 1_000);
  const parts = [{ alg: 'RS256', kid: ISSUER.kid, ...head }, { iss: ISSUER.issuer, aud: ISSUER.audience[0], sub, exp: now + 60, ...claims }];
  const text = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
