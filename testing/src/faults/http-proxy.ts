import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { awsMessage } from './aws-message';
import { answerJson, type AwsService, type HttpService, type ProxiedRequest, type ProxiedResponse, read } from './aws-service';
import { DELAY_MS, type Fault, type FaultRule, type Message, type ProcessControl } from './fault';
import type { Upstream } from './upstream';

export interface HttpProxyOptions extends ProcessControl {
  /** AWS services in this process. */
  readonly aws: readonly AwsService[];
  /** The endpoint of all other AWS services; without it they are not available. */
  readonly endpoint?: Upstream;
  /**
   * Services with an HTTP API of their own.
   *
   * @default - none
   */
  readonly others?: readonly HttpService[];
  readonly faults: FaultRule;
  /** Serves Lambda's Runtime API and Extensions API, which have no faults. */
  readonly runtimeApi?: (request: IncomingMessage, response: ServerResponse) => void;
}

interface Call extends Message {
  answer(): Promise<ProxiedResponse>;
}

/** Everything that an execution environment reaches over HTTP, at an address of its own: so the sender of each call is known. */
export class HttpProxy {
  private readonly server: Server;

  constructor(private readonly options: HttpProxyOptions) {
    this.server = createServer((request, response) => {
      if (options.runtimeApi && /^\/(2018-06-01\/runtime|2020-01-01\/extension)\//.test(request.url!)) return options.runtimeApi(request, response);
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
    const body = await read(request);
    const call = this.callOf({ method: request.method!, path: request.url!, headers: request.headers, body });
    if (!call) return answerJson(response, 404, { message: `no service on this machine has ${request.headers['x-amz-target'] ?? request.url}` });
    const planned = this.options.faults(call);
    if (planned?.kind === 'freeze') this.options.freeze?.();
    if (planned?.kind === 'delay') await new Promise(resolve => setTimeout(resolve, DELAY_MS));
    if (planned?.kind === 'twice') await call.answer();
    const fault = planned && !['freeze', 'delay', 'twice', 'demote'].includes(planned.kind) ? planned : undefined;
    if (fault?.when === 'before') return this.happen(fault, request, response);
    const answer = await call.answer();
    if (fault) return this.happen(fault, request, response);
    write(response, answer);
  }

  private callOf(request: ProxiedRequest): Call | undefined {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      const [name, operation] = target.split('.');
      const service = this.options.aws.find(({ target: pattern }) => pattern.test(name));
      if (service) {
        const input = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
        return { service: service.name, what: `${operation} ${service.about(operation, input)}`.trim(), answer: () => service.call(operation, input) };
      }
    }
    const [, prefix, rest] = /^\/([^/?]+)(.*)$/.exec(request.path) ?? [];
    const other = this.options.others?.find(each => each.prefix === prefix);
    if (other) return { service: other.name, what: `${request.method} ${rest.split('?')[0]}`, answer: () => other.call({ ...request, path: rest }) };
    const { endpoint } = this.options;
    return endpoint && { ...awsMessage(request), answer: () => endpoint.send(request) };
  }

  private happen({ kind }: Fault, request: IncomingMessage, response: ServerResponse): void {
    if (kind === 'kill' && this.options.kill) return this.options.kill();
    if (kind === 'silence') return;
    if (kind === 'cut' || kind === 'kill') return void request.socket.destroy();
    if (kind === 'throttle') return answerJson(response, 400, { __type: 'ProvisionedThroughputExceededException', message: 'the throughput was exceeded' });
    // A permanent error, so that no SDK retries it: the handler must handle it.
    answerJson(response, 400, { __type: 'AccessDeniedException', code: 'REJECTED', message: 'rejected by the fault proxy' });
  }
}

function write(response: ServerResponse, { status, body, headers }: ProxiedResponse): void {
  if (!Buffer.isBuffer(body)) return answerJson(response, status, body);
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
