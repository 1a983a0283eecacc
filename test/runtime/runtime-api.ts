import { type ChildProcess, spawn } from 'node:child_process';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';

/** How to run one execution environment. */
export interface EnvironmentOptions {
  /** The folder that would be /var/task. */
  readonly taskRoot: string;
  /** As the function states it: `index.handler`. */
  readonly handler: string;
  /** The entry of the official runtime client: `require.resolve('aws-lambda-ric')`. */
  readonly runtimeClient: string;
  /** The Node.js binary to run; the one that runs this when absent. */
  readonly node?: string;
  /** Beside what Lambda itself sets. */
  readonly environment?: Record<string, string>;
  /** A stand-in for rapid-client.node; the one of testing/ when absent. */
  readonly shim?: string;
  /** Whether X-Ray has chosen the requests for its sample. */
  readonly traced?: boolean;
  /** How long the handler may take to load before the start is given up; 10 s as on Lambda when absent. */
  readonly initTimeoutMs?: number;
}

/** What came back from an invocation: the handler's result, or the error that it ended in. */
export interface Answer {
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string; readonly trace: string[] };
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly answer: (answer: Answer) => void;
}

/**
 * One Lambda execution environment on this machine: the official Node.js runtime client in a process of its own,
 * talking to a Runtime API on the loopback address.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class ExecutionEnvironment {
  /** Starts the process and waits until the handler is loaded; fails with Lambda's init error when it cannot be. */
  static async start(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
    const environment = new ExecutionEnvironment();
    try {
      await environment.launch(options);
    } catch (error) {
      await environment.stop();
      throw error;
    }
    return environment;
  }

  /** From the start of the process to its first call for work: what Lambda bills and reports as Init Duration. */
  initMs = 0;
  /** All that the process wrote to stdout and stderr. */
  log = '';

  /** What has registered itself by the Extensions API, and who waits for an event. */
  readonly extensions: { registered: { name: string; events: string[] }[]; waiting: string[] } = { registered: [], waiting: [] };

  private readonly server = http.createServer((request, response) => this.serve(request, response));
  private readonly queue: Invocation[] = [];
  private readonly running = new Map<string, Invocation>();
  private process?: ChildProcess;
  private waiting?: http.ServerResponse;
  private started = 0;
  private loading?: { resolve(): void; reject(error: Error): void };
  private count = 0;
  private sampled = 0;

  private constructor() { }

  /** Runs the handler once, as Lambda would: one event at a time, in order. */
  invoke(event: unknown, timeoutMs = 10_000): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = `request-${++this.count}`;
      const timer = setTimeout(() => {
        this.running.delete(id);
        reject(new Error(`Task timed out after ${timeoutMs} ms\n${this.log}`));
      }, timeoutMs);
      const answer = (got: Answer) => { clearTimeout(timer); resolve(got); };
      this.queue.push({ id, event, deadline: Date.now() + timeoutMs, answer });
      this.dispatch();
    });
  }

  /** Ends the process as Lambda does in the Shutdown phase of a function with an extension, and returns its exit code and the time that it took. */
  async shutDown(limitMs = 500): Promise<{ code: number | null; millis: number }> {
    const began = performance.now();
    const code = await new Promise<number | null>(resolve => {
      const timer = setTimeout(() => this.process!.kill('SIGKILL'), limitMs);
      this.process!.once('exit', exit => { clearTimeout(timer); resolve(exit); });
      this.process!.kill('SIGTERM');
    });
    return { code, millis: performance.now() - began };
  }

  async stop(): Promise<void> {
    this.process?.kill('SIGKILL');
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  private async launch(options: EnvironmentOptions): Promise<void> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    const loaded = new Promise<void>((resolve, reject) => { this.loading = { resolve, reject }; });
    const timer = setTimeout(() => this.loading?.reject(new Error(`INIT did not end in time\n${this.log}`)), options.initTimeoutMs ?? 10_000);
    this.sampled = options.traced ? 1 : 0;
    this.started = performance.now();
    this.process = spawn(options.node ?? process.execPath, ['--require', options.shim ?? path.join(__dirname, '../../testing/src/functions/rapid-client-shim.cjs'), options.runtimeClient], {
      cwd: options.taskRoot,
      env: {
        PATH: process.env.PATH,
        _HANDLER: options.handler,
        LAMBDA_TASK_ROOT: options.taskRoot,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
        AWS_LAMBDA_FUNCTION_NAME: 'local',
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/local',
        AWS_LAMBDA_LOG_STREAM_NAME: 'local',
        AWS_REGION: 'eu-central-1',
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.on('data', chunk => { this.log += chunk; });
    this.process.stderr!.on('data', chunk => { this.log += chunk; });
    this.process.on('error', error => this.loading?.reject(error));
    this.process.on('exit', code => this.exited(code));
    await loaded.finally(() => clearTimeout(timer));
  }

  private exited(code: number | null): void {
    const error = { errorType: 'Runtime.ExitError', errorMessage: `exit status ${code}`, trace: [] };
    this.loading?.reject(new Error(`Runtime exited with status ${code}\n${this.log}`));
    for (const invocation of this.running.values()) invocation.answer({ error });
    this.running.clear();
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html */
  private serveExtension(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (request.url!.endsWith('/event/next')) {
      this.extensions.waiting.push(String(request.headers['lambda-extension-identifier']));
      return; // none of its events comes
    }
    let body = '';
    request.setEncoding('utf8').on('data', chunk => { body += chunk; }).on('end', () => {
      this.extensions.registered.push({ name: String(request.headers['lambda-extension-name']), ...JSON.parse(body) });
      response.writeHead(200, { 'Lambda-Extension-Identifier': 'extension-1' }).end('{}');
    });
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (request.url!.includes('/extension/')) return this.serveExtension(request, response);
    const [, id, what] = /runtime\/(?:invocation\/)?([^/]+)(?:\/(\w+))?$/.exec(request.url!) ?? [];
    if (id === 'next') {
      if (this.initMs === 0) this.initMs = performance.now() - this.started;
      this.loading?.resolve();
      this.waiting = response;
      return this.dispatch();
    }
    let body = '';
    request.setEncoding('utf8').on('data', chunk => { body += chunk; }).on('end', () => {
      response.writeHead(202).end();
      if (id === 'init') return this.loading?.reject(Object.assign(new Error(`INIT failed: ${body}`), { detail: JSON.parse(body) }));
      const invocation = this.running.get(id);
      this.running.delete(id);
      invocation?.answer(what === 'response' ? { payload: parsed(body) } : { error: JSON.parse(body) });
    });
  }

  private dispatch(): void {
    if (!this.waiting || this.queue.length === 0) return;
    const invocation = this.queue.shift()!;
    this.running.set(invocation.id, invocation);
    this.waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': invocation.id,
      'Lambda-Runtime-Deadline-Ms': String(invocation.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:eu-central-1:123456789012:function:local:live',
      'Lambda-Runtime-Trace-Id': `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${this.sampled}`,
    });
    this.waiting.end(JSON.stringify(invocation.event));
    this.waiting = undefined;
  }
}

/** The result of a handler, or the text of a streamed response. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
