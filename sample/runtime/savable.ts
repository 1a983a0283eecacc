/** DynamoDB takes items of 400 KB; Powertools adds its key, its status and two times to the result. */
const MAX_BYTES = 390 * 1_024;

/** The result of a step that must not be repeated is too large to be remembered. */
export class ResultTooLargeError extends Error {
  public readonly name = 'ResultTooLargeError';
}

/**
 * A result as Powertools can save it and answer it again. What DynamoDB can't take (`undefined` in a field, a `Date`, a
 * class, an empty `Set`, a `bigint` beyond the safe numbers) would leave the record unfinished *after* the work was done,
 * and the repetition would do it again. The first call answers this value too, so that it can't differ from the later ones.
 *
 * A result above 390 KB is refused, and the work would be repeated all the same: answer its id and read it by that.
 */
export function savable<T>(result: T): T {
  const text = JSON.stringify(result, plain);
  if (text === undefined) return undefined as T;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) throw new ResultTooLargeError(`a result must be at most ${MAX_BYTES} bytes to be remembered, got ${bytes}; answer its id instead`);
  return JSON.parse(text) as T;
}

function plain(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value;
}
