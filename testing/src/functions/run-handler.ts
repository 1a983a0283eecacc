import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import type { Outcome } from './environment';
import { nodeOfRuntime } from './node';
import { pythonOfRuntime } from './python';
import { RunningFunction } from './running-function';
import { nodeRuntime, pythonRuntime, type RuntimeCommand } from './runtime-command';
import { type DeployedFunction, type FunctionConstruct, isFunctionConstruct, synthesisedFunction } from './synthesised-function';
import type { AwsService, HttpService, ProxiedRequest } from '../faults/aws-service';
import type { FaultRule } from '../faults/fault';
import { Upstream } from '../faults/upstream';
import { arn } from '../template/assembly';

export interface RunHandlerOptions {
  /**
   * The handler, as the function states it.
   *
   * @default - the handler of the construct; `index.handler` of a folder, `<file>.handler` of a file
   */
  readonly handler?: string;
  /**
   * The identifier of the runtime: `nodejs22.x`, `nodejs24.x`, `python3.13`.
   *
   * @default - the runtime of the construct, or nodejs24.x
   */
  readonly runtime?: string;
  /**
   * The timeout in seconds. The process is killed at the deadline.
   *
   * @default - the timeout of the construct, or 3 as on Lambda
   */
  readonly timeoutSeconds?: number;
  /**
   * The memory in MB, as a variable only.
   *
   * @default - the memory of the construct, or 128 as on Lambda
   */
  readonly memorySize?: number;
  /** Environment variables. They override the variables of the construct. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * The services of AWS: the URL of an emulator or of an endpoint, or services in this process. The handler reaches them through the
   * fault proxy by `AWS_ENDPOINT_URL`.
   *
   * @default - no service of AWS is available
   */
  readonly aws?: string | readonly AwsService[];
  /** The PostgreSQL server: the handler reaches it through the fault proxy by `PGHOST` and `PGPORT`. */
  readonly postgres?: { readonly host?: string; readonly port: number };
  /** Services with an HTTP API of their own: the variable that has the URL, and the URL behind the fault proxy. */
  readonly http?: Readonly<Record<string, string>>;
  /**
   * How many execution environments run at a time. An invocation above it waits.
   *
   * @default 10
   */
  readonly maxEnvironments?: number;
  /** The reserved concurrency: an invocation above it is throttled. */
  readonly reservedConcurrency?: number;
  /**
   * Whether environments are frozen between two invocations, as on Lambda.
   *
   * @default true
   */
  readonly freezes?: boolean;
  /** Receives each line that the handler writes. */
  readonly log?: (line: string) => void;
}

/** A handler in the processes of its execution environments. */
export interface RunningHandler {
  /** The lines that the handler has written. */
  readonly lines: readonly string[];
  /** How many environments were started. */
  readonly started: number;
  /** Invokes the handler once. `faults` decides on each message that the handler sends during the invocation. */
  invoke(event: unknown, delivery?: { readonly faults?: FaultRule }): Promise<Outcome>;
  /** Ends all environments, with SIGTERM first. */
  stop(): Promise<void>;
}

/**
 * Runs a handler under Lambda's official runtime client, in a process for each execution environment: kept and frozen between
 * invocations, killed at the deadline.
 *
 * @param code A function construct, which is synthesised; or the folder or the file of a bundle
 */
export async function runHandler(code: string | FunctionConstruct, options: RunHandlerOptions = {}): Promise<RunningHandler> {
  const found = isFunctionConstruct(code) ? synthesisedFunction(code) : bundle(resolve(code));
  const lines: string[] = [];
  const { aws, http = {}, postgres, memorySize = found.memorySize ?? 128, timeoutSeconds = found.timeoutSeconds ?? 3 } = options;
  const endpoint = typeof aws === 'string' ? new Upstream(aws) : undefined;
  const others = Object.entries(http).map(([variable, url]) => new HttpUpstream(variable, url));
  const fn = new RunningFunction({
    functionName: found.name,
    functionArn: arn('lambda', `function:${found.name}:live`),
    taskRoot: found.folder,
    handler: options.handler ?? found.handler,
    memorySize,
    timeoutMs: timeoutSeconds * 1_000,
    runtime: await commandOf(options.runtime ?? found.runtime),
    maxEnvironments: options.maxEnvironments ?? 10,
    reservedConcurrency: options.reservedConcurrency,
    losesConnections: options.freezes === false ? undefined : () => false,
    services: { aws: typeof aws === 'string' ? [] : aws ?? [], endpoint, others, ...postgres },
    variables: (httpPort, postgresPort) => ({
      ...found.variables,
      ...Object.fromEntries(others.map(({ prefix }) => [prefix, `http://127.0.0.1:${httpPort}/${prefix}`])),
      ...postgres && { PGHOST: '127.0.0.1', PGPORT: String(postgresPort), PGSSLMODE: 'disable' },
      ...options.variables,
    }),
    log: line => {
      lines.push(line);
      options.log?.(line);
    },
  });
  return {
    lines,
    get started() { return fn.started; },
    invoke: (event, delivery) => fn.invoke(event, delivery?.faults),
    stop: async () => {
      await fn.stop();
      endpoint?.stop();
      for (const other of others) other.stop();
      found.remove?.();
    },
  };
}

async function commandOf(runtime: string): Promise<RuntimeCommand> {
  if (runtime.startsWith('nodejs')) return nodeRuntime((await nodeOfRuntime({ major: Number(/\d+/.exec(runtime)![0]) })).path);
  if (runtime.startsWith('python')) return pythonRuntime(await pythonOfRuntime(runtime), runtime);
  throw new Error(`'runtime' must be a Node.js or Python runtime, got '${runtime}'; run handlers of other runtimes with sam local invoke`);
}

function bundle(path: string): DeployedFunction {
  if (!existsSync(path)) throw new Error(`'code' must be a folder or a file that exists, got '${path}'; build the bundle first`);
  const isFile = statSync(path).isFile(); // the name of a folder may have a dot: asset.<hash>
  const name = basename(path, isFile ? extname(path) : '');
  return {
    name, folder: isFile ? dirname(path) : path, handler: isFile ? `${name}.handler` : 'index.handler', runtime: isFile && extname(path) === '.py' ? 'python3.14' : 'nodejs24.x', variables: {},
  };
}

/** A service behind the proxy whose URL is in an environment variable. */
class HttpUpstream implements HttpService {
  public readonly name: string;
  private readonly upstream: Upstream;

  constructor(public readonly prefix: string, url: string) {
    this.name = prefix.replace(/_(BASE_)?(URL|ENDPOINT)$/, '');
    this.upstream = new Upstream(url);
  }

  public call(request: ProxiedRequest) {
    return this.upstream.send(request);
  }

  public stop(): void {
    this.upstream.stop();
  }
}
