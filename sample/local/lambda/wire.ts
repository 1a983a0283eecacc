/** Something on its way from an execution environment to a service. */
export interface Message {
  /** Such as DynamoDB. */
  readonly service: string;
  /** Such as `PutItem Idempotency`. */
  readonly what: string;
}

/**
 * What goes wrong with a message, and when: before the service hears of it, or after it took effect and before the answer.
 * - `kill`: the environment dies;
 * - `cut`: the connection breaks;
 * - `silence`: nothing comes back, until the function's time is over;
 * - `refuse`: the service answers with an error (and did nothing: before only).
 */
export interface Mishap {
  readonly when: 'before' | 'after';
  readonly kind: 'kill' | 'cut' | 'silence' | 'refuse';
}

/** Sees every message before it is forwarded, and may let it go wrong. */
export type Fate = (message: Message) => Mishap | undefined;
