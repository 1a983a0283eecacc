/** A message on its way from an execution environment to a service. */
export interface Message {
  /** The service, for example `DynamoDB`. */
  readonly service: string;
  /** The operation and its subject, for example `PutItem Idempotency`. */
  readonly what: string;
  /** The text of the statement (PostgreSQL only). */
  readonly statement?: string;
}

/**
 * The fault of a message, and when it happens: before the service receives the message, or after the message took effect and
 * before the response.
 * - `kill`: the environment is killed;
 * - `cut`: the connection is closed;
 * - `silence`: no response arrives before the timeout of the function;
 * - `reject`: the service returns an error and did nothing (before only);
 * - `throttle`: the service returns that its throughput was exceeded and did nothing (before only);
 * - `delay`: the message is forwarded after half a second;
 * - `twice`: the service receives the message two times (HTTP only, at PostgreSQL the message passes);
 * - `freeze`: the environment is frozen for 2.5 seconds, and the message is forwarded;
 * - `demote`: a new connection to PostgreSQL leads to a server that only reads (at `connect` only).
 */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly kind: 'kill' | 'cut' | 'silence' | 'reject' | 'throttle' | 'delay' | 'twice' | 'freeze' | 'demote';
}

/** What a fault can do to an execution environment. A proxy before a handler in the process of the test has none. */
export interface ProcessControl {
  /**
   * Kills the process immediately.
   *
   * @default - the connection is closed
   */
  readonly kill?: () => void;
  /**
   * Stops the process for a while.
   *
   * @default - the message is forwarded
   */
  readonly freeze?: () => void;
}

/** Decides on each message before it is forwarded. No fault: `undefined`. */
export type FaultRule = (message: Message) => Fault | undefined;

/** The milliseconds after which a delayed message is forwarded. */
export const DELAY_MS = 500;

/**
 * A rule for one message of an invocation: the nth message that fits.
 *
 * @param place `message`: a part of the service and operation, for example `POST /charges`; every message fits when absent.
 * `nth`: which of the messages that fit, the first when absent.
 */
export function faultAt(fault: Fault, place: { readonly message?: string; readonly nth?: number } = {}): FaultRule {
  let seen = 0;
  return ({ service, what }) => {
    if (!`${service} ${what}`.includes(place.message ?? '')) return undefined;
    return ++seen === (place.nth ?? 1) ? fault : undefined;
  };
}
