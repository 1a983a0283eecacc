import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';

/** The logger that `observed` prepares: each line contains the id of the current request. */
export const logger = /* @__PURE__ */ new Logger();

/** The metrics that `observed` publishes at the end of each invocation, also of a failed one. */
export const metrics = /* @__PURE__ */ new Metrics();

/** The tracer in whose segment `observed` runs the handler. Captures AWS SDK clients: `tracer.captureAWSv3Client(client)`. */
export const tracer = /* @__PURE__ */ new Tracer();
