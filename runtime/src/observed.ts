import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { type AnyHandler, isObserved, observe, type ObservationOptions, type ObservationTools } from './observation';
import { logger, metrics } from './powertools';
import { openSegment } from './segment';
import { VARIABLES } from './variables';

export { isObserved };

/** A handler as Lambda calls it. */
export type LambdaHandler<E, R> = (event: E, context: Context) => Promise<R>;

/** A handler that streams its response, for `awslambda.streamifyResponse`. */
export type StreamingHandler<E> = (event: E, stream: Writable, context: Context) => Promise<void>;

/** What `observed` does beside its defaults. */
export interface ObservedOptions extends ObservationOptions {}

/** Powertools: the logger, the metrics and the tracer of this package. */
const POWERTOOLS: ObservationTools = {
  begin(context, event) {
    logger.resetKeys();
    if (process.env.POWERTOOLS_LOGGER_SAMPLE_RATE) logger.refreshSampleRateCalculation(); // it also resets the log level
    logger.addContext(context);
    logger.logEventIfEnabled(event);
    if (process.env[VARIABLES.observed.namespace]) metrics.captureColdStartMetric(context.functionName);
  },
  beginInside(context) {
    logger.addContext(context);
  },
  openSegment,
  logError(message) {
    logger.error(message);
  },
  publish() {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    metrics.clearDimensions();
    metrics.clearMetadata();
  },
};

/**
 * Wraps a handler:
 * - Each line of `logger` contains the request id and the other values of the context, and no key that an earlier request added. The
 *   variables `POWERTOOLS_LOGGER_SAMPLE_RATE` and `POWERTOOLS_LOGGER_LOG_EVENT` apply to each request.
 * - The metric `ColdStart` counts the first invocation of an execution environment.
 * - `metrics` are published at the end of each invocation, also if the handler throws, and shortly before a timeout.
 * - The handler runs in a segment of the trace, which contains its error.
 * - The metric `Faults` counts failures that Lambda does not count, by version: a response with a status of 500 or above, also a
 *   streamed one, and records reported as failed. A request that does not fail writes nothing.
 * - `idempotent`, `Deadline.current` and the databases know the context of the invocation.
 *
 * A handler that is observed already is returned as it is. The handler must be async.
 */
export function observed<E, R>(handler: LambdaHandler<E, R>, options?: ObservedOptions): LambdaHandler<E, R>;
export function observed<E>(handler: StreamingHandler<E>, options?: ObservedOptions): StreamingHandler<E>;
export function observed(handler: AnyHandler, options: ObservedOptions = {}): AnyHandler {
  return observe(handler, options, POWERTOOLS);
}
