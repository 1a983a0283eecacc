import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that a fake endpoint received. */
export interface AwsCall {
  /** `CodeDeploy.GetDeployment`, `Lambda.Invoke`, `Lambda.GET aliases`. */
  readonly operation: string;
  /** The function that is invoked, as the caller named it. */
  readonly target?: string;
  readonly query?: URLSearchParams;
  readonly input: any;
}

/** A response of the fake; `status` 200 and an empty object by default. */
export interface AwsResponse {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** A text is sent as it is, other values as JSON. */
  readonly body?: unknown;
  /** The connection remains open without a response. */
  readonly hang?: boolean;
}

/** CodeDeploy and Lambda on the loopback address. Records every call. */
export class FakeAws {
  static async start(): Promise<FakeAws> {
    const fake = new FakeAws();
    await new Promise<void>(resolve => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  readonly calls: AwsCall[] = [];
  private readonly server = http.createServer((request, response) => this.serve(request, response));
  private responder: (call: AwsCall) => AwsResponse = () => ({});

  get respond() { return this.responder; }
  /** Each test sets the responses. */
  set respond(respond: (call: AwsCall) => AwsResponse) { this.responder = respond; }
  /** The environment with which the AWS SDK calls only this fake. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return {
      AWS_ENDPOINT_URL_CODEDEPLOY: url,
      AWS_ENDPOINT_URL_LAMBDA: url,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
      AWS_REGION: 'eu-central-1',
    };
  }

  operations(): string[] {
    return this.calls.map(call => call.operation);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    let text = '';
    request.setEncoding('utf8').on('data', chunk => { text += chunk; }).on('end', () => {
      const call = callOf(request, text);
      this.calls.push(call);
      const { status = 200, headers, body = {}, hang } = this.responder(call);
      if (hang) return;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }
}

function callOf(request: http.IncomingMessage, text: string): AwsCall {
  const url = new URL(request.url!, 'http://fake');
  const [, target, what] = /\/functions\/([^/]+)\/?(\w*)/.exec(url.pathname) ?? [];
  const input = text === '' ? undefined : JSON.parse(text);
  if (what === 'invocations') return { operation: 'Lambda.Invoke', target: decodeURIComponent(target), input };
  if (target) return { operation: `Lambda.${`${request.method} ${what}`.trim()}`, target, query: url.searchParams, input };
  if (url.pathname.includes('/event-source-mappings')) return { operation: 'Lambda.GET event-source-mappings', target: url.searchParams.get('FunctionName')!, query: url.searchParams, input };
  return { operation: String(request.headers['x-amz-target']).replace(/_\d+/, ''), input };
}
