import { PayloadTooLargeError } from '../domain/errors';

/** Far more than any payment or notice needs. */
const MAX_BYTES = 64 * 1_024;

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** The unchanged body of a request, for the verification of its signature. */
export async function textOf(request: Request): Promise<string> {
  const text = await request.text();
  if (Buffer.byteLength(text) > MAX_BYTES) throw new PayloadTooLargeError(`the body must be at most ${MAX_BYTES} bytes`);
  return text;
}
