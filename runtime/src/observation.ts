import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { writeMetric } from './embedded-metric';
import { faultsIn, faultsOfStream, watchStreams } from './faults';
import { currentInvocation, runInvocation } from './invocation';

/** A handler of any shape that Lambda calls. */
export type AnyHandler = (event: any, ...rest: any[]) => any;

/** What is done for each invocation of an observed handler. */
export interface ObservationOptions {
  /**
   * Whether the metric `Duration` is published for each invocation, in milliseconds, with the dimensions `FunctionName` and `Outcome`
   * (`Success`, `Fault` or `Error`). CloudWatch bills one custom metric for each outcome.
   *
   * @default false
   */
  readonly duration?: boolean;
}

/** The trace segment of one call of a handler. */
export interface HandlerSegment {
  /** Adds the error of a handler that throws. */
  fail(error: unknown): void;
  /** Marks a response of 500 or above, or a batch with failed records. */
  markFault(): void;
  /** Closes the segment; a second call does nothing. */
  close(): void;
}

/** The logger, the metrics and the tracer of an observed handler. */
export interface ObservationTools {
  /** Prepares log lines and metrics for an invocation. */
  begin(context: Context, event: unknown): void;
  /** Adds the context to log lines again, in a handler that another observed handler calls. */
  beginInside(context: Context): void;
  openSegment(): HandlerSegment;
  logError(message: string): void;
  /** Publishes what was measured, and removes what the invocation has added. */
  publish(): void;
}

export const NOT_TRACED: HandlerSegment = { fail: () => undefined, markFault: () => undefined, close: () => undefined };

/** How an invocation ended: a result, a result that says that the request failed, or an error. */
type Outcome = 'Success' | 'Fault' | 'Error';

/** By name: a bundle may contain two copies of this package. */
const OBSERVED = Symbol.for('cdk-production-lambda-runtime.observed');

/** Before the timeout, there must be time to write the last lines. */
const LAST_LINES_MILLIS = 200;

const NO_CONTEXT = "an observed handler must be called with the context of Lambda, got none with 'getRemainingTimeInMillis'; "
  + "in a test, pass contextOf() of 'cdk-production-lambda-testing'";
const HAS_CALLBACK = 'an observed handler must be async, got one with a callback; return a promise';

/** Wraps a handler, unless it is wrapped already. */
export function observe(handler: AnyHandler, options: ObservationOptions, tools: ObservationTools): AnyHandler {
  if (isObserved(handler)) return handler;
  const wrapped: AnyHandler = async (event: unknown, ...rest: unknown[]) => invoke(handler, options, tools, event, rest);
  // Lambda reads the marks of streaming handlers, and rejects handlers with a callback by their number of parameters.
  Object.assign(wrapped, handler, { [OBSERVED]: true });
  return Object.defineProperty(wrapped, 'length', { value: handler.length, configurable: true });
}

/** Whether a handler is observed, by this or another copy of the package. */
export function isObserved(handler: unknown): boolean {
  return typeof handler === 'function' && OBSERVED in handler;
}

async function invoke(handler: AnyHandler, options: ObservationOptions, tools: ObservationTools, event: unknown, rest: unknown[]): Promise<unknown> {
  const stream = isStream(rest[0]) ? rest[0] : undefined;
  const context = rest[stream ? 1 : 0] as Context | undefined;
  if (typeof context?.getRemainingTimeInMillis !== 'function') throw new Error(NO_CONTEXT);
  const run = async () => {
    const result = handler(event, ...rest);
    // The end of an invocation with a callback is not known.
    if (handler.length > 2 && !stream && typeof result?.then !== 'function') throw new Error(HAS_CALLBACK);
    return result;
  };
  if (currentInvocation()?.context === context) return inside(context, tools, run);
  if (stream) watchStreams();
  return runInvocation({ event, context }, () => measured(event, context, options, tools, async () => {
    const result = await run();
    return { result, faults: stream ? faultsOfStream(stream) : faultsIn(result) };
  }));
}

/** A handler that another observed handler calls: the outer one counts and measures. */
async function inside(context: Context, tools: ObservationTools, run: () => unknown): Promise<unknown> {
  tools.beginInside(context);
  try {
    return await run();
  } finally {
    tools.publish();
  }
}

async function measured(
  event: unknown, context: Context, { duration }: ObservationOptions, tools: ObservationTools,
  run: () => Promise<{ result: unknown; faults: number }>,
): Promise<unknown> {
  tools.begin(context, event);
  const { functionName: FunctionName, functionVersion: ExecutedVersion } = context;
  const started = performance.now();
  const segment = tools.openSegment();
  const timer = setTimeout(() => timeIsOver(segment, tools), Math.max(1, context.getRemainingTimeInMillis() - LAST_LINES_MILLIS)).unref();
  let outcome: Outcome = 'Error';
  try {
    const { result, faults } = await run();
    outcome = faults > 0 ? 'Fault' : 'Success';
    if (faults > 0) {
      segment.markFault();
      writeMetric({ name: 'Faults', unit: 'Count', value: faults, dimensions: { FunctionName, ExecutedVersion } });
    }
    return result;
  } catch (error) {
    segment.fail(error);
    throw error;
  } finally {
    clearTimeout(timer);
    segment.close();
    tools.publish();
    if (duration) writeMetric({ name: 'Duration', unit: 'Milliseconds', value: performance.now() - started, dimensions: { FunctionName, Outcome: outcome } });
  }
}

/** Lambda ends the process at the timeout, and what is not written by then is lost. */
function timeIsOver(segment: HandlerSegment, tools: ObservationTools): void {
  const error = new Error(`the invocation has not ended ${LAST_LINES_MILLIS} ms before its timeout`);
  tools.logError(error.message);
  segment.fail(error);
  segment.close();
  tools.publish();
}

function isStream(value: unknown): value is Writable {
  return typeof (value as Writable | undefined)?.write === 'function';
}
