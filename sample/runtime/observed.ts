import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

export const logger = new Logger();
export const metrics = new Metrics();
export const tracer = new Tracer();

/** A handler as Lambda calls it. */
export type LambdaHandler<E, R> = (event: E, context: Context) => Promise<R>;

/**
 * A handler whose log lines carry the id of the present request and nothing of the last one, whose metrics are written at
 * the end, also of a failed invocation, and which appears in the trace.
 */
export function observed<E, R>(handler: LambdaHandler<E, R>): LambdaHandler<E, R> {
  return async (event, context) => {
    logger.resetKeys();
    logger.addContext(context);
    metrics.captureColdStartMetric();
    const leave = enterTrace();
    try {
      return await handler(event, context);
    } catch (error) {
      tracer.addErrorAsMetadata(error as Error);
      throw error;
    } finally {
      leave();
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

/** A subsegment for the handler, and the way back out of it. */
function enterTrace(): () => void {
  const segment = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (!segment) return () => undefined;
  const subsegment = segment.addNewSubsegment('## handler');
  tracer.setSegment(subsegment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  return () => {
    subsegment.close();
    tracer.setSegment(segment);
  };
}
