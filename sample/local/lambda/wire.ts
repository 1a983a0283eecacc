/** Something on its way from an execution environment to a service. */
export interface Message {
  /** Such as DynamoDB. */
  readonly service: string;
  /** Such as `PutItem Idempotency`. */
  readonly what: string;
}

/**
 * The fault of a message, and when it happens: before the service receives it, or after it took effect and before the response.
 * - `kill`: the environment is killed;
 * - `cut`: the connection is dropped;
 * - `silence`: no response arrives before the function's timeout;
 * - `reject`: the service returns an error (and did nothing: before only);
 * - `throttle`: DynamoDB returns that its throughput was exceeded (and did nothing: before only);
 * - `freeze`: the environment is frozen for a while, and the message is forwarded;
 * - `demote`: a new connection to PostgreSQL leads to a server that only reads (at `connect` only).
 */
export interface Mishap {
  readonly when: 'before' | 'after';
  readonly kind: 'kill' | 'cut' | 'silence' | 'reject' | 'throttle' | 'freeze' | 'demote';
}

/** What a mishap can do to an execution environment. */
export interface Victim {
  /** Ends the environment immediately. */
  readonly kill: () => void;
  /** Stops the environment for a while. */
  readonly freeze: () => void;
}

/** Sees every message before it is forwarded, and may let it go wrong. */
export type Fate = (message: Message) => Mishap | undefined;
