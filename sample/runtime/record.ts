/** DynamoDB stores items of up to 400 KB; Powertools adds a key, a status and two times to the text. */
const MAX_BYTES = 390 * 1_024;

/** The work was done, but its result could not be saved: a repetition does not run it again and has no result. */
export class ResultLostError extends Error {
  public readonly name = 'ResultLostError';
}

/**
 * A result as one text. Powertools saves a result *after* the work was done. A value that DynamoDB cannot store (`undefined` in a field, a
 * `Date`, a class, an empty `Set`, a number beyond the safe ones, more than 400 KB) leaves the record unfinished, and the
 * repetition does the work again. A text can always be saved. The function therefore never throws, and records that a result that is too large or not
 * JSON is lost.
 */
export function toRecord(result: unknown): string {
  const text = textOf(result);
  const bytes = Buffer.byteLength(text);
  return bytes <= MAX_BYTES ? text : lost(`a result must be at most ${MAX_BYTES} bytes to be remembered, got ${bytes}; answer its id instead`);
}

/** The result of the text, for the first call and for each repetition, so that they cannot differ. */
export function fromRecord<R>(text: string): R {
  const { result, lost: reason } = JSON.parse(text) as { result?: R; lost?: string };
  if (reason !== undefined) throw new ResultLostError(reason);
  return result as R;
}

function textOf(result: unknown): string {
  try {
    return JSON.stringify({ result }, plain);
  } catch (error) {
    return lost(`a result must be JSON to be remembered: ${(error as Error).message}`);
  }
}

function lost(reason: string): string {
  return JSON.stringify({ lost: reason });
}

function plain(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value;
}
