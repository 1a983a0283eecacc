import { Environment, type Outcome } from '../../testing/src/functions/environment';
import { nodeRuntime } from '../../testing/src/functions/runtime-command';

/** How to run one execution environment. */
export interface EnvironmentOptions {
  /** The folder that would be /var/task. */
  readonly taskRoot: string;
  /** As the function states it: `index.handler`. */
  readonly handler: string;
  /** Beside what Lambda itself sets. */
  readonly environment?: Record<string, string>;
  /** @default - the Node.js of this process */
  readonly node?: string;
  /** Whether X-Ray has chosen the requests for its sample. */
  readonly traced?: boolean;
}

/** What came back from an invocation: the handler's result, or the error that it ended in. */
export interface Answer {
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string; readonly trace?: readonly string[] };
}

/** One execution environment of the testing kit, with its lines and numbered requests. */
export class ExecutionEnvironment {
  static async start({ taskRoot, handler, environment, node = process.execPath, traced }: EnvironmentOptions): Promise<ExecutionEnvironment> {
    let count = 0;
    const lines: string[] = [];
    return new ExecutionEnvironment(lines, await Environment.start({
      functionName: 'local',
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:local:live',
      taskRoot,
      handler,
      memorySize: 512,
      runtime: nodeRuntime(node),
      services: { aws: [], others: [] },
      variables: () => ({ POWERTOOLS_TRACE_ENABLED: 'true', ...environment }),
      log: line => void lines.push(line),
      traced,
      requestId: () => `request-${++count}`,
    }));
  }

  private constructor(private readonly lines: string[], private readonly environment: Environment) {}

  /** All that the process wrote to stdout and stderr. */
  get log(): string {
    return this.lines.join('\n');
  }

  get extensions() {
    return this.environment.extensions;
  }

  get initMs() {
    return this.environment.initMs;
  }

  /** Runs the handler once. */
  async invoke(event: unknown, timeoutMs = 10_000): Promise<Answer> {
    const outcome: Outcome = await this.environment.invoke(event, timeoutMs);
    if (outcome.kind === 'answer') return { payload: outcome.payload };
    if (outcome.kind === 'error') return { error: outcome };
    throw new Error(outcome.kind === 'time-out' ? `Task timed out after ${timeoutMs} ms\n${this.log}` : `the process ended\n${this.log}`);
  }

  /** Ends the process as Lambda does in the Shutdown phase of a function with an extension, and returns its exit code and the time that it took. */
  async shutDown(limitMs?: number): Promise<{ code: number | null; millis: number }> {
    const began = performance.now();
    const code = await this.environment.stop(limitMs);
    return { code, millis: performance.now() - began };
  }

  async stop(): Promise<void> {
    this.environment.kill('exit');
    await this.environment.stop();
  }
}
