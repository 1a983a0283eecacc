import { Environment, type EnvironmentOptions, type Outcome } from './environment';
import type { FaultRule } from '../faults/fault';

export interface RunningFunctionOptions extends EnvironmentOptions {
  readonly timeoutMs: number;
  /** Above it, Lambda throttles. */
  readonly reservedConcurrency?: number;
  /** How many environments this machine runs at a time; what comes above waits. */
  readonly maxEnvironments: number;
  /**
   * Whether environments are frozen between two invocations, as on Lambda, and whether the one that is used now has lost its
   * connections to the database meanwhile. No environment is frozen when absent.
   */
  readonly losesConnections?: () => boolean;
}

/** A function of the template, in as many execution environments as are needed at a time, each used again and again. */
export class RunningFunction {
  /** How many processes were started. */
  public started = 0;
  private readonly idle: Environment[] = [];
  private readonly all = new Set<Environment>();
  private readonly starting = new Set<Promise<Environment>>();
  private readonly line: (() => void)[] = [];
  private busy = 0;
  private isStopped = false;
  private next?: { readonly taskRoot: string; readonly isChosen: () => boolean };

  constructor(public readonly options: RunningFunctionOptions) {}

  public async invoke(event: unknown, faults?: FaultRule): Promise<Outcome> {
    const { reservedConcurrency, maxEnvironments, timeoutMs } = this.options;
    if (reservedConcurrency !== undefined && this.busy >= reservedConcurrency) return { kind: 'throttled' };
    if (this.busy >= maxEnvironments) await new Promise<void>(resolve => this.line.push(resolve));
    this.busy++;
    try {
      if (this.isStopped) return { kind: 'exit' };
      const environment = await this.environment();
      environment.faults = faults;
      const outcome = await environment.invoke(event, timeoutMs);
      environment.faults = undefined;
      if (environment.isAlive && !this.isStopped) this.rest(environment);
      else this.all.delete(environment);
      return outcome;
    } finally {
      this.busy--;
      this.line.shift()?.();
    }
  }

  /** A release: from now on, some of the new environments run other code. */
  public release(taskRoot: string, isChosen: () => boolean): void {
    this.next = { taskRoot, isChosen };
  }

  /** The processes that run now. */
  public pids(): number[] {
    return [...this.all].filter(environment => environment.isAlive).map(environment => environment.pid);
  }

  public async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.allSettled(this.starting);
    await Promise.all([...this.all].map(environment => environment.stop()));
  }

  private async environment(): Promise<Environment> {
    for (let found = this.idle.pop(); found; found = this.idle.pop()) {
      if (found.isAlive) {
        if (this.options.losesConnections) found.thaw(this.options.losesConnections());
        return found;
      }
      this.all.delete(found);
    }
    this.started++;
    const { taskRoot } = this.next?.isChosen() ? this.next : this.options;
    const start = Environment.start({ ...this.options, taskRoot });
    this.starting.add(start);
    try {
      const environment = await start;
      this.all.add(environment);
      return environment;
    } finally {
      this.starting.delete(start);
    }
  }

  private rest(environment: Environment): void {
    if (this.options.losesConnections) environment.freeze();
    this.idle.push(environment);
  }
}
