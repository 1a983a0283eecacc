/** How an `await…` function waits. */
export interface WaitOptions {
  /**
   * The seconds after which it throws.
   *
   * @default 60
   */
  readonly timeoutSeconds?: number;
  /**
   * The milliseconds between the first two attempts. They double until five seconds.
   *
   * @default 200
   */
  readonly intervalMillis?: number;
}

const INTERVAL_MAX = 5_000;

/**
 * Calls `find` with growing pauses until it returns a value.
 *
 * @param what What is awaited, for the error
 * @param find Returns the value, or undefined; `seen` is for the error, what it found instead
 */
export async function awaitValue<T>(
  what: string, find: (seen: (text: string) => void) => Promise<T | undefined>, options: WaitOptions = {},
): Promise<T> {
  const { timeoutSeconds = 60, intervalMillis = 200 } = options;
  const end = Date.now() + timeoutSeconds * 1_000;
  let last = 'nothing';
  for (let attempt = 0; ; attempt++) {
    const found = await find(text => { last = text; }).catch((error: Error) => {
      if (Date.now() > end) throw new Error(`waited ${timeoutSeconds} s for ${what}, the last attempt failed: ${error.message}`, { cause: error });
      last = `the error ${error.message}`;
      return undefined;
    });
    if (found !== undefined) return found;
    const pause = Math.min(intervalMillis * 2 ** attempt, INTERVAL_MAX, Math.max(0, end - Date.now()));
    if (Date.now() >= end) throw new Error(`waited ${timeoutSeconds} s for ${what}, got ${last} after ${attempt + 1} attempts`);
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}
