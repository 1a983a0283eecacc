import { logger } from './powertools';
import { registerExtension } from './shutdown-extension';

/** Closes something, for example a connection. */
export type Close = () => Promise<unknown> | unknown;

/** What makes Lambda send the signal. */
export interface ShutdownOptions {
  /**
   * Registers the process as an internal extension, so that Lambda sends SIGTERM before it ends the execution environment. Without any
   * extension, Lambda ends it without a signal. Call `onShutdown` while the module loads: Lambda accepts extensions during INIT only.
   *
   * @default false: SIGTERM arrives only if the function has an extension, for example the layer of Lambda Insights
   */
  readonly registerExtension?: boolean;
}

/** Lambda gives the runtime 300 ms if the function has an external extension, and 500 ms with an internal one. */
const CLOSE_MILLIS = 250;

/** By name: of two copies of this package, the first one whose functions are done would end the process. */
const CLOSING = Symbol.for('cdk-production-lambda-runtime.closing');

/**
 * Closes something when Lambda shuts an execution environment down, and then ends the process. All functions have 250 ms together.
 *
 * Shutdown does not belong to an invocation, and nothing that must happen belongs here: Lambda sends no signal to a function without an
 * extension, after a crash, or after a timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function onShutdown(close: Close, { registerExtension: register = false }: ShutdownOptions = {}): void {
  const closing = shared();
  if (closing.size === 0) process.once('SIGTERM', () => void shutDown(closing));
  closing.add(close);
  if (register) registerExtension();
}

async function shutDown(closing: ReadonlySet<Close>): Promise<void> {
  const all = [...closing].map(async close => {
    try {
      await close();
    } catch (error) {
      logger.warn('shutdown was not clean', { error: error as Error });
    }
  });
  const timer = new Promise(resolve => setTimeout(resolve, CLOSE_MILLIS));
  await Promise.race([Promise.all(all), timer]);
  process.exit(0);
}

function shared(): Set<Close> {
  const global = globalThis as { [CLOSING]?: Set<Close> };
  return global[CLOSING] ??= new Set();
}
