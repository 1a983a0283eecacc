import { generateKeyPairSync, sign } from 'node:crypto';

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
export const EVENTS: Record<string, (request: Request) => object> = { httpApi, restApi, functionUrl, loadBalancer };

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function httpApi({ method, path, body, headers = {}, caller = CALLER }: Request): object {
  return {
    version: '2.0',
    routeKey: `${method} ${path.replace(/^\/payments\/.+/, '/payments/{id}')}`,
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'host': 'api.example.com', 'x-forwarded-for': '192.0.2.1', ...headers },
    requestContext: {
      accountId: '111122223333',
      apiId: 'abcdef1234',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      requestId: 'http-api-id',
      stage: '$default',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      routeKey: `${method} ${path}`,
      time: '23/Nov/2026:20:00:00 +0000',
      timeEpoch: 1_795_464_000_000,
      authorizer: caller === null ? undefined : { jwt: { claims: { sub: caller }, scopes: null } },
    },
    body: body === undefined ? undefined : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
function restApi({ method, path, body, headers = {}, caller = CALLER }: Request): object {
  const all: Record<string, string> = { 'Content-Type': 'application/json', 'Host': 'api.example.com', 'X-Forwarded-For': '192.0.2.1', ...headers };
  return {
    resource: path.replace(/^\/payments\/.+/, '/payments/{id}'),
    path,
    httpMethod: method,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: path.startsWith('/payments/') ? { id: path.slice('/payments/'.length) } : null,
    stageVariables: null,
    requestContext: {
      accountId: '111122223333',
      apiId: 'abcdef1234',
      stage: 'live',
      requestId: 'rest-api-id',
      httpMethod: method,
      path: `/live${path}`,
      resourcePath: path,
      resourceId: 'r1',
      identity: { sourceIp: '192.0.2.1', userAgent: 'test', userArn: caller },
      protocol: 'HTTP/1.1',
      requestTimeEpoch: 1_795_464_000_000,
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
function functionUrl(request: Request): object {
  const event = httpApi(request) as { requestContext: object };
  const { caller = CALLER } = request;
  const authorizer = caller === null ? undefined : { iam: { userArn: caller } };
  return { ...event, routeKey: '$default', requestContext: { ...event.requestContext, authorizer, requestId: 'function-url-id', routeKey: '$default' } };
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

/** With multi-value headers on, as HttpEntrance sets them. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
function loadBalancer({ method, path, body, headers = {}, caller = CALLER }: Request): object {
  const token = tokenOf(caller);
  const all: Record<string, string> = { ...caller === null ? {} : { authorization: `Bearer ${token}` }, 'content-type': 'application/json', 'host': 'api.example.com', 'x-amzn-trace-id': 'Root=1-5c536348-3d683b8b04734faae651f476', ...headers };
  return {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/payments/0123456789abcdef' } },
    httpMethod: method,
    path,
    multiValueQueryStringParameters: {},
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    body: body ?? '',
    isBase64Encoded: false,
  };
}
