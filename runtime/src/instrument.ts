// Instruments the handlers of a bundle whose code does not change. The library puts this file, bundled, before the code of a handler, so
// it must load in a millisecond: it contains no package, and reads and writes what Powertools would in the same formats.
import type { Context } from 'aws-lambda';
import { writeMetric } from './embedded-metric';
import { watchStreams } from './faults';
import { currentInvocation } from './invocation';
import { type AnyHandler, observe, type ObservationOptions, type ObservationTools } from './observation';
import { openTraceSegment } from './trace-segment';
import { VARIABLES } from './variables';

/** Handlers whose response Lambda streams; their third parameter is the context. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Before the code of the handler, which can keep the function: `const { from } = awslambda.HttpResponseStream`. */
watchStreams();

let isFirst = true;
let isColdStart = false;
/** The function whose cold start is not counted yet: the handler may count it itself by Powertools. */
let uncountedColdStart: string | undefined;
let readsLines = false;

const TOOLS: ObservationTools = {
  begin({ functionName }) {
    readLines();
    isColdStart = isFirst && process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand';
    isFirst = false;
    if (isColdStart) uncountedColdStart = functionName;
  },
  beginInside: () => undefined,
  openSegment: () => openTraceSegment(isColdStart),
  logError: message => console.error(message),
  publish() {
    if (uncountedColdStart === undefined) return;
    const { POWERTOOLS_SERVICE_NAME: service = 'service_undefined' } = process.env;
    writeMetric({ name: 'ColdStart', unit: 'Count', value: 1, dimensions: { service, function_name: uncountedColdStart } });
    uncountedColdStart = undefined;
  },
};

/** The exports of a module, with each handler among them instrumented. */
export function instrument(exported: any, options: ObservationOptions): any {
  if (exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) return exported;
  const known = new Map<string | symbol, { readonly from: unknown; readonly to: unknown }>();
  const valueOf = (key: string | symbol) => { // an export can change, and can be set later than now
    const from = exported[key];
    if (known.get(key)?.from !== from || !known.has(key)) known.set(key, { from, to: instrumentedExport(from, key, options) });
    return known.get(key)!.to;
  };
  // An instance has handlers of its class, and a function can have handlers as properties.
  if (![null, Object.prototype].includes(Object.getPrototypeOf(exported))) {
    return new Proxy(exported, { get: (_, key) => key in Function.prototype || isFixed(exported, key) ? exported[key] : valueOf(key) });
  }
  const instrumented = {};
  for (const key of Reflect.ownKeys(exported)) {
    const enumerable = Object.prototype.propertyIsEnumerable.call(exported, key);
    Object.defineProperty(instrumented, key, { enumerable, get: () => valueOf(key) });
  }
  return instrumented;
}

/** Lambda also looks for a handler in the default export, which is the value of `module.exports` if an ES module contains CommonJS code. */
function instrumentedExport(value: unknown, key: string | symbol, options: ObservationOptions): unknown {
  if (isHandler(value, key)) return observe(value, options, TOOLS);
  return key === 'default' && typeof value === 'object' ? instrument(value, options) : value;
}

/** Whether a proxy must return the property as it is. */
function isFixed(object: object, key: string | symbol): boolean {
  const property = Reflect.getOwnPropertyDescriptor(object, key);
  return property?.configurable === false && property.writable === false;
}

/** A function that is no class, and has no callback: the end of an invocation with a callback is not known. */
function isHandler(value: unknown, name: string | symbol): value is AnyHandler {
  if (typeof value !== 'function' || /^class\b/.test(Function.prototype.toString.call(value))) return false;
  if (value.length < 3 || STREAMING in value) return true;
  if (process.env._HANDLER?.endsWith(`.${String(name)}`)) console.warn(`the handler '${String(name)}' is not instrumented, because it has a callback; return a promise`);
  return false;
}

/**
 * Reads what the handler writes to standard output and standard error. Adds the request id to each log line in JSON that does not contain
 * it, for example of Powertools or winston. Lambda adds it to the lines of `console` itself. Metrics are not changed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
function readLines(): void {
  if (readsLines) return;
  readsLines = true;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = function (this: unknown, chunk: unknown, ...rest: unknown[]): boolean {
      if (countsColdStart(chunk)) uncountedColdStart = undefined;
      return Reflect.apply(write, stream, [typeof chunk === 'string' ? withRequestId(chunk, currentInvocation()?.context) : chunk, ...rest]);
    } as typeof write;
  }
}

/** Whether a line is the metric `ColdStart` of Powertools, in the namespace in which it would be counted a second time. */
function countsColdStart(line: unknown): boolean {
  return uncountedColdStart !== undefined && typeof line === 'string' && line.startsWith('{"_aws":')
    && line.includes('"Name":"ColdStart"') && line.includes(`"Namespace":${JSON.stringify(process.env[VARIABLES.observed.namespace])}`);
}

function withRequestId(line: string, context: Context | undefined): string {
  if (context === undefined || !line.startsWith('{"') || !line.trimEnd().endsWith('}') || line.startsWith('{"_aws":') || line.includes(context.awsRequestId)) return line;
  return `{"requestId":${JSON.stringify(context.awsRequestId)},${line.slice(1)}`;
}
