import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { match, type Route } from './routes';
import type { Tokens } from './tokens';
import { ACCOUNT, answerJson, type Outcome } from '../../../testing/src';

/** What an HTTP API takes at most. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1_024 * 1_024;
type Claims = Record<string, unknown>;

const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml)))/;

export interface EntranceOptions {
  readonly routes: readonly Route[];
  readonly tokens: Tokens;
  readonly invoke: (functionId: string, event: unknown) => Promise<Outcome>;
  /** One line for each request, where someone reads them. */
  readonly log?: (line: string) => void;
}

/** API Gateway's HTTP API on localhost: routes, tokens, payload 2.0, and its own answers where no function answers. */
export class LocalEntrance {
  private readonly server: Server;

  constructor(private readonly options: EntranceOptions) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => answerJson(response, 500, { message: 'Internal Server Error' }));
    });
  }

  public listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port));
    });
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = Date.now();
    const status = await this.answer(request, response);
    this.options.log?.(`${request.method} ${request.url} ${status} ${Date.now() - started} ms`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const url = new URL(request.url!, 'http://localhost');
    const say = (status: number, message: string) => {
      answerJson(response, status, { message });
      return status;
    };
    const body = await upTo(MAX_BODY_BYTES, request);
    if (body === undefined) return say(413, 'Request Too Long');
    const found = match(this.options.routes, request.method!, url.pathname);
    if (!found) return say(404, 'Not Found');
    const { route, parameters } = found;
    const claims = route.token && this.options.tokens.verify(/^(?:Bearer )?(.*)$/i.exec(request.headers.authorization ?? '')![1], route.token);
    if (route.token && !claims) return say(401, 'Unauthorized');
    if (claims && route.scopes.length > 0 && !scopesOf(claims).some(scope => route.scopes.includes(scope))) return say(403, 'Forbidden');
    const outcome = await this.options.invoke(route.functionId, eventOf(request, url, body, route, parameters, claims));
    if (outcome.kind === 'throttled') return say(429, 'Too Many Requests');
    if (outcome.kind === 'time-out') return say(503, 'Service Unavailable');
    if (outcome.kind !== 'answer') return say(500, 'Internal Server Error');
    return write(outcome.payload, response) ?? say(500, 'Internal Server Error');
  }
}

async function upTo(max: number, request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= max) chunks.push(chunk as Buffer); // what is too much is read and thrown away, so that the answer is heard
  }
  return size <= max ? Buffer.concat(chunks) : undefined;
}

function scopesOf(claims: Claims): string[] {
  const scope = claims.scope ?? claims.scp ?? '';
  return Array.isArray(scope) ? scope : String(scope).split(' ');
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function eventOf(request: IncomingMessage, url: URL, body: Buffer, route: Route, pathParameters: Record<string, string>, claims?: Claims) {
  const isText = TEXT.test(request.headers['content-type'] ?? 'text/plain');
  const { cookie, ...headers } = request.headers;
  const now = new Date();
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...cookie && { cookies: cookie.split('; ') },
    headers,
    ...url.search && { queryStringParameters: Object.fromEntries(url.searchParams) },
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      ...claims && { authorizer: { jwt: { claims: textual(claims), scopes: scopesOf(claims) } } },
      domainName: request.headers.host,
      domainPrefix: 'local',
      http: { method: request.method, path: url.pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: request.headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: `${route.method} ${route.path}`,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    pathParameters,
    ...body.length > 0 && { body: isText ? body.toString() : body.toString('base64') },
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** API Gateway passes every claim on as text. */
function textual(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, Array.isArray(value) ? `[${value.join(' ')}]` : String(value)]));
}

function write(payload: any, response: ServerResponse): number | undefined {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    answerJson(response, 200, payload);
    return 200;
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded } = payload;
  if (!Number.isInteger(Number(statusCode)) || typeof body !== 'string') return undefined;
  response.writeHead(Number(statusCode), { ...headers, ...cookies.length > 0 && { 'set-cookie': cookies } });
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
  return Number(statusCode);
}
