import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fate, Mishap, Victim } from './wire';
import { answerJson, type AwsService, read } from '../services/aws-json';

/** A service with an HTTP API of its own, such as the payment provider. */
export interface HttpService {
  readonly name: string;
  /** The first part of the path, before the service's own. */
  readonly prefix: string;
  call(method: string, path: string, headers: IncomingMessage['headers'], body: string): Promise<{ status: number; body: unknown }>;
}

export interface HttpWireOptions extends Victim {
  readonly aws: readonly AwsService[];
  readonly others: readonly HttpService[];
  readonly fate: Fate;
  /** Answers Lambda's Runtime API, which nothing happens to. */
  readonly runtimeApi: (request: IncomingMessage, response: ServerResponse) => void;
}

interface Call {
  readonly service: string;
  readonly what: string;
  answer(): Promise<{ status: number; body: unknown }>;
}

/** All that an execution environment reaches over HTTP, at one address of its own: so every call is known by who sent it. */
export class HttpWire {
  private readonly server: Server;

  constructor(private readonly options: HttpWireOptions) {
    this.server = createServer((request, response) => {
      if (request.url!.startsWith('/2018-06-01/')) return options.runtimeApi(request, response);
      this.serve(request, response).catch(() => request.socket.destroy());
    });
    this.server.keepAliveTimeout = 120_000;
    this.server.requestTimeout = 0;
  }

  public listen(): Promise<number> {
    return new Promise(resolve => this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port)));
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await read(request)).toString();
    const call = this.callOf(request, body);
    if (!call) return answerJson(response, 404, { message: `nothing on this machine answers ${request.headers['x-amz-target'] ?? request.url}` });
    const planned = this.options.fate(call);
    if (planned?.kind === 'freeze') this.options.freeze();
    const mishap = planned?.kind === 'freeze' ? undefined : planned;
    if (mishap?.when === 'before') return this.happen(mishap, request, response);
    const answer = await call.answer();
    if (mishap) return this.happen(mishap, request, response);
    answerJson(response, answer.status, answer.body);
  }

  private callOf(request: IncomingMessage, body: string): Call | undefined {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      const [name, operation] = target.split('.');
      const service = this.options.aws.find(({ target: pattern }) => pattern.test(name));
      const input = body === '' ? {} : JSON.parse(body);
      return service && { service: service.name, what: `${operation} ${service.about(operation, input)}`.trim(), answer: () => service.call(operation, input) };
    }
    const [, prefix, rest] = /^\/([^/?]+)(.*)$/.exec(request.url!) ?? [];
    const service = this.options.others.find(other => other.prefix === prefix);
    return service && {
      service: service.name,
      what: `${request.method} ${rest.split('?')[0]}`,
      answer: () => service.call(request.method!, rest, request.headers, body),
    };
  }

  private happen({ kind }: Mishap, request: IncomingMessage, response: ServerResponse): void {
    if (kind === 'kill') return this.options.kill();
    if (kind === 'silence') return;
    if (kind === 'cut') return void request.socket.destroy();
    if (kind === 'throttle') return answerJson(response, 400, { __type: 'ProvisionedThroughputExceededException', message: 'too much at a time' });
    // A permanent error, so that no SDK retries it: the handler must handle it.
    answerJson(response, 400, { __type: 'AccessDeniedException', code: 'REJECTED', message: 'rejected by the local service' });
  }
}
