/**
 * The number of failures in the result of a handler that Lambda does not count as an error: 1 for a response with a status of 500 or
 * above (payload 1.0 and 2.0, load balancer), and for a batch the number of records that are reported as failed.
 */
export function faultsIn(result: unknown): number {
  if (typeof result !== 'object' || result === null) return 0;
  const { statusCode, batchItemFailures } = result as { statusCode?: unknown; batchItemFailures?: unknown };
  if (Array.isArray(batchItemFailures)) return batchItemFailures.length;
  return Number(statusCode) >= 500 ? 1 : 0;
}

/** The writer of HTTP responses that the Node.js runtime provides for streamed responses. */
interface HttpResponseStream {
  from(stream: object, prelude: { readonly statusCode?: unknown }): unknown;
}

/** The status of each streamed response that has begun. */
const statuses = /* @__PURE__ */ new WeakMap<object, unknown>();
const watched = /* @__PURE__ */ new WeakSet<object>();

/** Reads the status of streamed responses: `awslambda.HttpResponseStream.from` is the only place that states it. */
export function watchStreams(): void {
  const { HttpResponseStream: responses } = (globalThis as { awslambda?: { HttpResponseStream?: HttpResponseStream } }).awslambda ?? {};
  if (!responses || watched.has(responses)) return;
  watched.add(responses);
  const from = responses.from.bind(responses);
  responses.from = (stream, prelude) => {
    statuses.set(stream, prelude?.statusCode);
    return from(stream, prelude);
  };
}

/** 1 if a streamed response has a status of 500 or above. */
export function faultsOfStream(stream: object): number {
  return faultsIn({ statusCode: statuses.get(stream) });
}
