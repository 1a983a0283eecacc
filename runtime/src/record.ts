import { ResultLostError } from './idempotency-errors';

/** DynamoDB stores items of up to 400 KB; Powertools adds a key, a status and two times to the text. */
const MAX_BYTES = 390 * 1_024;

/**
 * The format of a saved result. Both versions of a canary release read each other's records: a release of this package reads a new
 * format before a later one writes it, and readers ignore fields that they do not know.
 */
const FORMAT = 1;

interface SavedResult {
  readonly v?: number;
  readonly result?: unknown;
  /** Why there is no result. */
  readonly lost?: string;
}

/**
 * A result as one text. Powertools saves a result *after* the work was done. A value that DynamoDB cannot store (`undefined` in a field, a
 * `Date`, a class, an empty `Set`, a number beyond the safe ones, more than 400 KB) leaves the record unfinished, and a repetition does the
 * work again. A text can always be saved. Therefore this function never throws: a result that is too large or not JSON is recorded as lost.
 */
export function toRecord(result: unknown): string {
  const text = textOf(result);
  const bytes = Buffer.byteLength(text);
  return bytes <= MAX_BYTES ? text : lost(`a result must be at most ${MAX_BYTES} bytes to be saved, got ${bytes}; return its id instead`);
}

/** The result of a text, for the first call and for each repetition, so that they cannot differ. */
export function fromRecord<R>(text: string): R {
  const { v = 0, result, lost: reason } = parsed(text);
  if (v > FORMAT) throw new ResultLostError(`the result was saved in format ${v}, and this version reads formats up to ${FORMAT}`);
  if (reason !== undefined) throw new ResultLostError(reason);
  return result as R;
}

function parsed(text: unknown): SavedResult {
  try {
    const saved = JSON.parse(text as string) as SavedResult | null;
    if (typeof saved === 'object' && saved !== null) return saved;
  } catch {
    // Not a text of this package.
  }
  return { lost: 'the record was not written by cdk-production-lambda-runtime' };
}

function textOf(result: unknown): string {
  try {
    return JSON.stringify({ v: FORMAT, result }, plain);
  } catch (error) {
    return lost(`a result must be JSON to be saved: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function lost(reason: string): string {
  return JSON.stringify({ v: FORMAT, lost: reason });
}

function plain(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value;
}
