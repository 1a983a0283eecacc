import { OwnError } from './own-error';

/** Another invocation is doing the same work, or its effect may still come. The request can be repeated later. */
export class InProgressError extends OwnError {
  public readonly name = 'InProgressError';
}

/** The key was used for another payload. */
export class KeyReusedError extends OwnError {
  public readonly name = 'KeyReusedError';
}

/** The work was done, but its result is not available: a repetition does not do it again. */
export class ResultLostError extends OwnError {
  public readonly name = 'ResultLostError';
}

/** The event has no idempotency key, or a part of the key is empty. No work was done. */
export class MissingKeyError extends OwnError {
  public readonly name = 'MissingKeyError';
}
