import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { ACCOUNT, arn } from '../template/assembly';

/** A request, before an entrance has created an event of it. */
export interface HttpRequest {
  /** @default GET */
  readonly method?: string;
  /** @default / */
  readonly path?: string;
  /** The route, for example `/payments/{id}`: its parameters are read from the path. */
  readonly route?: string;
  /** A text or bytes; another value is sent as JSON. The content type is JSON for all but bytes, if `headers` has none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  /** The claims of the token that a JWT or user pool authorizer verified. */
  readonly claims?: Readonly<Record<string, string>>;
  /** The ARN of the IAM principal that signed the request. */
  readonly principal?: string;
  /** What a Lambda authorizer returned as its context. */
  readonly authorizerContext?: Readonly<Record<string, string>>;
}

const HOST = 'api.example.com';
const SOURCE_IP = '192.0.2.1';
const AGENT = 'test';
/** What API Gateway passes on as text. */
const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|[\w.+-]+\+(json|xml)))/;

/** The payload 2.0 of an HTTP API. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function httpApiEvent(request: HttpRequest = {}): APIGatewayProxyEventV2 & { requestContext: { authorizer?: unknown } } {
  const { method = 'GET', path = '/', route = path, query = {}, cookies, claims, principal, authorizerContext } = request;
  const parameters = parametersOf(route, path);
  const now = new Date();
  const authorizer = {
    ...claims && { jwt: { claims: { ...claims }, scopes: null } },
    ...principal && { iam: iamOf(principal) },
    ...authorizerContext && { lambda: { ...authorizerContext } },
  };
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    ...cookies && { cookies: [...cookies] },
    headers: headersOf(request),
    ...Object.keys(query).length > 0 && { queryStringParameters: { ...query } },
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'abcdef1234',
      domainName: HOST,
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: SOURCE_IP, userAgent: AGENT },
      requestId: 'request-id',
      routeKey: `${method} ${route}`,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
      ...Object.keys(authorizer).length > 0 && { authorizer },
    },
    ...Object.keys(parameters).length > 0 && { pathParameters: parameters },
    ...bodyOf(request),
  };
}

/** The event of a function URL, which is payload 2.0 without routes. @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export function functionUrlEvent(request: HttpRequest = {}): LambdaFunctionURLEvent {
  const { pathParameters: _parameters, ...event } = httpApiEvent({ ...request, claims: undefined, authorizerContext: undefined });
  const requestContext = { ...event.requestContext, routeKey: '$default', domainName: 'abcdef.lambda-url.eu-central-1.on.aws' };
  return { ...event, routeKey: '$default', requestContext } as unknown as LambdaFunctionURLEvent;
}

/** The payload 1.0 of a REST API or an HTTP API. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function restApiEvent(request: HttpRequest = {}): APIGatewayProxyEvent {
  const { method = 'GET', path = '/', route = path, query, claims, principal, authorizerContext } = request;
  const headers = Object.fromEntries(Object.entries(headersOf(request)).map(([name, value]) => [titleCase(name), value]));
  const parameters = parametersOf(route, path);
  const { body = null, isBase64Encoded } = bodyOf(request);
  return {
    resource: route,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: lists(headers),
    queryStringParameters: query ? { ...query } : null,
    multiValueQueryStringParameters: query ? lists(query) : null,
    pathParameters: Object.keys(parameters).length > 0 ? parameters : null,
    stageVariables: null,
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'abcdef1234',
      authorizer: claims ? { claims: { ...claims } } : { ...authorizerContext },
      stage: 'live',
      requestId: 'request-id',
      httpMethod: method,
      path: `/live${path}`,
      resourcePath: route,
      resourceId: 'resource',
      identity: { ...IDENTITY, userArn: principal ?? null },
      protocol: 'HTTP/1.1',
      requestTimeEpoch: Date.now(),
    },
    body,
    isBase64Encoded,
  };
}

/**
 * The event of an Application Load Balancer. `multiValueHeaders` is an attribute of the target group. The query remains URL-encoded: a
 * load balancer does not decode it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function loadBalancerEvent(request: HttpRequest = {}, { multiValueHeaders = false } = {}): ALBEvent {
  const { method = 'GET', path = '/', query = {} } = request;
  const { body = '', isBase64Encoded } = bodyOf(request);
  const headers = { ...headersOf(request), 'x-amzn-trace-id': 'Root=1-5c536348-3d683b8b04734faae651f476', 'x-forwarded-port': '443', 'x-forwarded-proto': 'https' };
  const values = multiValueHeaders
    ? { multiValueHeaders: lists(headers), multiValueQueryStringParameters: lists(encoded(query)) }
    : { headers, queryStringParameters: encoded(query) };
  return {
    requestContext: { elb: { targetGroupArn: arn('elasticloadbalancing', 'targetgroup/target/0123456789abcdef') } },
    httpMethod: method,
    path,
    ...values,
    body,
    isBase64Encoded,
  };
}

const IDENTITY = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: SOURCE_IP,
  user: null,
  userAgent: AGENT,
  userArn: null,
};

function iamOf(userArn: string) {
  return { accessKey: 'AKIAEXAMPLE', accountId: ACCOUNT, callerId: 'caller', cognitoIdentity: null, principalOrgId: null, userArn, userId: 'user' };
}

/** Headers have lower-case names, as HTTP/2 requires. */
function headersOf({ headers = {}, body }: HttpRequest): Record<string, string> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...body !== undefined && !(body instanceof Uint8Array) && { 'content-type': 'application/json' }, 'host': HOST, 'x-forwarded-for': SOURCE_IP, ...own };
}

function bodyOf(request: HttpRequest): { body?: string; isBase64Encoded: boolean } {
  const { body } = request;
  if (body === undefined) return { isBase64Encoded: false };
  const bytes = Buffer.from(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
  const isText = TEXT.test(headersOf(request)['content-type']);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function parametersOf(route: string, path: string): Record<string, string> {
  const names = [...route.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name);
  const pattern = route.replace(/\{\w+\+\}/g, '(.+)').replace(/\{\w+\}/g, '([^/]+)');
  const values = new RegExp(`^${pattern}$`).exec(path)?.slice(1) ?? [];
  return Object.fromEntries(names.flatMap((name, i) => values[i] === undefined ? [] : [[name, decodeURIComponent(values[i])]]));
}

function encoded(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(each => each.map(encodeURIComponent)));
}

function lists(values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

function titleCase(name: string): string {
  return name.split('-').map(part => part[0].toUpperCase() + part.slice(1)).join('-');
}
