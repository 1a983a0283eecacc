import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RuntimeCommand } from './runtime-command';
import { read } from '../faults/aws-service';
import type { FaultRule, Message } from '../faults/fault';
import { HttpProxy, type HttpProxyOptions } from '../faults/http-proxy';
import { PostgresProxy, type PostgresProxyOptions } from '../faults/postgres-proxy';
import { REGION } from '../template/assembly';

/** As long as Lambda waits for a handler to load. */
const INIT_TIMEOUT_MS = 10_000;
/** As long as Lambda waits for a runtime after SIGTERM. */
const SHUTDOWN_MS = 500;

/** How an invocation ended. */
export type Outcome =
  | { readonly kind: 'answer'; readonly payload: any }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] }
  | { readonly kind: 'time-out' | 'exit' | 'throttled' };

export interface EnvironmentOptions {
  readonly functionName: string;
  readonly functionArn: string;
  /** The folder that is /var/task on Lambda. */
  readonly taskRoot: string;
  readonly handler: string;
  readonly memorySize: number;
  readonly runtime: RuntimeCommand;
  /** The services that the function reaches, each through a proxy that can cause faults. */
  readonly services: Pick<HttpProxyOptions, 'aws' | 'others' | 'endpoint'> & Partial<Pick<PostgresProxyOptions, 'host' | 'port'>>;
  /** The environment variables of the function, when its services are at these addresses. */
  readonly variables: (httpPort: number, postgresPort: number) => Record<string, string>;
  readonly log: (line: string) => void;
  /** By how many milliseconds the clock of a new environment is wrong. */
  readonly skewMs?: () => number;
  /** Whether X-Ray has chosen the requests for its sample. */
  readonly traced?: boolean;
  /** The id of the next request; random if absent. */
  readonly requestId?: () => string;
}

/** For how long an environment is frozen in an invocation. */
const FREEZE_MS = 2_500;

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly end: (outcome: Outcome) => void;
  /** The process may request the next event before its response to this one has arrived. */
  isDispatched: boolean;
}

/**
 * One Lambda execution environment: the official Node.js runtime client in a process of its own, one event at a time, killed
 * when the time is over.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class Environment {
  /** Starts the process, and does not wait until it requests an event. */
  public static async start(options: EnvironmentOptions): Promise<Environment> {
    const environment = new Environment(options);
    await environment.launch();
    return environment;
  }

  /** What has registered itself by the Extensions API, and who waits for an event. */
  public readonly extensions: { registered: { name: string; events: string[] }[]; waiting: string[] } = { registered: [], waiting: [] };
  /** Decides on the messages of the invocation that runs. */
  public faults?: FaultRule;
  private readonly http: HttpProxy;
  private readonly postgres?: PostgresProxy;
  private process?: ChildProcess;
  private waiting?: ServerResponse;
  private current?: Invocation;
  private timer?: NodeJS.Timeout;
  /** From the start of the process to its first call for work; undefined until then. */
  public initMs?: number;
  private started = 0;
  private isOver = false;
  private readonly skew: number;

  private constructor(private readonly options: EnvironmentOptions) {
    this.skew = options.skewMs?.() ?? 0;
    const shared = { faults: (message: Message) => this.faults?.(message), kill: () => this.kill('exit'), freeze: () => this.freeze(FREEZE_MS) };
    const { host = '127.0.0.1', port, ...http } = options.services;
    this.http = new HttpProxy({ ...shared, ...http, runtimeApi: (request, response) => void this.serve(request, response) });
    if (port !== undefined) this.postgres = new PostgresProxy({ ...shared, host, port });
  }

  public get isAlive(): boolean {
    return !this.isOver;
  }

  public get pid(): number {
    return this.process!.pid!;
  }

  /** Runs the handler once; a process that is still loading gets the time that Lambda gives it beside the function's own. */
  public invoke(event: unknown, timeoutMs: number): Promise<Outcome> {
    return new Promise(resolve => {
      const load = this.waiting ? 0 : INIT_TIMEOUT_MS;
      this.current = { id: this.options.requestId?.() ?? randomUUID(), event, deadline: timeoutMs, end: resolve, isDispatched: false };
      if (this.isOver) return this.finish({ kind: 'exit' });
      this.timer = setTimeout(() => this.kill('time-out'), load + timeoutMs);
      this.dispatch();
    });
  }

  /** Stops the process until it is thawed, as Lambda does between two invocations. */
  public freeze(forMs?: number): void {
    if (this.isOver) return;
    this.process?.kill('SIGSTOP');
    if (forMs !== undefined) setTimeout(() => this.thaw(), forMs);
  }

  /** Lets the process go on; its connections to the database may have been closed meanwhile. */
  public thaw(hasLostConnections = false): void {
    if (this.isOver) return;
    if (hasLostConnections) this.postgres?.cut();
    this.process?.kill('SIGCONT');
  }

  /** Ends the process immediately, as Lambda does. */
  public kill(kind: 'time-out' | 'exit'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.process?.kill('SIGKILL');
    this.http.close();
    this.postgres?.close();
    this.finish({ kind });
  }

  /** Sends SIGTERM as Lambda does, kills the process if it runs on, and waits until the process has ended. Returns its exit code. */
  public async stop(limitMs = SHUTDOWN_MS): Promise<number | null> {
    const { process: child } = this;
    const isGone = !child || child.exitCode !== null || child.signalCode !== null;
    const gone = isGone ? undefined : once(child, 'exit');
    if (!isGone && !this.isOver) {
      child.kill('SIGCONT'); // a process that is frozen would not receive it
      child.kill('SIGTERM');
      const timer = setTimeout(() => this.kill('exit'), limitMs);
      await gone;
      clearTimeout(timer);
    }
    this.kill('exit');
    await gone;
    return child?.exitCode ?? null;
  }

  private async launch(): Promise<void> {
    const [http, postgres = 0] = await Promise.all([this.http.listen(), this.postgres?.listen()]);
    const { functionName, handler, memorySize, taskRoot, runtime } = this.options;
    this.started = performance.now();
    this.process = spawn(runtime.command, [...runtime.args, ...runtime.takesHandler ? [handler] : []], {
      cwd: taskRoot,
      env: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
        _HANDLER: handler,
        LAMBDA_TASK_ROOT: taskRoot,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${http}`,
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
        AWS_LAMBDA_LOG_STREAM_NAME: 'local',
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${http}`,
        ...runtime.variables,
        LOCAL_CLOCK_SKEW_MS: String(this.skew),
        POWERTOOLS_TRACE_ENABLED: 'false', // there is no daemon to send segments to
        ...this.options.variables(http, postgres),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout!, this.process.stderr!]) lines(stream, this.options.log);
    this.process.on('error', error => { this.options.log(error.message); this.kill('exit'); });
    this.process.on('exit', () => this.kill('exit'));
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html */
  private async serveExtension(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url!.endsWith('/event/next')) return void this.extensions.waiting.push(String(request.headers['lambda-extension-identifier'])); // no event comes
    const { events } = JSON.parse((await read(request)).toString());
    this.extensions.registered.push({ name: String(request.headers['lambda-extension-name']), events });
    response.writeHead(200, { 'Lambda-Extension-Identifier': `extension-${this.extensions.registered.length}` }).end('{}');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url!.includes('/extension/')) return this.serveExtension(request, response);
    const [, id, what] = /runtime\/(?:invocation\/)?([^/]+)(?:\/(\w+))?$/.exec(request.url!) ?? [];
    if (id === 'next') {
      this.initMs ??= performance.now() - this.started;
      this.waiting = response;
      return this.dispatch();
    }
    const body = parsed((await read(request)).toString());
    response.writeHead(202).end();
    if (id === 'init') return this.finish(failure(body));
    if (id !== this.current?.id) return;
    this.finish(what === 'response' ? { kind: 'answer', payload: body } : failure(body));
  }

  private dispatch(): void {
    if (!this.waiting || !this.current || this.current.isDispatched) return;
    this.current.isDispatched = true;
    const { id, event, deadline } = this.current;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kill('time-out'), deadline);
    this.waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': id,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + this.skew + deadline), // by the clock of the environment
      'Lambda-Runtime-Invoked-Function-Arn': this.options.functionArn,
      'Lambda-Runtime-Trace-Id': `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=${this.options.traced ? 1 : 0}`,
    });
    this.waiting.end(JSON.stringify(event));
    this.waiting = undefined;
  }

  private finish(outcome: Outcome): void {
    clearTimeout(this.timer);
    const { current } = this;
    this.current = undefined;
    current?.end(outcome);
  }
}

function failure({ errorType, errorMessage, trace }: { errorType: string; errorMessage: string; trace?: string[] }): Outcome {
  return { kind: 'error', errorType, errorMessage, ...trace && { trace } };
}

/** The result of a handler, or the text of a streamed response. */
function parsed(body: string): any {
  try {
    return JSON.parse(body || 'null');
  } catch {
    return body;
  }
}

function lines(stream: NodeJS.ReadableStream, log: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    parts.filter(part => part.trim() !== '').forEach(log);
  });
}
