import { isALBEvent, type Router } from '@aws-lambda-powertools/event-handler/http';

/** A response of Powertools in the format of the entrance. */
export type Answer = Awaited<ReturnType<Router['resolve']>>;

/**
 * A load balancer with multi-value headers reads only `multiValueHeaders`, where Powertools 2.35 puts only headers with
 * several values.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer
 */
export function withMultiValueHeaders(event: unknown, result: Answer): Answer {
  if (!isALBEvent(event) || !event.multiValueHeaders) return result;
  const { headers = {}, ...rest } = result as { headers?: Record<string, string>; multiValueHeaders?: Record<string, string[]> };
  const single = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { ...rest, multiValueHeaders: { ...single, ...rest.multiValueHeaders } } as Answer;
}
