import type { IncomingMessage, ServerResponse } from 'node:http';

/** What an AWS service answers over its JSON protocol. */
export interface AwsAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** An AWS service that runs on this machine. */
export interface AwsService {
  /** The part of `X-Amz-Target` before the dot, such as `DynamoDB_20120810`. */
  readonly target: RegExp;
  readonly name: string;
  /** The subject of the call, for the log: a table, a queue. */
  about(operation: string, input: any): string;
  call(operation: string, input: any): Promise<AwsAnswer>;
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
