import { type HandlerSegment, NOT_TRACED } from './observation';

/** The part of Lambda's Node.js runtime that knows the trace of an invocation if several run at the same time. */
interface LambdaGlobal {
  readonly awslambda?: { readonly InvokeStore?: { getXRayTraceId?(): string | undefined } };
}

const HEADER = '{"format":"json","version":1}\n';

/**
 * Opens the segment of a handler without an SDK: a document for the X-Ray daemon of the execution environment, with the name and the
 * annotations that Powertools uses. Nothing is opened if X-Ray does not sample the request.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
 */
export function openTraceSegment(isColdStart: boolean): HandlerSegment {
  const { AWS_XRAY_DAEMON_ADDRESS: daemon, _HANDLER: handler = 'handler', POWERTOOLS_SERVICE_NAME: service, POWERTOOLS_TRACE_ENABLED: enabled = '' } = process.env;
  const trace = (globalThis as LambdaGlobal).awslambda?.InvokeStore?.getXRayTraceId?.() ?? process.env._X_AMZN_TRACE_ID ?? '';
  const { Root, Parent, Sampled } = Object.fromEntries(trace.split(';').map(part => part.trim().split('='))) as Partial<Record<string, string>>;
  if (daemon === undefined || Sampled !== '1' || !Root || !Parent || /^(false|0)$/i.test(enabled)) return NOT_TRACED;
  const document: Record<string, unknown> = {
    type: 'subsegment',
    name: `## ${handler}`,
    id: newId(),
    trace_id: Root,
    parent_id: Parent,
    start_time: now(),
    annotations: { ColdStart: isColdStart, ...service ? { Service: service } : {} },
  };
  let isClosed = false;
  return {
    fail: error => Object.assign(document, { fault: true, cause: causeOf(error) }),
    markFault: () => Object.assign(document, { fault: true }),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      send(daemon, HEADER + JSON.stringify({ ...document, end_time: now() }));
    },
  };
}

/** Node.js modules are loaded when they are needed, because most requests are not sampled: the module for random numbers takes milliseconds. */
function newId(): string {
  return process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex');
}

/** In seconds, as X-Ray requires. */
function now(): number {
  return Date.now() / 1000;
}

function causeOf(error: unknown): object {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const frames = (stack ?? '').split('\n').map(line => /^\s+at (?:(.*?) \()?(.*?):(\d+):\d+\)?$/.exec(line)).filter(match => match !== null);
  return {
    working_directory: process.cwd(),
    exceptions: [{
      id: newId(),
      type: name,
      message,
      remote: false,
      stack: frames.map(([, label, path, line]) => ({ path, line: Number(line), label: label ?? 'anonymous' })),
    }],
  };
}

/** One socket for an execution environment. It does not keep the process alive. */
let socket: import('node:dgram').Socket | undefined;

function send(daemon: string, document: string): void {
  const [, address, port] = /(?:udp:)?([^:\s]+):(\d+)/.exec(daemon) ?? [];
  if (address === undefined) return;
  socket ??= process.getBuiltinModule('node:dgram').createSocket('udp4').on('error', () => undefined).unref();
  socket.send(document, Number(port), address, () => undefined); // a trace that is lost is no error of the request
}
