import { type HandlerSegment, NOT_TRACED } from './observation';
import { tracer } from './powertools';

/** Opens the segment of a handler, with the name that Powertools uses. */
export function openSegment(): HandlerSegment {
  const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
  if (!parent) return NOT_TRACED;
  const segment = parent.addNewSubsegment(`## ${process.env._HANDLER ?? 'handler'}`);
  tracer.setSegment(segment);
  tracer.annotateColdStart();
  tracer.addServiceNameAnnotation();
  return {
    fail: error => tracer.addErrorAsMetadata(error instanceof Error ? error : new Error(String(error))), // the SDK takes no other values
    markFault: () => segment.addFaultFlag(),
    close: () => {
      if (segment.isClosed()) return;
      segment.close();
      tracer.setSegment(parent);
    },
  };
}
