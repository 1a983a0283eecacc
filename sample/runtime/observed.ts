import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { publishFaults } from './faults';

export const logger = new Logger();
export const metrics = new Metrics();
export const tracer = new Tracer();

/** A handler as Lambda calls it. */
export type LambdaHandler<E, R> = (event: E, context: Context) => Promise<R>;

/**
 * A handler whose log lines contain the id of the current request and nothing of the previous one, whose metrics are written at
 * the end of each invocation, also a failed one, which has a trace segment, and whose failed responses count in the metric `Faults`.
 */
export function observed<E, R>(handler: LambdaHandler<E, R>): LambdaHandler<E, R> {
  return async (event, context) => {
    logger.resetKeys();
    logger.addContext(context);
    metrics.captureColdStartMetric();
    const leave = enterTrace();
    try {
      const result = await handler(event, context);
      publishFaults(result, context);
      return result;
    } catch (error) {
      tracer.addErrorAsMetadata(error as Error);
      throw error;
    } finally {
      leave();
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

/** Opens a subsegment for the handler, and returns the function that closes it. */
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
