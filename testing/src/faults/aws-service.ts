import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request to a service behind the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The response of a service behind the proxy: a text or a buffer is sent unchanged, other values as JSON. */
export interface ProxiedResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** A response of an AWS service over its JSON protocol. */
export interface AwsAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** An AWS service in this process, over the JSON protocol. */
export interface AwsService {
  /** The part of `X-Amz-Target` before the dot, for example `DynamoDB_20120810`. */
  readonly target: RegExp;
  readonly name: string;
  /** The subject of the call, for the name of the message: a table, a queue. */
  about(operation: string, input: any): string;
  call(operation: string, input: any): Promise<AwsAnswer>;
}

/** A service with an HTTP API of its own, for example a payment provider. */
export interface HttpService {
  readonly name: string;
  /** The first part of the path, before the path of the service. */
  readonly prefix: string;
  call(request: ProxiedRequest): Promise<ProxiedResponse>;
}

export function ok(body: unknown): AwsAnswer {
  return { status: 200, body };
}

/** An error as the SDK reads it: its class by `__type`. */
export function awsError(type: string, message: string, status = 400): AwsAnswer {
  return { status, body: { __type: type, message } };
}

export async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers }).end(text);
}
